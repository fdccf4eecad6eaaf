"""Paying a decided claim through the bank, exactly once, and asking the shop for the money back."""

from django.db import transaction

from mediation import bank
from mediation.models import Account, Claim, Entry, Payment
from mediation.services import ledger
from portal.kernel import calendars, clock, crypto, documents, events, money, notices
from portal.kernel.errors import Refused


def transfer(*, payment_id: int) -> dict[str, str | bool]:
    """Tell the bank, outside any transaction: asked first, sent only when the bank does not know the key."""
    payment = Payment.objects.select_related("claim").get(pk=payment_id)
    port = bank.get_bank()
    known = port.find(payment.key)
    if known is None:
        name, account = crypto.unseal(payment.claim, "payee_sealed").split("\n")
        known = port.transfer(key=payment.key, amount_fen=payment.amount_fen, payee_name=name, payee_account=account)
    return {"reference": known.reference, "was_returned": known.was_returned}


@transaction.atomic
def settle(*, payment_id: int, reference: str, was_returned: bool) -> Payment:
    """Book what the bank said. Paid: the claim is paid and recourse is owed. Returned: the payee must be corrected.

    Answering the same bank line again changes nothing.
    """
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    claim = (
        Claim.objects.select_for_update().select_related("checked_by", "decided_by", "fund").get(pk=payment.claim_id)
    )
    if payment.state in (Payment.State.DONE, Payment.State.RETURNED):
        return payment
    if claim.state != Claim.State.DECIDED or claim.checked_by is None or claim.decided_by is None:
        raise Refused("claim_moved_on", "the claim is not waiting for a payment")
    payment.bank_reference = reference
    payment.settled_at = clock.now()
    if was_returned:
        payment.state = Payment.State.RETURNED
        payment.save()
        events.record("claim.payment_returned", claim, payment=payment.key)
        _tell(claim, "claim.payment_returned")
        return payment
    payment.state = Payment.State.DONE
    payment.save()
    ledger.post(
        fund_id=claim.fund_id,
        kind=Entry.Kind.PAYOUT,
        debit=Account.Kind.RECOURSE_RECEIVABLE,
        credit=Account.Kind.RESERVED,
        amount_fen=payment.amount_fen,
        made_by=claim.checked_by,
        approved_by=claim.decided_by,
        document_sha256=claim.agreement.sha256,
        claim=claim,
        payment=payment,
    )
    claim.pay(at=clock.now())
    events.record("claim.paid", claim, fen=payment.amount_fen, payment=payment.key)
    _demand(claim)
    claim.version += 1
    claim.save()
    _tell(claim, "claim.paid")
    return payment


def _demand(claim: Claim) -> None:
    today = clock.today()
    running = calendars.start(claim, "PAY_RECOURSE", on=today, unit=claim.fund.keeper)
    claim.demand(due_on=running.due_on)
    case = claim.agreement.mediation.case
    documents.issue(
        "recourse_letter",
        subject=claim,
        data={
            "number": claim.number,
            "shop": case.shop.name if case.shop else "",
            "agreement_number": claim.agreement.document.number if claim.agreement.document else "",
            "amount": money.yuan(claim.amount_fen),
            "amount_words": money.daxie(claim.amount_fen),
            "due_on": f"{running.due_on.year} 年 {running.due_on.month} 月 {running.due_on.day} 日",
        },
        unit=claim.fund.keeper,
        actor=claim.decided_by,
    )
    events.record("claim.recourse_started", claim, due_on=running.due_on.isoformat())
    if case.shop:
        for contact in case.shop.contacts.filter(ended_at=None).select_related("user"):
            notices.tell(
                contact.user,
                "claim.recourse_started",
                subject=claim,
                url_name="mediation:claim",
                url_args=[claim.public_id],
                params={"number": claim.number},
            )


def _tell(claim: Claim, code: str) -> None:
    notices.tell(
        claim.applied_by,
        code,
        subject=claim,
        url_name="mediation:claim",
        url_args=[claim.public_id],
        params={"number": claim.number},
    )
