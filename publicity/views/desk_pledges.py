"""The scheme office's desk: check, approve, refuse, suspend, restore, delist."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import access, regions
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from publicity.access import SCHEME_ROLES
from publicity.forms.shops import DelistForm, ReasonForm, StepForm
from publicity.models import Pledge
from publicity.selectors import badges, shop_record
from publicity.selectors import pledges as selectors
from publicity.selectors.shops import place_of
from publicity.services import pledges as services

office = access.staff(*SCHEME_ROLES)
officers = access.staff(Role.SCHEME_OFFICER)
approvers = access.staff(Role.SCHEME_APPROVER)
SHOWN = 100


@office
@require_safe
def desk_pledges(request: HttpRequest) -> HttpResponse:
    """What waits for this person, then the roll with everything that left it."""
    state = request.GET.get("state", "")
    state = state if state in Pledge.State.values else ""
    context = {
        "waiting": selectors.waiting(request.user),
        "pledges": selectors.listed(request.user, state=state)[:SHOWN],
        "state": state,
        "states": [
            (value, label)
            for value, label in Pledge.State.choices
            if value not in (Pledge.State.SUBMITTED, Pledge.State.CHECKED)
        ],
        "districts": {row.code: row.label for row in regions.city().districts},
    }
    return render(request, "publicity/desk/pledges.html", context)


def _page(request: HttpRequest, pledge: Pledge, *, status: int = 200, **forms: Any) -> HttpResponse:
    version = {"version": pledge.version}
    context = {
        "pledge": pledge,
        "shop": pledge.shop,
        "commitments": badges.lines_of(pledge.commitments),
        "place": place_of(pledge.shop),
        "trade": next((row.label for row in regions.city().trades if row.code == pledge.shop.trade), ""),
        "record": shop_record.record_of_shop(who=request.user, shop=pledge.shop),
        "earlier": selectors.history_of(pledge.shop),
        "steps": selectors.steps_of(pledge),
        "roles": {str(role) for role in getattr(request.user, "roles", ())},
        "is_checker": pledge.checked_by_id == request.user.pk,
        "step_form": StepForm(initial=version, prefix=None),
        "reason_form": ReasonForm(initial=version, auto_id="reason_%s"),
        "delist_form": DelistForm(initial=version, auto_id="delist_%s"),
        **forms,
    }
    return render(request, "publicity/desk/pledge.html", context, status=status)


@office
@require_safe
def desk_pledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """One pledge: what the shop promises, what the register knows of it, and what this person may do."""
    return _page(request, selectors.desk_pledge(who=request.user, public_id=public_id))


def _act(
    request: HttpRequest, public_id: str, form: StepForm, act: Callable[..., Pledge], *, shown_as: str, done: str
) -> HttpResponse:
    pledge = selectors.desk_pledge(who=request.user, public_id=public_id)
    if form.is_valid():
        try:
            act(pledge_id=pledge.pk, who=request.user, **form.cleaned_data)
        except Refused as refused:
            if refused.status != 409 and refused.field is None:
                raise
            into(form, refused)
            pledge.refresh_from_db()
            form.take_version(pledge.version)
        else:
            messages.success(request, done)
            return redirect("publicity:desk_pledge", public_id)
    return _page(request, pledge, status=422, **{shown_as: form})


@officers
@require_POST
def desk_pledge_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """The application is in order."""
    form = StepForm(request.POST)
    return _act(request, public_id, form, services.check, shown_as="step_form", done=_("已初核，等另一人批准。"))


@approvers
@require_POST
def desk_pledge_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Onto the roll."""
    form = StepForm(request.POST)
    return _act(request, public_id, form, services.approve, shown_as="step_form", done=_("已列入名录，牌号已生成。"))


@office
@require_POST
def desk_pledge_refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Not onto the roll."""
    form = ReasonForm(request.POST, auto_id="reason_%s")
    return _act(request, public_id, form, services.refuse, shown_as="reason_form", done=_("已告知商家没有批准。"))


@office
@require_POST
def desk_pledge_suspend(request: HttpRequest, public_id: str) -> HttpResponse:
    """The plate may not be used for now."""
    form = ReasonForm(request.POST, auto_id="reason_%s")
    return _act(request, public_id, form, services.suspend, shown_as="reason_form", done=_("牌子已暂停使用。"))


@approvers
@require_POST
def desk_pledge_restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """The plate may be used again."""
    form = StepForm(request.POST)
    return _act(request, public_id, form, services.restore, shown_as="step_form", done=_("牌子已恢复。"))


@approvers
@require_POST
def desk_pledge_delist(request: HttpRequest, public_id: str) -> HttpResponse:
    """Off the roll."""
    form = DelistForm(request.POST, auto_id="delist_%s")
    return _act(request, public_id, form, services.delist, shown_as="delist_form", done=_("已摘牌，公开页面已更新。"))
