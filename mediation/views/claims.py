"""First payout, as the consumer, the shop and the public see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mediation.forms.claims import ClaimForm, PayeeForm, ReasonForm
from mediation.models import Claim, Payment
from mediation.selectors import claims as selectors
from mediation.selectors import statements
from mediation.services import claims as services
from portal.kernel import access, calendars, money
from portal.kernel.errors import Refused, into


def _apply(request: HttpRequest, form: ClaimForm, agreement_id: int) -> HttpResponse | None:
    try:
        claim = services.apply(
            agreement_id=agreement_id,
            fund_id=selectors.the_fund().pk,
            amount_fen=money.fen_from_yuan(form.cleaned_data["amount"]),
            payee_name=form.cleaned_data["payee_name"],
            payee_account=form.cleaned_data["payee_account"],
            has_no_other_compensation=form.cleaned_data["has_no_other_compensation"],
            assigns_the_claim=form.cleaned_data["assigns_the_claim"],
            who=request.user,
        )
    except Refused as refused:
        refused.field = refused.field or "amount"
        into(form, refused)
        return None
    return redirect("mediation:claim", claim.public_id)


@access.citizen
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Apply on an agreement that the shop did not keep."""
    agreement = selectors.claimable_agreement(who=request.user, public_id=public_id)
    form = ClaimForm(request.POST or None, initial={"amount": money.yuan(agreement.amount_fen).replace(",", "")})
    if request.method == "POST" and form.is_valid():
        answer = _apply(request, form, agreement.pk)
        if answer is not None:
            return answer
    context = {"form": form, "agreement": agreement, "fund": selectors.the_fund()}
    return render(request, "mediation/claim_apply.html", context, status=422 if form.errors else 200)


def _context(claim: Claim) -> dict[str, object]:
    needs_payee = (
        claim.state == Claim.State.DECIDED and not claim.payments.exclude(state=Payment.State.RETURNED).exists()
    )
    return {"claim": claim, "clocks": calendars.open_clocks(claim), "needs_payee": needs_payee}


@access.party
@require_GET
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a claim stands: whose turn, by when; the shop sees what it owes and may object."""
    found = selectors.claim_open_to(who=request.user, public_id=public_id)
    is_own = found.applied_by_id == request.user.pk
    forms = {"payee_form": PayeeForm(initial={"version": found.version}), "objection_form": ReasonForm()}
    return render(request, "mediation/claim.html", {**_context(found), **forms, "is_own": is_own})


@access.party
@require_POST
def claim_object(request: HttpRequest, public_id: str) -> HttpResponse:
    """The shop objects while the money is frozen."""
    found = selectors.claim_open_to(who=request.user, public_id=public_id)
    services.object_to(claim_id=found.pk, who=request.user, reason=request.POST.get("reason", ""))
    return redirect("mediation:claim", public_id)


@access.citizen
@require_POST
def claim_payee(request: HttpRequest, public_id: str) -> HttpResponse:
    """The consumer corrects the account after a bank return."""
    found = selectors.claim_open_to(who=request.user, public_id=public_id)
    form = PayeeForm(request.POST)
    if form.is_valid():
        try:
            services.correct_payee(claim_id=found.pk, who=request.user, **form.cleaned_data)
            return redirect("mediation:claim", public_id)
        except Refused as refused:
            into(form, refused)
    context = {**_context(found), "payee_form": form, "objection_form": ReasonForm(), "is_own": True}
    return render(request, "mediation/claim.html", context, status=422)


@access.public
@require_GET
def fund(request: HttpRequest) -> HttpResponse:
    """The public balance page: what is there, what is frozen, what was paid and recovered, month by month."""
    the_fund = selectors.the_fund()
    balances = {row.kind: row.balance_fen for row in the_fund.accounts.all()}
    context = {
        "fund": the_fund,
        "balances": balances,
        "at_bank_fen": balances["CASH"] + balances["RESERVED"],
        "statements": statements.statements(the_fund),
        "entries": the_fund.entries.select_related("debit", "credit").order_by("-seq")[:20],
    }
    return render(request, "mediation/fund.html", context)
