"""Paying once, taking back what the bank returns, and asking the shop for the money."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mediation import bank
from mediation.models import Claim, Payment, SandboxTransfer
from mediation.services import ledger, payments
from portal.kernel import clock, documents, events, jobs
from portal.kernel.models import Job
from tests.build_desk import clocks_of
from tests.build_money import (
    COMES_BACK_ACCOUNT,
    ORDINARY,
    PENDING_ACCOUNT,
    SMALL,
    a_breached_agreement,
    a_decided_claim,
    a_paid_claim,
    refusal_of,
    repaid,
    snapshot,
    told,
)

pytestmark = pytest.mark.django_db
FULL = 100_000_00


def test_a_decided_claim_is_paid_by_its_job_and_the_shop_is_asked_for_the_money() -> None:
    matter, claim = a_decided_claim()

    jobs.drain()

    claim.refresh_from_db()
    assert claim.state == Claim.State.RECOURSE
    assert claim.recourse_due_on == clock.today() + timedelta(days=15)
    assert matter.desk.balances() == {
        "CASH": FULL - ORDINARY,
        "RECOURSE_RECEIVABLE": ORDINARY,
        "FUND_CAPITAL": FULL,
    }
    payout = claim.entries.get(kind="payout")
    assert (payout.made_by, payout.approved_by) == (matter.desk.keeper, matter.desk.second_approver)
    assert payout.document_sha256 == matter.agreement.sha256
    assert SandboxTransfer.objects.get().amount_fen == ORDINARY
    assert clocks_of(claim)["PAY_RECOURSE"] == "open"
    letter = documents.of(claim).get()
    assert (letter.kind, letter.state, letter.number is not None) == ("recourse_letter", "made", True)
    assert told(matter.consumer)[-1] == "claim.paid"
    assert told(matter.merchant)[-1] == "claim.recourse_started"
    assert list(ledger.broken_books()) == []


def test_the_same_answer_of_the_bank_is_booked_once() -> None:
    _matter, claim = a_paid_claim()
    payment = claim.payments.get()
    before = snapshot(claim)

    payments.settle(payment_id=payment.pk, reference=payment.bank_reference, outcome="paid")
    payments.settle(payment_id=payment.pk, reference=payment.bank_reference, outcome="pending")
    jobs.drain()

    after = snapshot(claim)
    assert after[:11] == before[:11]
    assert SandboxTransfer.objects.count() == 1


def test_a_process_that_died_after_the_transfer_asks_before_it_sends_again() -> None:
    _matter, claim = a_decided_claim()
    payment = claim.payments.get()
    payments.transfer(payment_id=payment.pk)

    jobs.drain()

    claim.refresh_from_db()
    assert claim.state == Claim.State.RECOURSE
    assert SandboxTransfer.objects.count() == 1
    assert claim.entries.filter(kind="payout").count() == 1


class BrokenLine(bank.SandboxBank):
    """A bank that takes the order and then cannot be heard."""

    def transfer(self, **order: Any) -> bank.Transfer:
        super().transfer(**order)
        raise TimeoutError


def test_an_order_whose_answer_was_lost_is_asked_for_and_not_sent_twice(settings: Any) -> None:
    _matter, claim = a_decided_claim()
    settings.BANK = "tests.mediation.test_payments.BrokenLine"
    jobs.drain()
    claim.refresh_from_db()
    job = Job.objects.get(name="send_payment")
    assert (claim.state, job.attempts, job.done_at, SandboxTransfer.objects.count()) == ("decided", 1, None, 1)

    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        jobs.drain()

    claim.refresh_from_db()
    assert claim.state == Claim.State.RECOURSE
    assert SandboxTransfer.objects.count() == 1
    assert claim.entries.filter(kind="payout").count() == 1


def test_a_payment_that_the_bank_still_works_on_is_asked_for_again() -> None:
    _matter, claim = a_decided_claim(payee_account=PENDING_ACCOUNT)
    jobs.drain()
    payment = claim.payments.get()
    assert (payment.state, payment.settled_at) == (Payment.State.UNKNOWN, None)
    assert claim.entries.filter(kind="payout").count() == 0

    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        jobs.drain()

    claim.refresh_from_db()
    assert (claim.state, claim.payments.get().state) == (Claim.State.RECOURSE, Payment.State.DONE)
    assert SandboxTransfer.objects.count() == 1


def test_the_bank_is_asked_three_times_whether_the_money_came_back() -> None:
    _matter, claim = a_paid_claim()
    paid_at = claim.payments.get().settled_at
    assert paid_at is not None
    asked_on = []
    for _ in range(5):
        job = Job.objects.filter(name="watch_payment", done_at=None).first()
        if job is None:
            break
        asked_on.append((job.due_at - paid_at).days)
        with clock.standing_at(job.due_at + timedelta(seconds=1)):
            jobs.drain()

    assert asked_on == [1, 3, 7]
    claim.refresh_from_db()
    assert claim.state == Claim.State.RECOURSE


def test_the_funds_people_have_the_bank_asked_at_once() -> None:
    matter, claim = a_paid_claim(payee_account=COMES_BACK_ACCOUNT)
    assert refusal_of(payments.ask_now, claim_id=claim.pk, who=matter.officer).status == 403
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        payments.ask_now(claim_id=claim.pk, who=matter.desk.keeper)
        jobs.drain()
        claim.refresh_from_db()
        assert claim.state == Claim.State.DECIDED
        assert refusal_of(payments.ask_now, claim_id=claim.pk, who=matter.desk.keeper).code == "no_payment"
    assert "claim.bank_asked" in [event.name for event in events.of(claim)]


def test_a_shop_repays_in_parts_until_it_owes_nothing() -> None:
    matter, claim = a_paid_claim()

    claim = repaid(matter, claim, 300_00)
    assert (claim.state, claim.owed_fen) == (Claim.State.RECOURSE, 499_00)
    assert clocks_of(claim)["PAY_RECOURSE"] == "open"
    claim = repaid(matter, claim, 499_00)

    assert (claim.state, claim.owed_fen) == (Claim.State.RECOVERED, 0)
    assert clocks_of(claim)["PAY_RECOURSE"] == "met"
    assert matter.desk.balances() == {"CASH": FULL, "FUND_CAPITAL": FULL}
    assert told(matter.merchant)[-1] == "claim.recovered"
    assert list(ledger.broken_books()) == []


def test_what_a_shop_repays_too_much_waits_to_go_back() -> None:
    matter, claim = a_paid_claim(a_breached_agreement(fen=SMALL))

    claim = repaid(matter, claim, SMALL + 50_00)
    assert (claim.state, claim.repaid_fen) == (Claim.State.RECOVERED, SMALL)
    claim = repaid(matter, claim, 7_00)

    assert (claim.state, claim.repaid_fen) == (Claim.State.RECOVERED, SMALL)
    assert matter.desk.balances() == {"CASH": FULL + 57_00, "FUND_CAPITAL": FULL, "SUSPENSE": 57_00}
    assert list(ledger.broken_books()) == []


def test_the_database_knows_one_living_payment_a_claim_and_one_booking_a_payment() -> None:
    _matter, claim = a_paid_claim()
    payment = claim.payments.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(claim=claim, key="second", amount_fen=ORDINARY, ordered_at=clock.now())
    payout = claim.entries.get(kind="payout")
    payout.pk, payout.public_id, payout.seq = None, "x" * 20, payout.seq + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        payout.save(force_insert=True)
    assert (claim.payments.get(), claim.entries.filter(kind="payout").count()) == (payment, 1)
