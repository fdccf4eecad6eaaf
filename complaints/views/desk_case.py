"""The desk's page of one case, and what can be done from it. Each act is one call; what was typed is never lost."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from complaints.access import BUREAU_ROLES, CASE_ROLES, HUB_ROLES
from complaints.filing_rules import ID_TYPES
from complaints.forms.desk import (
    CloseForm,
    DecideForm,
    DispatchForm,
    LeadForm,
    MaterialForm,
    ReasonForm,
    RevealForm,
    ReviewForm,
    ServiceForm,
    TransferForm,
    Versioned,
)
from complaints.models import Case
from complaints.selectors.case_page import case_page
from complaints.selectors.cases import case_open_to, cases_open_to
from complaints.selectors.desk import proposal_open_to
from complaints.services import closing, decisions, entry, identities, leads, materials, triage
from portal.kernel import access
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.models import User

SHOWN_SECONDS = 300

at_the_desk = access.staff(*CASE_ROLES)
at_the_hub = access.staff(*HUB_ROLES)
at_the_bureau = access.staff(*BUREAU_ROLES)


@at_the_desk
@require_GET
@never_cache
def desk_case(request: HttpRequest, public_id: str) -> HttpResponse:
    """A case with its clocks, both sides, its story and what may be decided now."""
    return _page(request, _case(request, public_id))


def _who(request: HttpRequest) -> User:
    return access.require_person(request.user)


def _case(request: HttpRequest, public_id: str) -> Case:
    return case_open_to(who=request.user, public_id=public_id)


def _page(request: HttpRequest, case: Case, *, status: int = 200, **filled: Any) -> HttpResponse:
    version = {"version": case.version}
    page = case_page(case, _who(request))
    proposed = page.suggestion.unit if page.suggestion else None
    is_elsewhere = page.suggestion is not None and page.suggestion.is_elsewhere
    first = {**version, "unit": proposed.public_id if proposed else "", "reason": _suggested(page)}
    context = {
        "page": page,
        "case": case,
        "consumer": identities.masked(case),
        "dispatch_form": DispatchForm(initial=first, prefix="dispatch"),
        "transfer_form": TransferForm(initial=first if is_elsewhere else version, prefix="transfer"),
        "decide_form": DecideForm(initial=version, prefix="decide"),
        "review_form": ReviewForm(initial=version, prefix="review"),
        "service_form": ServiceForm(initial=version, prefix="serve"),
        "close_form": CloseForm(initial=version, prefix="close"),
        "withdraw_form": ReasonForm(initial=version, prefix="withdraw"),
        "claim_form": Versioned(initial=version, prefix="claim"),
        "material_form": MaterialForm(initial=version, prefix="material"),
        "lead_form": LeadForm(prefix="lead"),
        "reveal_form": RevealForm(prefix="reveal"),
        "form": next(iter(filled.values()), None),
        **filled,
    }
    return render(request, "complaints/desk/case.html", context, status=status)


def _suggested(page: Any) -> str:
    rule = page.suggestion.rule if page.suggestion else None
    return str(rule.reason) if rule else ""


def _back_to(request: HttpRequest, case: Case) -> HttpResponse:
    is_open = cases_open_to(request.user).filter(pk=case.pk).exists()
    return redirect("complaints:desk_case", case.public_id) if is_open else redirect("complaints:desk")


def _act(
    request: HttpRequest,
    public_id: str,
    name: str,
    form_class: type[forms.Form],
    act: Callable[[Case, dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    case = _case(request, public_id)
    form = form_class(request.POST, request.FILES, prefix=name)
    status = 422
    if form.is_valid():
        try:
            act(case, form.cleaned_data)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                raise
            into(form, refused)
            status = refused.status
            case = _case(request, public_id)
        else:
            messages.success(request, done)
            return _back_to(request, case)
    if isinstance(form, Versioned):
        form.renew(case.version)
    return _page(request, case, status=status, **{f"{name}_form": form})


@access.staff(Role.DISPATCHER)
@require_POST
def desk_dispatch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a case to the competent bureau."""

    def act(case: Case, said: dict[str, Any]) -> None:
        triage.dispatch(
            case_id=case.pk, unit_id=said["unit"].pk, reason=said["reason"], who=request.user, version=said["version"]
        )

    return _act(request, public_id, "dispatch", DispatchForm, act, _("已分送，受理期限从今天起算。"))


