"""First payout at the desk: check, freeze, decide, book."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mediation.forms.claims import ReasonForm, ReceiptForm, VersionForm
from mediation.models import Claim
from mediation.selectors import claims as selectors
from mediation.services import claims as services
from mediation.services import ledger
from portal.kernel import access, calendars, events, money
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into

fund_staff = access.staff(Role.FUND_KEEPER, Role.FUND_APPROVER)


@fund_staff
@require_GET
def desk_claims(request: HttpRequest) -> HttpResponse:
    """All claims of the person's funds, the undecided first, and the receipts that wait to be booked."""
    claims = selectors.claims_open_to(request.user).order_by("-applied_at")
    waiting = [row for row in claims if row.state in (Claim.State.APPLIED, Claim.State.FROZEN)]
    others = [row for row in claims if row not in waiting]
    context = {"waiting": waiting, "others": others, "vouchers": selectors.open_vouchers(request.user)}
    return render(request, "mediation/desk/claims.html", context)


def _page(request: HttpRequest, claim: Claim, *, status: int = 200, **forms: object) -> HttpResponse:
    context: dict[str, object] = {
        "claim": claim,
        "clocks": calendars.open_clocks(claim),
        "entries": claim.entries.order_by("seq"),
        "approvals": claim.approvals.select_related("by"),
        "events": events.of(claim),
        "version_form": VersionForm(initial={"version": claim.version}),
        "reason_form": ReasonForm(initial={"version": claim.version}),
        "receipt_form": ReceiptForm(),
        "vouchers": selectors.open_vouchers(request.user).filter(claim=claim),
    }
    return render(request, "mediation/desk/claim.html", {**context, **forms}, status=status)


@fund_staff
@require_GET
def desk_claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """One claim with its clocks, its entries and what the person may do now."""
    return _page(request, selectors.claim_open_to(who=request.user, public_id=public_id))


def _press(request: HttpRequest, public_id: str, act: Callable[..., Claim]) -> HttpResponse:
    claim = selectors.claim_open_to(who=request.user, public_id=public_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        act(claim_id=claim.pk, who=request.user, version=form.cleaned_data["version"])
    return redirect("mediation:desk_claim", public_id)


@access.staff(Role.FUND_KEEPER)
@require_POST
def desk_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pass the formal check and freeze the amount."""
    return _press(request, public_id, services.pass_formal_check)


@access.staff(Role.FUND_APPROVER)
@require_POST
def desk_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve the payout."""
    return _press(request, public_id, services.approve)


@fund_staff
@require_POST
def desk_refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    """Refuse with a reason; frozen money is released."""
    claim = selectors.claim_open_to(who=request.user, public_id=public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.refuse(
                claim_id=claim.pk,
                who=request.user,
                version=form.cleaned_data["version"] or 0,
                reason=form.cleaned_data["reason"],
            )
            return redirect("mediation:desk_claim", public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, claim, status=422, reason_form=form)


@access.staff(Role.FUND_KEEPER)
@require_POST
def desk_receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down what the shop repaid."""
    claim = selectors.claim_open_to(who=request.user, public_id=public_id)
    form = ReceiptForm(request.POST)
    if form.is_valid():
        try:
            ledger.record_receipt(
                fund_id=claim.fund_id,
                kind="repayment",
                amount_fen=money.fen_from_yuan(form.cleaned_data["amount"]),
                reference=form.cleaned_data["reference"],
                claim_id=claim.pk,
                who=request.user,
            )
            return redirect("mediation:desk_claim", public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, claim, status=422, receipt_form=form)


@access.staff(Role.FUND_APPROVER)
@require_POST
def desk_book(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book a receipt that another person wrote down."""
    voucher = selectors.voucher_open_to(who=request.user, public_id=public_id)
    services.book_receipt(voucher_id=voucher.pk, who=request.user)
    return redirect("mediation:desk_claims")


@access.staff(Role.FUND_KEEPER)
@require_http_methods(["GET", "POST"])
def desk_endow(request: HttpRequest) -> HttpResponse:
    """Write down an endowment of the fund."""
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ledger.record_receipt(
                fund_id=selectors.the_fund().pk,
                kind="endowment",
                amount_fen=money.fen_from_yuan(form.cleaned_data["amount"]),
                reference=form.cleaned_data["reference"],
                who=request.user,
            )
            return redirect("mediation:desk_claims")
        except Refused as refused:
            into(form, refused)
    return render(request, "mediation/desk/endow.html", {"form": form}, status=422 if form.errors else 200)
