"""First payout, as the consumer and the shop see it. Each act is one call; what was typed is never lost."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediation.forms.claims import ClaimForm, ObjectionForm, PayeeForm, Versioned, WithdrawForm
from mediation.models import Agreement, Claim
from mediation.payout_rules import terms, tracks
from mediation.selectors import claim_pages
from mediation.selectors import claims as selectors
from mediation.services import claims as services
from mediation.services import payees, payouts
from portal.kernel import access, money
from portal.kernel.errors import Refused, into

UNPROCESSABLE = 422


@access.citizen
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Apply on an agreement that the shop did not keep; an application that lives is shown instead."""
    agreement = selectors.claimable_agreement(who=request.user, public_id=public_id)
    living = selectors.live_claim_on(agreement)
    if living is not None:
        return redirect("mediation:claim", living.public_id)
    fund = selectors.the_fund()
    asked = {"amount": money.yuan(agreement.amount_fen).replace(",", "")}
    form = ClaimForm(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_valid():
        try:
            return redirect("mediation:claim", _applied(request, form, agreement, fund.pk).public_id)
        except Refused as refused:
            for problem in _problems(request, form, agreement) or [refused]:
                into(form, problem)
    context = {
        "nav": "mine",
        "form": form,
        "agreement": agreement,
        "fund": fund,
        "terms": terms(),
        "tracks": tracks(),
    }
    return render(request, "mediation/claim_apply.html", context, status=UNPROCESSABLE if form.errors else 200)


def _applied(request: HttpRequest, form: ClaimForm, agreement: Agreement, fund_id: int) -> Claim:
    said = form.cleaned_data
    return services.apply(
        agreement_id=agreement.pk,
        fund_id=fund_id,
        amount_fen=money.fen_from_yuan(said["amount"]),
        payee_name=said["payee_name"],
        payee_account=said["payee_account"],
        has_no_other_compensation=said["has_no_other_compensation"],
        assigns_the_claim=said["assigns_the_claim"],
        who=request.user,
    )


def _problems(request: HttpRequest, form: ClaimForm, agreement: Agreement) -> list[Refused]:
    said = dict(form.cleaned_data)
    unread, fen = [], None
    try:
        fen = money.fen_from_yuan(said.pop("amount"))
    except Refused as refused:
        unread.append(refused)
    who = access.require_person(request.user)
    return [*unread, *services.problems(agreement=agreement, amount_fen=fen, who=who, **said)]


@access.signed_in
@never_cache
@require_safe
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a claim stands: whose turn, by when. The fund's people are shown to their desk."""
    if claim_pages.is_fund_staff(request.user):
        return redirect("mediation:desk_claim", public_id)
    return _page(request, public_id)


def _page(request: HttpRequest, public_id: str, *, status: int = 200, **filled: Any) -> HttpResponse:
    page = claim_pages.page_open_to(who=request.user, public_id=public_id)
    version = {"version": page.claim.version}
    context = {
        "nav": page.nav,
        "page": page,
        "claim": page.claim,
        "payee": payees.payee_of(page.claim).masked if page.is_own else "",
        "payee_form": PayeeForm(initial=version, prefix="payee"),
        "withdraw_form": WithdrawForm(initial=version, prefix="withdraw"),
        "objection_form": ObjectionForm(prefix="object"),
        "form": next(iter(filled.values()), None),
        **filled,
    }
    return render(request, "mediation/claim.html", context, status=status)


def _act(
    request: HttpRequest,
    public_id: str,
    name: str,
    form: forms.Form,
    act: Callable[[Claim, dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    claim = selectors.claim_open_to(who=request.user, public_id=public_id)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            act(claim, form.cleaned_data)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                raise
            into(form, refused)
            status = UNPROCESSABLE if refused.field else refused.status
        else:
            messages.success(request, done)
            return redirect("mediation:claim", public_id)
    if isinstance(form, Versioned):
        form.renew(selectors.claim_open_to(who=request.user, public_id=public_id).version)
    return _page(request, public_id, status=status, **{f"{name}_form": form})


@access.party
@require_POST
def claim_object(request: HttpRequest, public_id: str) -> HttpResponse:
    """The shop objects while the money is frozen."""
    form = ObjectionForm(request.POST, prefix="object")

    def act(claim: Claim, said: dict[str, Any]) -> None:
        payouts.object_to(claim_id=claim.pk, who=request.user, **said)

    return _act(request, public_id, "objection", form, act, _("意见已经交给审批人。"))


@access.citizen
@require_POST
def claim_payee(request: HttpRequest, public_id: str) -> HttpResponse:
    """The consumer corrects the account after a bank return."""
    form = PayeeForm(request.POST, prefix="payee")

    def act(claim: Claim, said: dict[str, Any]) -> None:
        services.correct_payee(claim_id=claim.pk, who=request.user, **said)

    return _act(request, public_id, "payee", form, act, _("账户已经更正，马上再付一次。"))


@access.citizen
@require_POST
def claim_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """The consumer takes the claim back."""
    form = WithdrawForm(request.POST, prefix="withdraw")

    def act(claim: Claim, said: dict[str, Any]) -> None:
        services.withdraw(claim_id=claim.pk, who=request.user, **said)

    return _act(request, public_id, "withdraw", form, act, _("已经撤回。"))
