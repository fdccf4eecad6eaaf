"""What the talks say on the timeline, to each person."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from complaints.models import Case
from complaints.selectors.timeline import timeline
from mediation.services import appraisals, offers, performance, sessions
from portal.kernel import clock
from portal.kernel.models import User
from tests.build_mediation import (
    Table,
    a_drawn_agreement,
    a_room,
    a_signed_agreement,
    an_accepted_offer,
    an_invitation,
    an_offer,
    signed_by,
)

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def headline(table: Table, who: User) -> str:
    case = Case.objects.select_related("shop", "hub", "unit", "handler", "respondent", "consumer").get(pk=table.case.pk)
    return timeline(who=who, case=case).headline


def headlines(table: Table) -> tuple[str, str, str]:
    return headline(table, table.consumer), headline(table, table.merchant), headline(table, table.officer)


def past(table: Table, who: User) -> list[str]:
    return [step.title for step in timeline(who=who, case=Case.objects.get(pk=table.case.pk)).past]


def test_before_the_answers_each_side_is_asked() -> None:
    table = an_invitation()
    assert headlines(table) == (
        "轮到您了：您同意调解吗？",
        "轮到您了：您同意调解吗？",
        "等双方答复是否同意调解",
    )

    sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)
    assert headlines(table)[:2] == ("您已同意调解，等对方答复。您现在不用做什么。", "轮到您了：您同意调解吗？")

    sessions.consent(mediation_id=table.mediation.pk, agrees=False, who=table.merchant)
    assert headlines(table)[1] == "您没有同意调解。改主意了，现在还可以改。"


def test_an_offer_says_whose_turn_it_is() -> None:
    table = a_room()
    assert headlines(table) == (
        "双方正在谈，您可以说话，也可以提方案。",
        "双方正在谈，您可以说话，也可以提方案。",
        "双方正在谈。",
    )

    an_offer(table, table.consumer)

    assert headlines(table) == (
        "轮到商家答复了，您现在不用做什么。",
        "轮到您答复了：消费者提出，由您退\u00a0799.00\u00a0元。",
        "等商家答复方案",
    )


def test_from_acceptance_to_signature() -> None:
    table = a_room()
    an_accepted_offer(table)
    assert headlines(table) == (
        "方案已接受，等调解员写协议。",
        "方案已接受，等调解员写协议。",
        "方案已接受，请写成协议",
    )

    other = a_room()
    signed_by(a_drawn_agreement(other), other.merchant)
    assert headlines(other) == ("协议写好了，轮到您签名。", "您已经签了，等对方签名。", "协议写好了，等双方签名")


def test_during_an_appraisal_time_stands_still() -> None:
    table = a_room()
    appraisals.commission(
        mediation_id=table.mediation.pk,
        body="示例质检中心",
        item="成分",
        cost_note="商家付",
        reference="检 12",
        commissioned_on=clock.today(),
        who=table.officer,
        version=table.now().version,
    )

    assert headline(table, table.consumer) == "正在鉴定检测，调解期限暂停。"


def test_from_settlement_to_performance() -> None:
    table = a_room()
    agreement = a_signed_agreement(table)
    assert headlines(table) == (
        "谈成了，等商家履行。",
        "谈成了，请在12 月 4 日（星期五）前履行。",
        "谈成了，等商家履行",
    )

    performance.mark_performed(agreement_id=agreement.pk, who=table.consumer)
    assert headlines(table) == ("协议已经履行完毕。",) * 3


def test_a_breach_tells_the_consumer_what_to_do() -> None:
    table = a_room()
    agreement = a_signed_agreement(table)

    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=SHANGHAI), tick=False):
        performance.check(agreement_id=agreement.pk)
        assert headlines(table) == (
            "商家没有按协议做到，您可以申请先行赔付。",
            "协议到期没有履行，请马上履行。",
            "协议没有按期履行",
        )


def test_the_river_tells_what_happened_in_each_readers_words() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)
    offers.accept(offer_id=offer.pk, who=table.merchant)

    assert past(table, table.consumer)[-5:] == [
        "您同意调解",
        "商家同意调解",
        "双方同意调解",
        "您提出方案：退\u00a0799.00\u00a0元",
        "方案被接受：退\u00a0799.00\u00a0元",
    ]
    assert past(table, table.merchant)[-2:] == [
        "消费者提出方案：退\u00a0799.00\u00a0元",
        "方案被接受：退\u00a0799.00\u00a0元",
    ]
