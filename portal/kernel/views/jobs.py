"""The administrator's desk: work that failed too often, to be owed again or discarded."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import access
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.jobs import given_up as work
from portal.kernel.models import Job

admins = access.staff(Role.ADMIN)


class DiscardForm(forms.Form):
    """Why a job is not done any more."""

    reason = forms.ChoiceField(
        label=_("不再办的原因"),
        choices=[("", _("请选择")), *Job.Discarded.choices],
        error_messages={"required": _("请选不再办的原因。"), "invalid_choice": _("请从列表里选。")},
    )


def _page(request: HttpRequest, *, status: int = 200, form: forms.Form | None = None, of: str = "") -> HttpResponse:
    page = work.page_of(who=request.user, after=request.GET.get("after", "")[:40])
    context = {"page": page, "form": form or DiscardForm(auto_id=False), "of": of}
    return render(request, "kernel/desk/jobs.html", context, status=status)


@admins
@require_safe
def given_up(request: HttpRequest) -> HttpResponse:
    """What waits for the administrator, the newest first."""
    return _page(request)


@admins
@require_POST
def retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Owe one job again."""
    work.retry(public_id=public_id, who=request.user)
    messages.success(request, _("已重新排上，马上会再办一次。"))
    return redirect("kernel:jobs")


@admins
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Owe every job of one kind again."""
    count = work.retry_all(name=request.POST.get("name", "")[:60], who=request.user)
    messages.success(request, ngettext("已重新排上 %(n)d 条。", "已重新排上 %(n)d 条。", count) % {"n": count})
    return redirect("kernel:jobs")


@admins
@require_POST
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give one job up for good, for a reason."""
    form = DiscardForm(request.POST, auto_id=False)
    if not form.is_valid():
        return _page(request, status=422, form=form, of=public_id)
    try:
        work.discard(public_id=public_id, reason=form.cleaned_data["reason"], who=request.user)
    except Refused as refused:
        if refused.field is None:
            raise
        into(form, refused)
        return _page(request, status=422, form=form, of=public_id)
    messages.success(request, _("已记下，不再办这一条。"))
    return redirect("kernel:jobs")
