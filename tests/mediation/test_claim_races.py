"""Two people, or two processes, at one claim at the same moment: one acts, the other is told, money moves once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from mediation.models import Claim, Entry, Payment, SandboxTransfer
from mediation.services import claims, ledger, payments, payouts, receipts
from portal.kernel.errors import Refused
from tests.build_money import (
    ORDINARY,
    SMALL,
    FundDesk,
    Matter,
    a_breached_agreement,
    a_decided_claim,
    a_frozen_claim,
    a_fund,
    a_paid_claim,
    an_answered_claim,
    apply,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run *acts* on a connection each, started together; what each came to, sorted."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=20)
            act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def balances(desk: FundDesk) -> dict[str, int]:
    assert list(ledger.broken_books()) == []
    return desk.balances()


def test_one_agreement_is_claimed_once() -> None:
    matter = a_breached_agreement()

    assert at_once(lambda: apply(matter), lambda: apply(matter)) == ["already_claimed", "done"]
    assert Claim.objects.count() == 1


def test_the_last_money_is_frozen_for_one_of_two_claims() -> None:
    desk = a_fund(1_000_00)
    both = [apply(a_breached_agreement(desk)) for _ in range(2)]

    def freeze(claim: Claim) -> Callable[[], Any]:
        return lambda: payouts.pass_formal_check(claim_id=claim.pk, who=desk.keeper, version=claim.version)

    assert at_once(*map(freeze, both)) == ["done", "fund_too_low"]
    assert balances(desk) == {"CASH": 1_000_00 - ORDINARY, "RESERVED": ORDINARY, "FUND_CAPITAL": 1_000_00}


def test_one_press_of_two_approvers_counts_and_one_payment_is_owed() -> None:
    matter, claim = a_frozen_claim(a_breached_agreement(fen=SMALL))

    def approve(who: Any) -> Callable[[], Any]:
        return lambda: payouts.approve(claim_id=claim.pk, who=who, version=claim.version)

    assert at_once(approve(matter.desk.approver), approve(matter.desk.second_approver)) == ["done", "stale"]
    claim.refresh_from_db()
    assert (claim.state, claim.approvals.count(), claim.payments.count()) == (Claim.State.DECIDED, 1, 1)


def test_approving_and_refusing_at_once_is_one_decision() -> None:
    matter, claim = an_answered_claim(a_breached_agreement(fen=SMALL))
    said: dict[str, Any] = {"claim_id": claim.pk, "version": claim.version}

    outcome = at_once(
        lambda: payouts.approve(who=matter.desk.approver, **said),
        lambda: payouts.refuse(who=matter.desk.second_approver, reason="商家已经换货。", **said),
    )

    assert outcome == ["done", "stale"]
    claim.refresh_from_db()
    assert claim.state in (Claim.State.DECIDED, Claim.State.REFUSED)
    assert balances(matter.desk).get("RESERVED", 0) == (SMALL if claim.state == Claim.State.DECIDED else 0)


def test_withdrawing_and_approving_at_once_is_one_of_both() -> None:
    matter, claim = a_frozen_claim(a_breached_agreement(fen=SMALL))
    said: dict[str, Any] = {"claim_id": claim.pk, "version": claim.version}

    outcome = at_once(
        lambda: payouts.approve(who=matter.desk.approver, **said),
        lambda: claims.withdraw(who=matter.consumer, **said),
    )

    assert outcome == ["done", "stale"]
    claim.refresh_from_db()
    assert claim.payments.count() == (1 if claim.state == Claim.State.DECIDED else 0)
    assert balances(matter.desk).get("RESERVED", 0) == (SMALL if claim.state == Claim.State.DECIDED else 0)


def paid_twice(matter: Matter, claim: Claim) -> list[str]:
    payment = claim.payments.get()

    def pay() -> None:
        payments.settle(payment_id=payment.pk, **payments.transfer(payment_id=payment.pk))

    return at_once(pay, pay)


def test_one_payment_sent_by_two_workers_moves_money_once() -> None:
    matter, claim = a_decided_claim()

    assert paid_twice(matter, claim) == ["done", "done"]

    claim.refresh_from_db()
    assert claim.state == Claim.State.RECOURSE
    assert SandboxTransfer.objects.count() == 1
    assert Entry.objects.filter(kind="payout").count() == 1
    assert balances(matter.desk)["RECOURSE_RECEIVABLE"] == ORDINARY


def test_a_returned_payment_is_ordered_anew_once() -> None:
    matter, claim = a_paid_claim(payee_account="6222000000000000000")

    def correct() -> None:
        claims.correct_payee(
            claim_id=claim.pk,
            who=matter.consumer,
            version=claim.version,
            payee_name="林示例",
            payee_account="6222000000000000018",
        )

    assert at_once(correct, correct) == ["done", "stale"]
    assert Payment.objects.filter(claim=claim).count() == 2


def test_one_receipt_is_booked_once_and_entries_are_numbered_without_gaps() -> None:
    desk = a_fund(100)
    vouchers = [
        receipts.record(fund_id=desk.fund.pk, kind="endowment", amount_fen=7, reference=f"B-{n}", who=desk.keeper)
        for n in range(2)
    ]

    def book(place: int) -> Callable[[], Any]:
        return lambda: receipts.book(voucher_id=vouchers[place].pk, who=desk.approver)

    assert at_once(book(0), book(0), book(1)) == ["done", "done", "voucher_moved_on"]
    assert list(desk.fund.entries.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert balances(desk)["CASH"] == 114
