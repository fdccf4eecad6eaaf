"""The release desk: freeze a month, have it signed by a second person."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import access, clock
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.models import User
from publicity.forms.disclosures import MonthForm, SignForm
from publicity.models import Release
from publicity.selectors import releases as selectors
from publicity.services import releases as services
from publicity.services.release_tables import first_of, months_back
from publicity.views.release_page import ReleasePage

makers = access.staff(Role.ANALYST, Role.STATISTICS_APPROVER)


def _last_month() -> date:
    return months_back(first_of(clock.today()), 1)


def _list(request: HttpRequest, form: MonthForm, status: int = HTTPStatus.OK) -> HttpResponse:
    who = request.user
    context = {
        "form": form,
        "releases": selectors.at_the_desk(who),
        "may_freeze": isinstance(who, User) and Role.ANALYST in who.roles,
        "due": selectors.first_missing(who, upto=_last_month()),
    }
    return render(request, "publicity/desk/releases.html", context, status=status)


@makers
@require_safe
def desk_releases(request: HttpRequest) -> HttpResponse:
    """All months, the newest first, and the form that freezes one."""
    month = selectors.first_missing(request.user, upto=_last_month())
    return _list(request, MonthForm(initial={"month": f"{month:%Y-%m}"} if month else {}))


@access.staff(Role.ANALYST)
@require_POST
def desk_compute(request: HttpRequest) -> HttpResponse:
    """Freeze a month as a draft."""
    form = MonthForm(request.POST)
    if form.is_valid():
        try:
            made = services.compute(who=request.user, **form.cleaned_data)
            return redirect("publicity:desk_release", made.public_id)
        except Refused as refused:
            into(form, refused)
    return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: HttpRequest, found: Release, form: SignForm, why: Sequence[str] = (), status: int = HTTPStatus.OK
) -> HttpResponse:
    who = request.user
    context = {
        "release": found,
        "shown": ReleasePage.of(found),
        "form": form,
        "why": why,
        "is_maker": who.pk == found.made_by_id,
        "may_sign": isinstance(who, User) and Role.STATISTICS_APPROVER in who.roles,
    }
    return render(request, "publicity/desk/release.html", context, status=status)


@makers
@require_safe
def desk_release(request: HttpRequest, public_id: str) -> HttpResponse:
    """A release exactly as the public would read it, before it is signed."""
    found = selectors.desk_release(who=request.user, public_id=public_id)
    return _page(request, found, SignForm(initial={"sha256": found.sha256}))


@access.staff(Role.STATISTICS_APPROVER)
@require_POST
def desk_sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign and publish what was shown."""
    found = selectors.desk_release(who=request.user, public_id=public_id)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            services.sign(release_id=found.pk, who=request.user, sha256=form.cleaned_data["sha256"])
            return redirect("publicity:desk_release", public_id)
        except Refused as refused:
            into(form, refused)
            found.refresh_from_db()
    again = SignForm(initial={"sha256": found.sha256})
    return _page(
        request, found, again, [str(error) for error in form.non_field_errors()], status=HTTPStatus.UNPROCESSABLE_ENTITY
    )
