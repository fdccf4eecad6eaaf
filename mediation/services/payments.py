"""Paying a decided claim through the bank, exactly once; taking back what the bank returns; asking the shop for it."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mediation import bank
from mediation.models import Account, Claim, Entry, Payment
from mediation.payout_rules import FUND_ROLES, PENDING_MINUTES, RECOURSE, RETURN_WATCH_DAYS
from mediation.services import ledger
from mediation.services.claim_telling import tell_consumer, tell_shop
from mediation.services.payees import payee_of
from mediation.services.receipts import close_recourse
from portal.kernel import calendars, clock, documents, events, jobs, money
from portal.kernel.access import Who, require
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import User

Said = dict[str, str]


def order(claim: Claim) -> Payment:
    """Owe one payment of a decided claim under a key of its own, in the caller's transaction."""
    payment = Payment.objects.create(
        claim=claim,
        key=f"{claim.public_id}-{claim.payments.count() + 1}",
        amount_fen=claim.amount_fen,
        ordered_at=clock.now(),
    )
    jobs.owe("send_payment", key=f"payment-{payment.pk}", about=claim, payment_id=payment.pk)
    return payment


def transfer(*, payment_id: int) -> Said:
    """Tell the bank, outside any transaction: asked first, sent only when the bank does not know the key."""
    payment = Payment.objects.select_related("claim").get(pk=payment_id)
    port = bank.get_bank()
    known = port.find(payment.key)
    if known is None:
        payee = payee_of(payment.claim)
        known = port.transfer(
            key=payment.key, amount_fen=payment.amount_fen, payee_name=payee.name, payee_account=payee.account
        )
    return _said(known)


def ask(*, payment_id: int, look: int = 0) -> Said:
    """Ask the bank what became of a payment, outside any transaction, and send nothing."""
    payment = Payment.objects.get(pk=payment_id)
    known = bank.get_bank().find(payment.key)
    if known is None:
        raise LookupError(f"the bank does not know {payment.key}")
    return _said(known)


def _said(known: bank.Transfer) -> Said:
    return {"reference": known.reference, "outcome": known.outcome.value}


