"""First payout at the fund's desk: check, freeze, decide, ask the bank, write down and book what comes in."""

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

from mediation.forms.claims import ReceiptForm, RefuseForm, RevealForm, Versioned
from mediation.models import Claim, Voucher
from mediation.payout_rules import FUND_ROLES, terms
from mediation.selectors import claims as selectors
from mediation.selectors import desk_claims as desk
from mediation.services import payees, payments, payouts, receipts
from portal.kernel import access, money
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.models import User

UNPROCESSABLE = 422
SHOWN_SECONDS = 300
fund_staff = access.staff(*FUND_ROLES)


def _who(request: HttpRequest) -> User:
    return access.require_person(request.user)


def _may(who: User) -> dict[str, bool]:
    return {"may_record": Role.FUND_KEEPER in who.roles, "may_book": Role.FUND_APPROVER in who.roles}


def _claim(request: HttpRequest, public_id: str) -> Claim:
    return selectors.claim_open_to(who=request.user, public_id=public_id)


@fund_staff
@never_cache
@require_safe
def desk_claims(request: HttpRequest) -> HttpResponse:
    """What waits for this person, all claims by what they wait for, and the receipts to be booked."""
    who = _who(request)
    context = {"desk": desk.desk_of(who, selectors.fund_kept_by(who)), **_may(who)}
    return render(request, "mediation/desk/claims.html", context)


@fund_staff
@never_cache
@require_safe
def desk_claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """One claim with its clocks, its entries and what the person may do now."""
    return _page(request, public_id)


def _page(request: HttpRequest, public_id: str, *, status: int = 200, **filled: Any) -> HttpResponse:
    claim = _claim(request, public_id)
    version = {"version": claim.version}
    context = {
        "claim": claim,
        "case": claim.agreement.mediation.case,
        "sheet": desk.sheet_of(claim, _who(request)),
        "payee": payees.payee_of(claim).masked,
        "terms": terms(),
        **_may(_who(request)),
        "check_form": Versioned(initial=version, prefix="check"),
        "approve_form": Versioned(initial=version, prefix="approve"),
        "refuse_form": RefuseForm(initial=version, prefix="refuse"),
        "receipt_form": ReceiptForm(prefix="receipt"),
        "reveal_form": RevealForm(prefix="reveal"),
        "form": next(iter(filled.values()), None),
        **filled,
    }
    return render(request, "mediation/desk/claim.html", context, status=status)


def _act(
    request: HttpRequest,
    public_id: str,
    name: str,
    form: forms.Form,
    act: Callable[[Claim, dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    status = UNPROCESSABLE
    claim = _claim(request, public_id)
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
            return redirect("mediation:desk_claim", public_id)
    if isinstance(form, Versioned):
        form.renew(_claim(request, public_id).version)
    return _page(request, public_id, status=status, **{f"{name}_form": form})


@access.staff(Role.FUND_KEEPER)
@require_POST
def desk_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pass the formal check and freeze the amount."""

    def act(claim: Claim, said: dict[str, Any]) -> None:
        payouts.pass_formal_check(claim_id=claim.pk, who=request.user, **said)

    return _act(request, public_id, "check", Versioned(request.POST, prefix="check"), act, _("已经冻结，等别人决定。"))


@access.staff(Role.FUND_APPROVER)
@require_POST
def desk_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve the payout."""

    def act(claim: Claim, said: dict[str, Any]) -> None:
        payouts.approve(claim_id=claim.pk, who=request.user, **said)

    return _act(request, public_id, "approve", Versioned(request.POST, prefix="approve"), act, _("您的批准已经记下。"))


@fund_staff
@require_POST
def desk_refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Refuse with a reason; frozen money is released."""

    def act(claim: Claim, said: dict[str, Any]) -> None:
        payouts.refuse(claim_id=claim.pk, who=request.user, **said)

    return _act(request, public_id, "refuse", RefuseForm(request.POST, prefix="refuse"), act, _("已经告诉申请人。"))


@fund_staff
@require_POST
def desk_ask_bank(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have the bank asked now what became of the payment."""

    def act(claim: Claim, _said: dict[str, Any]) -> None:
        payments.ask_now(claim_id=claim.pk, who=request.user)

    return _act(request, public_id, "ask", forms.Form(request.POST), act, _("已经去问银行，答复会记在这一页。"))


@fund_staff
@require_POST
@never_cache
def desk_payee(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the payee to somebody who said what for."""
    form = RevealForm(request.POST, prefix="reveal")
    if form.is_valid():
        payee = payees.reveal(public_id=public_id, who=request.user, purpose=form.cleaned_data["purpose"])
        claim = _claim(request, public_id)
        answer = render(request, "mediation/desk/payee.html", {"claim": claim, "payee": payee})
        answer["Refresh"] = f"{SHOWN_SECONDS};url={request.path.removesuffix('payee/')}"
        return answer
    return _page(request, public_id, status=UNPROCESSABLE, reveal_form=form)


def _recorded(request: HttpRequest, form: ReceiptForm, fund_id: int, kind: str, claim_id: int | None) -> Voucher:
    return receipts.record(
        fund_id=fund_id,
        kind=kind,
        amount_fen=money.fen_from_yuan(form.cleaned_data["amount"]),
        reference=form.cleaned_data["reference"],
        claim_id=claim_id,
        who=request.user,
    )


@access.staff(Role.FUND_KEEPER)
@require_POST
def desk_receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down what the shop repaid."""
    form = ReceiptForm(request.POST, prefix="receipt")

    def act(claim: Claim, _said: dict[str, Any]) -> None:
        _recorded(request, form, claim.fund_id, Voucher.Kind.REPAYMENT, claim.pk)

    return _act(request, public_id, "receipt", form, act, _("已经登记，等另一个人核对入账。"))


def _after(voucher: Voucher) -> HttpResponse:
    if voucher.claim is not None:
        return redirect("mediation:desk_claim", voucher.claim.public_id)
    return redirect("mediation:desk_claims")


@access.staff(Role.FUND_APPROVER)
@require_POST
def desk_book(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book a receipt that another person wrote down."""
    voucher = selectors.voucher_open_to(who=request.user, public_id=public_id)
    receipts.book(voucher_id=voucher.pk, who=request.user)
    messages.success(request, _("已经入账。"))
    return _after(voucher)


@fund_staff
@require_POST
def desk_void(request: HttpRequest, public_id: str) -> HttpResponse:
    """Strike out a receipt that was written down wrongly."""
    voucher = selectors.voucher_open_to(who=request.user, public_id=public_id)
    receipts.void(voucher_id=voucher.pk, who=request.user)
    messages.success(request, _("已经作废，流水号可以重新登记。"))
    return _after(voucher)


@access.staff(Role.FUND_KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_endow(request: HttpRequest) -> HttpResponse:
    """Write down an endowment of the fund."""
    fund = selectors.fund_kept_by(request.user)
    form = ReceiptForm(request.POST if request.method == "POST" else None, prefix="receipt")
    if form.is_valid():
        try:
            _recorded(request, form, fund.pk, Voucher.Kind.ENDOWMENT, None)
            messages.success(request, _("已经登记，等另一个人核对入账。"))
            return redirect("mediation:desk_claims")
        except Refused as refused:
            into(form, refused)
    return render(
        request, "mediation/desk/endow.html", {"form": form, "fund": fund}, status=UNPROCESSABLE if form.errors else 200
    )
