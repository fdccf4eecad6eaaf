"""First payout over HTTP, without a script: what each person sees, presses, and is refused."""

import pytest
from django.urls import reverse

from mediation.models import Claim
from portal.kernel import clock, jobs
from tests import build
from tests.build_desk import at_desk
from tests.build_money import (
    GOOD_ACCOUNT,
    RETURNED_ACCOUNT,
    a_breached_agreement,
    a_claim,
    a_frozen_claim,
    a_paid_claim,
    an_empty_fund,
    post,
    snapshot,
    words,
)
from tests.mediation.test_pages import browser, page

pytestmark = pytest.mark.django_db
FORM = {"amount": "799.00", "payee_name": "林示例", "payee_account": "6222 0000 0000 0000 018"}
AGREED = {"has_no_other_compensation": "on", "assigns_the_claim": "on"}
SECRETS = ("林示例", GOOD_ACCOUNT)


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