@transaction.atomic
def settle(*, payment_id: int, reference: str, outcome: str) -> Payment:
    """Book what the bank said; the same answer again changes nothing.

    Pending: it is asked again later. Paid: the claim is paid and the shop must give it back. Returned: the payee must
    be corrected, and what was booked is countered (RESERVED ← the account that the payout debited).
    """
    claim_id = Payment.objects.filter(pk=payment_id).values_list("claim_id", flat=True).get()
    claim = Claim.objects.select_for_update(of=("self",)).select_related("fund__keeper").get(pk=claim_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state == Payment.State.RETURNED:
        return payment
    payment.bank_reference = reference
    if outcome == bank.Outcome.PENDING:
        _wait(payment)
    elif outcome == bank.Outcome.RETURNED:
        _returned(claim, payment)
    elif payment.state != Payment.State.DONE:
        _paid(claim, payment)
    return payment


def watch(*, payment_id: int, look: int, reference: str, outcome: str) -> None:
    """Book what the bank says some days after it paid, and owe the next look while there is one."""
    payment = settle(payment_id=payment_id, reference=reference, outcome=outcome)
    if payment.state == Payment.State.DONE:
        _owe_look(payment, look + 1)


@transaction.atomic
def ask_now(*, claim_id: int, who: Who) -> Payment:
    """The fund's people want to know now what became of the claim's last payment; the answer comes by a job.

    Refused: `forbidden` to strangers of the fund, `no_payment` before a payment was ordered or once it was returned.
    """
    claim = Claim.objects.select_for_update(of=("self",)).select_related("fund").filter(pk=claim_id).first()
    if claim is None:
        raise not_found()
    person = require(who, *FUND_ROLES, unit_id=claim.fund.keeper_id)
    payment = claim.payments.exclude(state=Payment.State.RETURNED).first()
    if payment is None:
        raise Refused("no_payment", _("现在没有在路上或者已到账的付款，不用问银行。"))
    if payment.state == Payment.State.DONE:
        last_look = len(RETURN_WATCH_DAYS)
        jobs.owe("watch_payment", key=f"asked-{payment.pk}", about=claim, payment_id=payment.pk, look=last_look)
    else:
        jobs.owe("send_payment", key=f"asked-{payment.pk}", about=claim, payment_id=payment.pk)
    events.record("claim.bank_asked", claim, actor=person, payment=payment.key)
    return payment


def _owe_look(payment: Payment, look: int) -> None:
    if look < len(RETURN_WATCH_DAYS) and payment.settled_at is not None:
        due_at = payment.settled_at + timedelta(days=RETURN_WATCH_DAYS[look])
        jobs.owe("watch_payment", due_at=due_at, about=payment.claim, payment_id=payment.pk, look=look)


def _wait(payment: Payment) -> None:
    if payment.state == Payment.State.DONE:
        return
    payment.state = Payment.State.UNKNOWN
    payment.save()
    again = clock.now() + timedelta(minutes=PENDING_MINUTES)
    jobs.owe("send_payment", due_at=again, about=payment.claim, payment_id=payment.pk)


def _pair(claim: Claim) -> tuple[User, User]:
    if claim.checked_by is None or claim.decided_by is None:
        raise RuntimeError(f"{claim} moves money without two people")
    return claim.checked_by, claim.decided_by


def _post(claim: Claim, kind: Entry.Kind, debit: str, credit: str, fen: int, **links: object) -> Entry:
    maker, approver = _pair(claim)
    return ledger.post(
        fund_id=claim.fund_id,
        kind=kind,
        debit=debit,
        credit=credit,
        amount_fen=fen,
        made_by=maker,
        approved_by=approver,
        document_sha256=claim.agreement.sha256,
        claim=claim,
        **links,  # type: ignore[arg-type]
    )


def _paid(claim: Claim, payment: Payment) -> None:
    if claim.state != Claim.State.DECIDED:
        raise RuntimeError(f"{claim} is not waiting for a payment")
    payment.state, payment.settled_at = Payment.State.DONE, clock.now()
    payment.save()
    receivable, reserved = Account.Kind.RECOURSE_RECEIVABLE, Account.Kind.RESERVED
    _post(claim, Entry.Kind.PAYOUT, receivable, reserved, payment.amount_fen, payment=payment)
    claim.pay(at=clock.now())
    events.record("claim.paid", claim, fen=payment.amount_fen, payment=payment.key)
    if claim.repaid_fen:
        _post(claim, Entry.Kind.SET_OFF, Account.Kind.SUSPENSE, receivable, claim.repaid_fen)
    if claim.owed_fen:
        _demand(claim)
    else:
        close_recourse(claim, None)
    claim.version += 1
    claim.save()
    tell_consumer(claim, "claim.paid")
    _owe_look(payment, 0)


def _returned(claim: Claim, payment: Payment) -> None:
    was_booked = payment.state == Payment.State.DONE
    payment.state, payment.settled_at = Payment.State.RETURNED, clock.now()
    payment.save()
    if was_booked:
        _take_back(claim, payment)
    events.record("claim.payment_returned", claim, payment=payment.key, was_booked=was_booked)
    claim.version += 1
    claim.save()
    tell_consumer(claim, "claim.payment_returned")


def _take_back(claim: Claim, payment: Payment) -> None:
    booked = payment.entries.select_related("debit").get(kind=Entry.Kind.PAYOUT)
    if claim.repaid_fen:
        _post(claim, Entry.Kind.SET_ASIDE, booked.debit.kind, Account.Kind.SUSPENSE, claim.repaid_fen)
    _post(
        claim,
        Entry.Kind.BANK_RETURN,
        Account.Kind.RESERVED,
        booked.debit.kind,
        payment.amount_fen,
        payment=payment,
        counters=booked,
    )
    if claim.state == Claim.State.RECOURSE:
        calendars.stop(claim, RECOURSE)
        tell_shop(claim, "claim.recourse_paused")
    for letter in documents.of(claim).filter(kind="recourse_letter"):
        documents.revoke(document_id=letter.pk, who=None, reason="bank_return")
    claim.bank_returned()


def _demand(claim: Claim) -> None:
    running = calendars.start(claim, RECOURSE, unit=claim.fund.keeper)
    claim.demand(due_on=running.due_on)
    case = claim.agreement.mediation.case
    documents.issue(
        "recourse_letter",
        subject=claim,
        data={
            "number": claim.number,
            "shop": case.shop.name if case.shop else "",
            "agreement_number": claim.agreement.document.number if claim.agreement.document else "",
            "amount": money.yuan(claim.owed_fen),
            "amount_words": money.daxie(claim.owed_fen),
            "due_on": f"{running.due_on.year} 年 {running.due_on.month} 月 {running.due_on.day} 日",
        },
        unit=claim.fund.keeper,
        actor=claim.decided_by,
    )
    events.record("claim.recourse_started", claim, fen=claim.owed_fen, due_on=running.due_on.isoformat())
    tell_shop(claim, "claim.recourse_started", by=running.due_on)
