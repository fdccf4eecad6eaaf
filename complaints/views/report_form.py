"""Report 举报: one shorter page, anonymous if wanted, never tied to an account."""

import secrets
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.forms.report import ReportForm
from complaints.services.reports import ReportFiling, receive_report
from complaints.views.filing import refuse_automatic
from portal.kernel import access, files, throttle
from portal.kernel.errors import Refused, into
from portal.kernel.models import Upload

AN_HOUR = 3600
KEPT = "complaints.report.kept"
NOBODY = AnonymousUser()


def _kept(request: HttpRequest) -> list[str]:
    try:
        ids = signing.loads(request.POST.get("kept", ""), salt=KEPT, max_age=24 * AN_HOUR)
    except signing.BadSignature:
        return []
    return [str(public_id) for public_id in ids]


def _take_files(request: HttpRequest, form: ReportForm) -> list[str]:
    kept = _kept(request)
    for uploaded in request.FILES.getlist("upload_ids"):
        try:
            if len(kept) >= files.MOST_PER_OWNER:
                raise Refused("file_too_many", _("最多传 10 个文件。"), field="upload_ids", status=422)
            kept.append(files.accept(uploaded, owner=None, who=NOBODY, field="upload_ids").public_id)
        except Refused as refused:
            into(form, refused)
    return kept


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; once sent, number and receipt code, which are shown this one time only.

    Whoever is signed in is treated like everybody else: a report never hangs on an account.
    """
    if request.method != "POST":
        return _show(request, ReportForm(initial={"key": secrets.token_urlsafe(24)}), [])
    refuse_automatic(request)
    throttle.check(request, "report.file", limit=30, seconds=AN_HOUR)
    form = ReportForm(request.POST)
    kept = _take_files(request, form)
    if form.is_valid() and "more" not in request.POST:
        told = {name: form.cleaned_data[name] for name in form.fields if name not in ("key", "kept")}
        try:
            received = receive_report(
                filing=ReportFiling(**told, upload_ids=tuple(kept)), who=NOBODY, key=form.cleaned_data["key"]
            )
        except Refused as refused:
            into(form, refused)
        else:
            return render(request, "complaints/report_done.html", {"received": received, "nav": "home"})
    return _show(request, form, kept)


def _show(request: HttpRequest, form: ReportForm, kept: list[str]) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "kept": signing.dumps(kept, salt=KEPT) if kept else "",
        "files": list(Upload.objects.filter(public_id__in=kept, owner_label="").order_by("received_at")),
        "nav": "home",
    }
    return render(request, "complaints/report.html", context, status=422 if form.errors else 200)
