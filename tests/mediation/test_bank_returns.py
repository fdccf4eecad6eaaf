"""Money that the bank sends back, at once or days later, and what the shop repays meanwhile and after."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from mediation.models import Claim
from mediation.selectors.statements import statement
from mediation.services import claims, ledger, receipts
from portal.kernel import clock, documents, jobs
from portal.kernel.errors import Refused
from tests.build_desk import clocks_of
from tests.build_money import (
    COMES_BACK_ACCOUNT,
    GOOD_ACCOUNT,
    ORDINARY,
    RETURNED_ACCOUNT,
    a_paid_claim,
    asked,
    refusal_of,
    repaid,
    sent,
    sent_again,
    snapshot,
    told,
)

pytestmark = pytest.mark.django_db
FULL = 100_000_00


def test_money_that_never_arrived_goes_out_again_to_the_corrected_payee() -> None:
    matter, claim = a_paid_claim(payee_account=RETURNED_ACCOUNT)
    assert claim.state == Claim.State.DECIDED
    assert matter.desk.balances()["RESERVED"] == ORDINARY
    assert claim.entries.count() == 1
    assert told(matter.consumer)[-1] == "claim.payment_returned"
    before = snapshot(claim)
    said: dict[str, Any] = {
        "claim_id": claim.pk,
        "version": claim.version,
        "payee_name": "林示例",
        "payee_account": GOOD_ACCOUNT,
    }
    assert refusal_of(claims.correct_payee, who=matter.merchant, **said).code == "not_found"
    assert refusal_of(claims.correct_payee, who=matter.consumer, **said | {"version": 1}).code == "stale"
    assert refusal_of(claims.correct_payee, who=matter.consumer, **said | {"payee_account": "12"}).field == (
        "payee_account"
    )
    assert snapshot(claim) == before

    claim = sent(claims.correct_payee(who=matter.consumer, **said))

    assert claim.state == Claim.State.RECOURSE
    assert list(claim.payments.order_by("pk").values_list("state", flat=True)) == ["returned", "done"]
    assert matter.desk.balances() == {"CASH": FULL - ORDINARY, "RECOURSE_RECEIVABLE": ORDINARY, "FUND_CAPITAL": FULL}
    assert list(ledger.broken_books()) == []


def test_a_return_that_comes_after_the_booking_counters_the_payout_and_stops_the_recourse() -> None:
    matter, claim = a_paid_claim(payee_account=COMES_BACK_ACCOUNT)
    assert claim.state == Claim.State.RECOURSE
    letter = documents.of(claim).get()

    with clock.standing_at(clock.now() + timedelta(days=2)):
        jobs.drain()

    claim.refresh_from_db()
    assert (claim.state, claim.paid_at, claim.recourse_due_on) == (Claim.State.DECIDED, None, None)
    assert matter.desk.entries()[-2:] == [
        ("payout", "RECOURSE_RECEIVABLE", "RESERVED", ORDINARY),
        ("bank_return", "RESERVED", "RECOURSE_RECEIVABLE", ORDINARY),
    ]
    back = claim.entries.get(kind="bank_return")
    assert (back.counters, back.payment) == (claim.entries.get(kind="payout"), claim.payments.get())
    assert back.made_by_id != back.approved_by_id
    assert matter.desk.balances() == {"CASH": FULL - ORDINARY, "RESERVED": ORDINARY, "FUND_CAPITAL": FULL}
    assert clocks_of(claim)["PAY_RECOURSE"] == "void"
    letter.refresh_from_db()
    assert letter.state == "revoked"
    assert told(matter.consumer)[-1] == "claim.payment_returned"
    assert told(matter.merchant)[-1] == "claim.recourse_paused"
    assert list(ledger.broken_books()) == []

    claim = sent_again(matter, claim)
    assert claim.state == Claim.State.RECOURSE
    assert claim.entries.filter(kind="payout", countered_by=None).count() == 1
    assert documents.of(claim).count() == 2
    month = statement(fund=matter.desk.fund, month=clock.today())
    assert (month.paid.count, month.returned.count) in ((2, 1), (1, 0))
    assert list(ledger.broken_books()) == []


def test_what_the_shop_repaid_before_the_return_is_set_aside_and_set_off() -> None:
    matter, claim = a_paid_claim(payee_account=COMES_BACK_ACCOUNT)
    repaid(matter, claim, 300_00)
    with clock.standing_at(clock.now() + timedelta(days=1, minutes=1)):
        claim = asked(claim)
        assert matter.desk.balances() == {
            "CASH": FULL - ORDINARY + 300_00,
            "RESERVED": ORDINARY,
            "FUND_CAPITAL": FULL,
            "SUSPENSE": 300_00,
        }
        assert list(ledger.broken_books()) == []
        claim = sent_again(matter, claim)

    assert (claim.state, claim.repaid_fen, claim.owed_fen) == (Claim.State.RECOURSE, 300_00, 499_00)
    assert matter.desk.balances() == {
        "CASH": FULL - ORDINARY + 300_00,
        "RECOURSE_RECEIVABLE": 499_00,
        "FUND_CAPITAL": FULL,
    }
    assert list(ledger.broken_books()) == []


def test_a_claim_that_was_repaid_in_full_needs_no_new_demand_after_a_return() -> None:
    matter, claim = a_paid_claim(payee_account=COMES_BACK_ACCOUNT)
    repaid(matter, claim, ORDINARY)
    with clock.standing_at(clock.now() + timedelta(days=1, minutes=1)):
        claim = asked(claim)
        assert (claim.state, claim.repaid_fen) == (Claim.State.DECIDED, ORDINARY)
        claim = sent_again(matter, claim)

    assert claim.state == Claim.State.RECOVERED
    assert clocks_of(claim)["PAY_RECOURSE"] == "met"
    assert matter.desk.balances() == {"CASH": FULL, "FUND_CAPITAL": FULL}
    assert list(ledger.broken_books()) == []


def test_the_consumer_may_give_up_after_a_return_and_the_money_is_free_again() -> None:
    matter, claim = a_paid_claim(payee_account=RETURNED_ACCOUNT)

    claim = claims.withdraw(claim_id=claim.pk, who=matter.consumer, version=claim.version)

    assert claim.state == Claim.State.WITHDRAWN
    assert matter.desk.balances() == {"CASH": FULL, "FUND_CAPITAL": FULL}
    assert list(ledger.broken_books()) == []


def test_a_repayment_is_not_booked_while_the_money_is_back_at_the_bank() -> None:
    matter, claim = a_paid_claim(payee_account=COMES_BACK_ACCOUNT)
    voucher = receipts.record(
        fund_id=claim.fund_id,
        kind="repayment",
        amount_fen=100,
        reference="B-1",
        claim_id=claim.pk,
        who=matter.desk.keeper,
    )
    with clock.standing_at(clock.now() + timedelta(days=1, minutes=1)):
        claim = asked(claim)
    before = snapshot(claim)

    with pytest.raises(Refused) as refusal, transaction.atomic():
        receipts.book(voucher_id=voucher.pk, who=matter.desk.approver)

    assert refusal.value.code == "claim_moved_on"
    assert snapshot(claim) == before
    voucher.refresh_from_db()
    assert voucher.approved_by is None
