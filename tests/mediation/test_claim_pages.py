"""First payout over HTTP, without a script: what each person sees, presses, and is refused."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.models import Case
from complaints.selectors.timeline import Side, Whose, timeline
from mediation.models import Claim, Voucher
from mediation.services import claims
from portal.kernel import access_log, clock, documents, jobs, rail
from portal.kernel.access import Role
from portal.kernel.models import User
from tests import build
from tests.build_desk import at_desk
from tests.build_money import (
    COMES_BACK_ACCOUNT,
    GOOD_ACCOUNT,
    RETURNED_ACCOUNT,
    SMALL,
    Matter,
    a_breached_agreement,
    a_claim,
    a_frozen_claim,
    a_fund,
    a_paid_claim,
    an_answered_claim,
    an_empty_fund,
    apply,
    asked,
    repaid,
    snapshot,
)
from tests.mediation.test_pages import browser, page

pytestmark = pytest.mark.django_db
FORM = {"amount": "799.00", "payee_name": "林示例", "payee_account": "6222 0000 0000 0000 018"}
AGREED = {"has_no_other_compensation": "on", "assigns_the_claim": "on"}
SECRETS = ("林示例", GOOD_ACCOUNT)


def post(who: User, name: str, *args: Any, **data: Any) -> Any:
    client = at_desk(who) if who.is_staff else browser(who)
    return client.post(reverse(f"mediation:{name}", args=args), data)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ")


def test_a_consumer_is_led_from_the_agreement_to_a_claim_and_shown_where_it_stands() -> None:
    matter = a_breached_agreement()
    agreement = page(matter.consumer, "agreement", matter.agreement.public_id)
    assert reverse("mediation:claim_apply", args=[matter.agreement.public_id]) in agreement
    form = page(matter.consumer, "claim_apply", matter.agreement.public_id)
    assert 'value="799.00"' in form

    answer = post(matter.consumer, "claim_apply", matter.agreement.public_id, **FORM, **AGREED)

    claim = Claim.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("mediation:claim", args=[claim.public_id]))
    shown = page(matter.consumer, "claim", claim.public_id)
    assert "正在看您的材料，您现在不用做什么。" in shown
    assert "林*，尾号 0018" in shown
    assert not any(secret in shown for secret in SECRETS)
    agreement = page(matter.consumer, "agreement", matter.agreement.public_id)
    assert reverse("mediation:claim", args=[claim.public_id]) in agreement
    assert reverse("mediation:claim_apply", args=[matter.agreement.public_id]) not in agreement
    assert reverse("mediation:agreement_performed", args=[matter.agreement.public_id]) not in agreement


def test_pressing_twice_and_coming_back_show_the_one_claim() -> None:
    matter, claim = a_claim()

    again = post(matter.consumer, "claim_apply", matter.agreement.public_id, **FORM, **AGREED)
    back = browser(matter.consumer).get(reverse("mediation:claim_apply", args=[matter.agreement.public_id]))

    target = reverse("mediation:claim", args=[claim.public_id])
    assert (again.status_code, again["Location"]) == (302, target)
    assert (back.status_code, back["Location"]) == (302, target)
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": ""}, "请填写金额。"),
        ({"amount": "很多"}, "请用数字填写金额"),
        ({"amount": "799.01"}, "不超过协议约定的金额"),
        ({"payee_name": " "}, "请填写收款人姓名。"),
        ({"payee_account": "1234"}, "请填写收款银行卡号"),
        ({"has_no_other_compensation": ""}, "请确认没有从别处得到同一笔赔偿。"),
        ({"assigns_the_claim": ""}, "请同意把向商家追偿的权利转给基金。"),
    ],
)
def test_a_wrong_application_says_why_and_keeps_what_was_typed(changes: dict[str, str], sentence: str) -> None:
    matter = a_breached_agreement()
    typed = {**FORM, **AGREED, **changes}

    answer = post(matter.consumer, "claim_apply", matter.agreement.public_id, **typed)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in text
    assert sentence in text
    assert all(f'value="{typed[name]}"' in text for name in FORM if typed[name].strip())
    assert Claim.objects.count() == 0


def test_everything_that_is_wrong_is_said_at_once() -> None:
    matter = a_breached_agreement()

    text = post(matter.consumer, "claim_apply", matter.agreement.public_id, amount="一千").content.decode()

    assert "有 5 处要改" in text
    assert Claim.objects.count() == 0


def test_a_stranger_finds_neither_form_nor_claim() -> None:
    matter, claim = a_claim()
    outsiders = [build.a_citizen(), build.a_merchant(build.a_shop()), matter.merchant]
    for who in outsiders:
        assert browser(who).get(reverse("mediation:claim", args=[claim.public_id])).status_code == 404
    for who in outsiders[:1]:
        answer = post(who, "claim_apply", matter.agreement.public_id, **FORM, **AGREED)
        assert answer.status_code == 404
        assert post(who, "claim_withdraw", claim.public_id, **{"withdraw-version": 1}).status_code == 404
        assert post(who, "claim_payee", claim.public_id, **{"payee-version": 1}).status_code == 404
        assert post(who, "claim_object", claim.public_id, **{"object-reason": "不同意。"}).status_code == 404
    other = an_empty_fund()
    assert at_desk(other.keeper).get(reverse("mediation:desk_claim", args=[claim.public_id])).status_code == 404
    before = snapshot(claim)
    assert post(other.keeper, "desk_check", claim.public_id, **{"check-version": 1}).status_code == 404
    assert snapshot(claim) == before


def test_the_links_of_notices_work_for_the_funds_people_too() -> None:
    matter, claim = a_claim()
    answer = at_desk(matter.desk.keeper).get(reverse("mediation:claim", args=[claim.public_id]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("mediation:desk_claim", args=[claim.public_id]))

    assert at_desk(matter.officer).get(reverse("mediation:claim", args=[claim.public_id])).status_code == 404


def test_the_shop_sees_the_claim_once_it_must_answer_and_never_who_asked() -> None:
    matter, claim = a_frozen_claim()

    shown = page(matter.merchant, "claim", claim.public_id)

    due = clock.today()
    assert "消费者申请了先行赔付" in words(shown)
    assert f"{due.year} 年" in shown
    assert not any(secret in shown for secret in (*SECRETS, "尾号"))
    answer = post(matter.merchant, "claim_object", claim.public_id, **{"object-reason": ""})
    assert (answer.status_code, "请写明为什么不同意先行赔付。" in answer.content.decode()) == (422, True)
    answer = post(matter.merchant, "claim_object", claim.public_id, **{"object-reason": "货已经换过。"})
    assert answer.status_code == 302
    shown = page(matter.merchant, "claim", claim.public_id)
    assert "您的意见已经收到，等基金决定。" in shown
    assert "货已经换过。" in shown
    assert "货已经换过。" in page(matter.consumer, "claim", claim.public_id)
    before = snapshot(claim)
    again = post(matter.merchant, "claim_object", claim.public_id, **{"object-reason": "再说一遍。"})
    assert again.status_code == 409
    assert snapshot(claim) == before


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


def page_of_desk(who: User, claim: Claim) -> str:
    answer = at_desk(who).get(reverse("mediation:desk_claim", args=[claim.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


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


def test_the_consumer_corrects_the_account_after_a_return() -> None:
    matter, claim = a_paid_claim(payee_account=RETURNED_ACCOUNT)
    shown = page(matter.consumer, "claim", claim.public_id)
    assert "银行退回了这笔钱，请您核对收款账户。" in shown
    before = snapshot(claim)
    version = {"payee-version": claim.version}
    wrong = post(
        matter.consumer,
        "claim_payee",
        claim.public_id,
        **version,
        **{"payee-payee_name": "林示例", "payee-payee_account": "12"},
    )
    assert (wrong.status_code, "请填写收款银行卡号" in wrong.content.decode()) == (422, True)
    stale = post(
        matter.consumer,
        "claim_payee",
        claim.public_id,
        **{"payee-version": 1, "payee-payee_name": "林示例", "payee-payee_account": GOOD_ACCOUNT},
    )
    assert stale.status_code == 409
    assert f'name="payee-version" value="{claim.version}"' in stale.content.decode()
    assert snapshot(claim) == before

    right = post(
        matter.consumer,
        "claim_payee",
        claim.public_id,
        **version,
        **{"payee-payee_name": "林示例", "payee-payee_account": GOOD_ACCOUNT},
    )
    jobs.drain()

    assert right.status_code == 302
    assert "已经赔给您" in page(matter.consumer, "claim", claim.public_id)


def test_the_consumer_withdraws_because_the_shop_has_paid() -> None:
    matter, claim = a_frozen_claim()

    answer = post(
        matter.consumer,
        "claim_withdraw",
        claim.public_id,
        **{"withdraw-version": claim.version, "withdraw-has_been_paid": "on"},
    )

    assert answer.status_code == 302
    claim.refresh_from_db()
    matter.agreement.refresh_from_db()
    assert (claim.state, matter.agreement.performed_on) == (Claim.State.WITHDRAWN, clock.today())
    shown = page(matter.consumer, "claim", claim.public_id)
    assert "您撤回了这次申请。" in shown
    assert "再申请一次" not in shown
    assert "不用归还" in page(matter.merchant, "claim", claim.public_id)


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


def turn_of(matter: Matter, side: Side) -> Any:
    case = Case.objects.get(pk=matter.agreement.mediation.case_id)
    who = {Side.CONSUMER: matter.consumer, Side.SHOP: matter.merchant, Side.STAFF: matter.officer}[side]
    return timeline(who=who, case=case, side=side).turn


def test_the_timeline_says_whose_turn_it_is_in_a_first_payout() -> None:
    matter = a_breached_agreement()
    assert turn_of(matter, Side.SHOP).headline == "协议到期没有履行，请马上履行。"
    claim = apply(matter)
    assert turn_of(matter, Side.CONSUMER).headline == "正在看您的材料，您现在不用做什么。"
    assert turn_of(matter, Side.SHOP).headline == "协议到期没有履行，请马上履行。"

    _matter, claim = a_frozen_claim_of(matter, claim)
    shop = turn_of(matter, Side.SHOP)
    assert (shop.whose, shop.by is not None) == (Whose.SHOP, True)
    assert shop.links[0].url == reverse("mediation:claim", args=[claim.public_id])
    assert turn_of(matter, Side.STAFF).headline == "协议没有履行，先行赔付：待决定"

    claims.withdraw(claim_id=claim.pk, who=matter.consumer, version=claim.version)
    assert turn_of(matter, Side.CONSUMER).headline == "商家没有按协议做到，您可以申请先行赔付。"

    claim = a_paid_claim(matter)[1]
    assert turn_of(matter, Side.CONSUMER).whose == Whose.NOBODY
    shop = turn_of(matter, Side.SHOP)
    assert (shop.whose, shop.by) == (Whose.SHOP, claim.recourse_due_on)
    home = browser(matter.merchant).get(reverse("complaints:merchant_home")).content.decode()
    assert reverse("mediation:claim", args=[claim.public_id]) in home
    with clock.standing_at(clock.now() + timedelta(days=40)):
        assert (turn_of(matter, Side.SHOP).tone, "已经逾期" in turn_of(matter, Side.SHOP).headline) == ("bad", True)

    repaid(matter, claim, claim.amount_fen)
    assert turn_of(matter, Side.SHOP).headline == "这笔先行赔付款已经还清。"
    home = browser(matter.merchant).get(reverse("complaints:merchant_home")).content.decode()
    assert reverse("mediation:claim", args=[claim.public_id]) not in home


def a_frozen_claim_of(matter: Matter, claim: Claim) -> tuple[Matter, Claim]:
    post(matter.desk.keeper, "desk_check", claim.public_id, **{"check-version": claim.version})
    claim.refresh_from_db()
    return matter, claim


def test_the_story_of_the_case_tells_each_side_what_concerns_it() -> None:
    matter, claim = a_paid_claim(a_breached_agreement(fen=SMALL), payee_account=COMES_BACK_ACCOUNT)
    with clock.standing_at(clock.now() + timedelta(days=1, minutes=1)):
        asked(claim)
    case = Case.objects.get(pk=matter.agreement.mediation.case_id)

    def titles(side: Side) -> list[str]:
        told = timeline(who=matter.consumer, case=case, side=side).past
        return [words(step.title) for step in told][-7:]

    assert titles(Side.CONSUMER)[-4:] == [
        "商家提出了异议",
        "批准先行赔付",
        "先行赔付 400.00 元，已经付款",
        "银行退回了先行赔付款",
    ]
    assert titles(Side.SHOP)[-4:] == [
        "消费者申请了先行赔付 400.00 元",
        "您提出了异议",
        "基金赔给消费者 400.00 元",
        "请商家归还 400.00 元",
    ]


def test_the_rail_counts_what_waits_for_this_person() -> None:
    matter, claim = a_claim()

    def count(who: User) -> int | None:
        user = User.objects.get(pk=who.pk)
        entries = [entry for group in rail.rail_of(user) for entry in group.entries]
        return next((row.count for row in entries if row.url == reverse("mediation:desk_claims")), None)

    assert (count(matter.desk.keeper), count(matter.desk.approver), count(matter.officer)) == (1, 0, None)
    a_frozen_claim_of(matter, claim)
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
