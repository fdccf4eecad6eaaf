"""A first payout on the timeline of its case: whose turn it is, and what each side is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.models import Case
from complaints.selectors.timeline import Side, Whose, timeline
from mediation.services import claims, payouts
from portal.kernel import clock
from tests.build_money import (
    COMES_BACK_ACCOUNT,
    SMALL,
    Matter,
    a_breached_agreement,
    a_paid_claim,
    apply,
    asked,
    repaid,
    words,
)
from tests.mediation.test_pages import browser

pytestmark = pytest.mark.django_db


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

    claim = payouts.pass_formal_check(claim_id=claim.pk, who=matter.desk.keeper, version=claim.version)
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
