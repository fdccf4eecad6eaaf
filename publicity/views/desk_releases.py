"""The release desk: freeze a month, have it signed by a second person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.kernel import access
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from publicity.forms.disclosures import MonthForm
from publicity.selectors import releases as selectors
from publicity.services import releases as services
from publicity.views.release_page import ReleasePage

makers = access.staff(Role.ANALYST, Role.STATISTICS_APPROVER)


def _list(request: HttpRequest, form: MonthForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "releases": selectors.at_the_desk(request.user)}
    return render(request, "publicity/desk/releases.html", context, status=status)


@makers
@require_GET
def desk_releases(request: HttpRequest) -> HttpResponse:
    """All months, drafts first, and the form that freezes one."""
    return _list(request, MonthForm())


@access.staff(Role.ANALYST)
@require_http_methods(["POST"])
def desk_compute(request: HttpRequest) -> HttpResponse:
    """Freeze a month as a draft."""
    form = MonthForm(request.POST)
    if form.is_valid():
        try:
            made = services.compute(who=request.user, **form.cleaned_data)
            return redirect("publicity:desk_release", made.public_id)
        except Refused as refused:
            into(form, refused)
    return _list(request, form, status=422)


@makers
@require_GET
def desk_release(request: HttpRequest, public_id: str) -> HttpResponse:
    """A release exactly as the public would read it, before it is signed."""
    found = selectors.desk_release(who=request.user, public_id=public_id)
    return render(request, "publicity/desk/release.html", {"release": found, "shown": ReleasePage.of(found)})


@access.staff(Role.STATISTICS_APPROVER)
@require_POST
def desk_sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign and publish."""
    found = selectors.desk_release(who=request.user, public_id=public_id)
    services.sign(release_id=found.pk, who=request.user)
    return redirect("publicity:desk_release", public_id)
