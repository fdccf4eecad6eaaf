"""First payout at the fund's desk, over HTTP: check, decide, look, ask the bank, write down and book."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mediation.models import Claim, Voucher
from portal.kernel import access_log, clock, documents, jobs, rail
from portal.kernel.access import Role
from portal.kernel.models import User
from tests import build
from tests.build_desk import at_desk
from tests.build_money import (
    COMES_BACK_ACCOUNT,
    GOOD_ACCOUNT,
    a_breached_agreement,
    a_claim,
    a_fund,
    a_paid_claim,
    an_answered_claim,
    an_empty_fund,
    post,
    snapshot,
)
from tests.mediation.test_pages import browser, page

pytestmark = pytest.mark.django_db
SECRETS = ("林示例", GOOD_ACCOUNT)


def page_of_desk(who: User, claim: Claim) -> str:
    answer = at_desk(who).get(reverse("mediation:desk_claim", args=[claim.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_desk_checks_and_two_others_decide() -> None:
    matter, claim = an_answered_claim()
    desk = matter.desk
    first = page_of_desk(desk.approver, claim)
    assert "要 2 位审批人都批准才付款。" in first
    assert "这笔是您审查的，要由别人决定。" in page_of_desk(desk.keeper, claim)

    answer = post(desk.approver, "desk_approve", claim.public_id, **{"approve-version": claim.version})
    assert answer.status_code == 302
    assert "您已经批准，还需要另一位审批人。" in page_of_desk(desk.approver, claim)
    before = snapshot(claim)
    stale = post(desk.second_approver, "desk_approve", claim.public_id, **{"approve-version": claim.version})
    assert (stale.status_code, "刚刚被别人改过" in stale.content.decode()) == (409, True)
    twice = post(desk.approver, "desk_approve", claim.public_id, **{"approve-version": claim.version + 1})
    assert (twice.status_code, "您已经批准过" in twice.content.decode()) == (409, True)
    empty = post(desk.second_approver, "desk_approve", claim.public_id)
    assert empty.status_code == 422
    assert snapshot(claim) == before

    post(desk.second_approver, "desk_approve", claim.public_id, **{"approve-version": claim.version + 1})
    jobs.drain()

    claim.refresh_from_db()
    assert claim.state == Claim.State.RECOURSE
    shown = page_of_desk(desk.keeper, claim)
    assert "登记商家归还" in shown
    assert "应向商家追回" in shown


def test_an_empty_fund_says_so_and_freezes_nothing() -> None:
    matter, claim = a_claim(a_breached_agreement(a_fund(100)))
    before = snapshot(claim)

    answer = post(matter.desk.keeper, "desk_check", claim.public_id, **{"check-version": claim.version})

    assert (answer.status_code, "资金账户余额不够" in answer.content.decode()) == (409, True)
    assert snapshot(claim) == before


def test_roles_of_the_fund_do_not_press_each_others_buttons() -> None:
    matter, claim = a_claim()
    before = snapshot(claim)
    assert post(matter.desk.approver, "desk_check", claim.public_id, **{"check-version": 1}).status_code == 403
    assert post(matter.desk.keeper, "desk_approve", claim.public_id, **{"approve-version": 1}).status_code == 403
    refused = post(
        matter.desk.approver, "desk_refuse", claim.public_id, **{"refuse-version": 1, "refuse-reason": "不行。"}
    )
    assert refused.status_code == 403
    assert snapshot(claim) == before


def test_a_refusal_without_words_keeps_the_page_and_with_words_is_shown_to_the_consumer() -> None:
    matter, claim = a_claim()
    before = snapshot(claim)
    said = {"refuse-version": claim.version}
    answer = post(matter.desk.keeper, "desk_refuse", claim.public_id, **said, **{"refuse-reason": " "})
    assert (answer.status_code, "请写明不批准的理由" in answer.content.decode()) == (422, True)
    assert snapshot(claim) == before

    post(matter.desk.keeper, "desk_refuse", claim.public_id, **said, **{"refuse-reason": "收款人不是本人。"})

    shown = page(matter.consumer, "claim", claim.public_id)
    assert "这次没有批准。" in shown
    assert "收款人不是本人。" in shown
    assert reverse("mediation:claim_apply", args=[matter.agreement.public_id]) in shown


def test_the_payee_opens_for_a_purpose_and_the_look_is_named_next_time() -> None:
    matter, claim = a_claim()
    assert not any(secret in page_of_desk(matter.desk.keeper, claim) for secret in SECRETS)
    answer = post(matter.desk.keeper, "desk_payee", claim.public_id)
    assert (answer.status_code, "请先选查看收款人的用途。" in answer.content.decode()) == (422, True)
    assert access_log.of(claim).count() == 0

    answer = post(matter.desk.keeper, "desk_payee", claim.public_id, **{"reveal-purpose": "check"})

    text = answer.content.decode()
    assert all(secret in text for secret in SECRETS)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Refresh"].endswith(reverse("mediation:desk_claim", args=[claim.public_id]))
    assert access_log.of(claim).count() == 1
    assert f"，{matter.desk.keeper.display_name}" in page_of_desk(matter.desk.approver, claim)


def test_a_repayment_goes_through_two_pairs_of_hands() -> None:
    matter, claim = a_paid_claim()
    desk = matter.desk
    said = {"receipt-amount": "300", "receipt-reference": "B-1"}
    assert post(desk.approver, "desk_receipt", claim.public_id, **said).status_code == 403
    wrong = post(desk.keeper, "desk_receipt", claim.public_id, **said | {"receipt-amount": "-1"})
    assert (wrong.status_code, "金额不能小于零" in wrong.content.decode()) == (422, True)
    assert Voucher.objects.filter(claim=claim).count() == 0

    assert post(desk.keeper, "desk_receipt", claim.public_id, **said).status_code == 302
    again = post(desk.keeper, "desk_receipt", claim.public_id, **said)
    assert (again.status_code, "这个银行流水号已经登记过。" in again.content.decode()) == (422, True)
    voucher = Voucher.objects.get(claim=claim)
    assert post(desk.keeper, "desk_book", voucher.public_id).status_code == 403
    assert post(an_empty_fund().approver, "desk_book", voucher.public_id).status_code == 404
    claim.refresh_from_db()
    assert claim.repaid_fen == 0
    assert "核对入账" in page_of_desk(desk.approver, claim)
    assert "核对入账" not in page_of_desk(desk.keeper, claim)

    assert post(desk.approver, "desk_book", voucher.public_id).status_code == 302

    claim.refresh_from_db()
    assert claim.repaid_fen == 300_00
    assert "还剩 499.00 元" in page_of_desk(desk.keeper, claim)
    assert post(desk.approver, "desk_book", voucher.public_id).status_code == 409
    assert post(desk.keeper, "desk_void", voucher.public_id).status_code == 409
    claim.refresh_from_db()
    assert claim.repaid_fen == 300_00


def test_an_endowment_is_written_down_struck_out_and_booked() -> None:
    desk = an_empty_fund()
    empty = post(desk.keeper, "desk_endow")
    assert (empty.status_code, desk.fund.vouchers.count()) == (422, 0)
    post(desk.keeper, "desk_endow", **{"receipt-amount": "1,000", "receipt-reference": "B-1"})
    slip = desk.fund.vouchers.get()
    assert "B-1" in at_desk(desk.approver).get(reverse("mediation:desk_claims")).content.decode()

    assert post(desk.approver, "desk_void", slip.public_id).status_code == 302
    post(desk.keeper, "desk_endow", **{"receipt-amount": "10,000", "receipt-reference": "B-1"})
    post(desk.approver, "desk_book", desk.fund.vouchers.get(voided_by=None).public_id)

    assert desk.balances() == {"CASH": 10_000_00, "FUND_CAPITAL": 10_000_00}


def test_the_desk_warns_when_free_money_is_low() -> None:
    desk = a_fund(100_00, floor_fen=1_000_00)

    assert "低于警戒线 200.00 元" in at_desk(desk.keeper).get(reverse("mediation:desk_claims")).content.decode()


def test_the_bank_is_asked_from_the_desk() -> None:
    matter, claim = a_paid_claim(payee_account=COMES_BACK_ACCOUNT)
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        jobs.drain()
    claim.refresh_from_db()
    assert claim.state == Claim.State.DECIDED
    before = snapshot(claim)
    answer = post(matter.desk.keeper, "desk_ask_bank", claim.public_id)
    assert (answer.status_code, "不用问银行" in answer.content.decode()) == (409, True)
    assert snapshot(claim) == before
    assert "等更正账户" in page_of_desk(matter.desk.keeper, claim)


def test_the_rail_counts_what_waits_for_this_person() -> None:
    matter, claim = a_claim()

    def count(who: User) -> int | None:
        user = User.objects.get(pk=who.pk)
        entries = [entry for group in rail.rail_of(user) for entry in group.entries]
        return next((row.count for row in entries if row.url == reverse("mediation:desk_claims")), None)

    assert (count(matter.desk.keeper), count(matter.desk.approver), count(matter.officer)) == (1, 0, None)
    post(matter.desk.keeper, "desk_check", claim.public_id, **{"check-version": claim.version})
    assert (count(matter.desk.keeper), count(matter.desk.approver)) == (0, 1)


def test_the_demand_letter_is_for_the_shop_and_the_fund() -> None:
    matter, claim = a_paid_claim()
    jobs.drain()
    letter = reverse("kernel:paper", args=[documents.of(claim).get().public_id])
    assert browser(matter.merchant).get(letter).status_code == 200
    assert at_desk(matter.desk.keeper).get(letter).status_code == 200
    assert browser(matter.consumer).get(letter).status_code == 404
    assert browser(build.a_merchant(build.a_shop())).get(letter).status_code == 404
    assert claim.agreement.document is not None
    agreement = reverse("kernel:paper", args=[claim.agreement.document.public_id])
    assert at_desk(matter.desk.keeper).get(agreement).status_code == 200
    assert at_desk(build.staff(Role.FUND_KEEPER)).get(agreement).status_code == 404