@access.staff(Role.DISPATCHER)
@require_POST
def desk_transfer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand a case to another department."""

    def act(case: Case, said: dict[str, Any]) -> None:
        triage.transfer_out(
            case_id=case.pk,
            to_unit_id=said["unit"].pk,
            reason=said["reason"],
            who=request.user,
            version=said["version"],
        )

    done = _("已移送，移送函正在制作。留了联系方式的消费者会收到通知。")
    return _act(request, public_id, "transfer", TransferForm, act, done)


@at_the_hub
@require_POST
def desk_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down that the consumer of an incomplete order gives it up."""

    def act(case: Case, said: dict[str, Any]) -> None:
        entry.withdraw_incomplete(case_id=case.pk, who=request.user, **said)

    return _act(request, public_id, "withdraw", ReasonForm, act, _("已记下消费者放弃，工单结束。"))


@access.staff(Role.OFFICER)
@require_POST
def desk_claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an unclaimed case on."""

    def act(case: Case, said: dict[str, Any]) -> None:
        decisions.claim_case(case_id=case.pk, who=request.user, **said)

    return _act(request, public_id, "claim", Versioned, act, _("已认领，这件由您承办。"))


@access.staff(Role.OFFICER)
@require_POST
def desk_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept, propose to decline, or give back to the hub."""

    def act(case: Case, said: dict[str, Any]) -> None:
        decisions.decide(case_id=case.pk, who=request.user, **said)

    done = {
        decisions.ACCEPT: _("已受理，决定书正在制作，双方都会收到通知。"),
        decisions.REJECT: _("已建议不予受理，等审核人决定。"),
        decisions.RETURN: _("已退回受理中心，由它另行分送。"),
    }
    return _act(request, public_id, "decide", DecideForm, act, done.get(request.POST.get("decide-decision", ""), ""))


@access.staff(Role.REVIEWER)
@require_POST
def desk_review(request: HttpRequest, public_id: str, proposal_id: str) -> HttpResponse:
    """Approve a proposal or send it back."""
    proposal = proposal_open_to(who=_who(request), public_id=proposal_id)

    def act(_case: Case, said: dict[str, Any]) -> None:
        decisions.review(proposal_id=proposal.pk, who=request.user, **said)

    return _act(request, public_id, "review", ReviewForm, act, _("审核意见已经记下。"))


@access.staff(Role.OFFICER, Role.MEDIATOR)
@require_POST
def desk_serve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down how one side was told of the termination."""

    def act(case: Case, said: dict[str, Any]) -> None:
        closing.record_service(case_id=case.pk, who=request.user, **said)

    return _act(request, public_id, "serve", ServiceForm, act, _("已记下告知情况。"))


@access.staff(Role.OFFICER)
@require_POST
def desk_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a decided case."""

    def act(case: Case, said: dict[str, Any]) -> None:
        closing.close(
            case_id=case.pk,
            who=request.user,
            version=said["version"],
            lead_checked=bool(said["lead"]),
            lead_facts=said["lead_facts"],
        )

    return _act(request, public_id, "close", CloseForm, act, _("已办结。"))


@at_the_desk
@require_POST
def desk_material(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put words or a file on the case for somebody."""

    def act(case: Case, said: dict[str, Any]) -> None:
        materials.add_material(case_id=case.pk, who=request.user, **said)

    return _act(request, public_id, "material", MaterialForm, act, _("已经登记在案卷里。"))


@access.staff(Role.OFFICER, Role.MEDIATOR)
@require_POST
def desk_lead(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand a sign of a breach to the enforcement people."""

    def act(case: Case, said: dict[str, Any]) -> None:
        leads.found(case_id=case.pk, facts=said["lead_facts"], who=request.user)

    return _act(request, public_id, "lead", LeadForm, act, _("线索已经转给执法人员，案卷里不留记录。"))


@at_the_desk
@require_POST
@never_cache
def desk_reveal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a consumer's identity once, for a purpose; the page empties itself after five minutes."""
    form = RevealForm(request.POST, prefix="reveal")
    try:
        purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
        identity = identities.reveal(public_id=public_id, who=request.user, purpose=purpose)
    except Refused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise
        into(form, refused)
        return _page(request, _case(request, public_id), status=refused.status, reveal_form=form)
    case = _case(request, public_id)
    context = {"case": case, "identity": identity, "id_type": ID_TYPES.get(identity.id_type, "")}
    response = render(request, "complaints/desk/identity.html", context)
    back = reverse("complaints:desk_case", args=[case.public_id])
    response.headers["Refresh"] = f"{SHOWN_SECONDS}; url={back}"
    return response
