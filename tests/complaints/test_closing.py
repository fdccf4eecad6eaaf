"""How a case ends, what is counted then, and what waits for the public register."""

from datetime import date, datetime

import pytest
import time_machine

from complaints.models import Case, LeadLink, Report
from complaints.selectors.cases import cases_open_to
from complaints.services import closing, summaries
from portal.kernel import clock, crypto, pii
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, Event, Notice
from publicity.models import Disclosure
from tests.build import a_merchant, a_shop, a_unit, an_accepted_case, staff
from tests.build_desk import (
    a_mediating_case,
    a_rejected_case,
    a_settled_case,
    a_terminated_case,
    clocks_of,
    consumer_of,
    fact_of,
    names_of,
    snapshot,
    until_done,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


@time_machine.travel(MONDAY, tick=False)
def test_settling_meets_d02_and_keeps_what_came_back() -> None:
    unit = a_unit()
    case = a_settled_case(unit=unit, officer=staff(Role.OFFICER, unit), recovered_fen=88_800)
    assert (case.state, case.outcome, case.recovered_fen) == ("settled", "settled", 88_800)
    assert clocks_of(case)["D02"] == "met"
    assert names_of(case)[-2:] == ["case.mediation_started", "case.settled"]


def test_mediation_starts_once_and_settles_once() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_mediating_case(unit=unit, officer=officer)
    before = snapshot(case)
    with pytest.raises(Refused) as again:
        closing.start_mediation(case_id=case.pk, who=officer)
    assert again.value.code == "case_moved_on"
    assert snapshot(case) == before
    accepted = an_accepted_case(unit=unit, officer=officer)
    with pytest.raises(Refused) as early:
        closing.settle(case_id=accepted.pk, recovered_fen=1, who=officer)
    assert early.value.code == "case_moved_on"


@time_machine.travel(MONDAY, tick=False)
def test_closing_a_settled_case_counts_it_and_proposes_its_disclosure() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(unit=unit, officer=officer, agrees_to_disclosure=True, recovered_fen=88_800)

    case = closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)

    assert (case.state, case.closed_at, case.lead_checked) == ("closed", MONDAY, True)
    fact = fact_of(case)
    assert (fact.closed_on, fact.outcome, fact.recovered_fen) == (date(2026, 11, 23), "settled", 88_800)
    assert fact.shop == case.shop
    disclosure = Disclosure.objects.get(fact=fact)
    assert (disclosure.state, disclosure.handler, disclosure.unit) == ("first_review", officer, unit)
    assert clocks_of(disclosure) == {"D41": "open"}
    assert Event.objects.get(name="case.closed").payload == {"outcome": "settled"}
    assert Notice.objects.get(name="case.closed").user == consumer_of(case)
    assert Report.objects.count() == 0


def test_without_the_consumers_consent_nothing_is_proposed() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(unit=unit, officer=officer)
    case = closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
    assert (case.state, Disclosure.objects.count()) == ("closed", 0)


def test_a_rejected_case_is_closed_and_never_disclosed() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_rejected_case(unit=unit, officer=officer, agrees_to_disclosure=True)
    case = closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
    assert (fact_of(case).outcome, Disclosure.objects.count()) == ("rejected", 0)


def test_a_case_closes_only_after_the_lead_check() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(unit=unit, officer=officer)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=False)
    assert (refusal.value.code, refusal.value.field) == ("lead_check_missing", "lead_checked")
    assert snapshot(case) == before


@pytest.mark.parametrize("state", ["accepted", "mediating"])
def test_an_undecided_case_cannot_be_closed(state: str) -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    make = an_accepted_case if state == "accepted" else a_mediating_case
    case = make(unit=unit, officer=officer)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
    assert refusal.value.code == "case_moved_on"
    assert snapshot(case) == before


def test_another_officer_cannot_close_it_and_it_closes_once() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(unit=unit, officer=officer)
    before = snapshot(case)
    with pytest.raises(Refused) as foreign:
        closing.close(case_id=case.pk, who=staff(Role.OFFICER, unit), version=case.version, lead_checked=True)
    assert foreign.value.code == "not_the_handler"
    assert snapshot(case) == before
    case = closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
    before = snapshot(case)
    with pytest.raises(Refused) as again:
        closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
    assert again.value.code == "case_moved_on"
    assert snapshot(case) == before


@time_machine.travel(MONDAY, tick=False)
def test_a_termination_is_told_to_both_inboxes_and_meets_d03() -> None:
    unit, shop = a_unit(), a_shop()
    merchant = a_merchant(shop)
    case = a_terminated_case(unit=unit, officer=staff(Role.OFFICER, unit), shop=shop)
    until_done("complaints.tell_termination")
    assert clocks_of(case)["D03"] == "met"
    assert Notice.objects.get(name="case.terminated").user == consumer_of(case)
    assert Notice.objects.get(name="case.terminated_shop").user == merchant
    served = Event.objects.filter(name="case.served").order_by("seq")
    assert [event.payload for event in served] == [
        {"side": "consumer", "method": "electronic"},
        {"side": "shop", "method": "electronic"},
    ]


@time_machine.travel(MONDAY, tick=False)
def test_a_shop_without_an_inbox_is_told_by_an_officer_before_the_case_can_close() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_terminated_case(unit=unit, officer=officer)
    until_done("complaints.tell_termination")
    assert clocks_of(case)["D03"] == "open"
    case = Case.objects.get(pk=case.pk)
    before = snapshot(case)

    with pytest.raises(Refused) as early:
        closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
    assert early.value.code == "termination_not_told"
    for wrong in ({"side": "both", "method": "phone"}, {"side": "shop", "method": "pigeon"}):
        with pytest.raises(Refused) as refusal:
            closing.record_service(case_id=case.pk, who=officer, version=case.version, **wrong)
        assert refusal.value.field == ("side" if wrong["side"] == "both" else "method")
    assert snapshot(case) == before

    case = closing.record_service(case_id=case.pk, side="shop", method="letter", who=officer, version=case.version)
    assert clocks_of(case)["D03"] == "met"
    with pytest.raises(Refused) as again:
        closing.record_service(case_id=case.pk, side="shop", method="letter", who=officer, version=case.version)
    assert again.value.code == "case_moved_on"
    assert closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True).state == "closed"


@time_machine.travel(MONDAY, tick=False)
def test_a_lead_found_at_closing_runs_d06_and_leaves_no_trace_on_the_case() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(unit=unit, officer=officer)

    case = closing.close(
        case_id=case.pk,
        who=officer,
        version=case.version,
        lead_checked=True,
        lead_facts="货架上有过期商品，照片在证据里。",
    )

    lead = Report.objects.get()
    assert (lead.kind, lead.unit, lead.state, lead.number) == ("lead", unit, "verifying", "TJ-XS-20261123-000001")
    assert crypto.unseal(lead, "facts") == "货架上有过期商品，照片在证据里。"
    assert crypto.unseal(lead, "target_name") == case.respondent.name
    assert clocks_of(lead) == {"D06": "open"}
    assert Clock.objects.get(code="D06").due_on == date(2026, 12, 14)
    assert LeadLink.objects.get().found_by == officer
    assert Event.objects.get(name="case.closed").payload == {"outcome": "settled"}
    assert names_of(case)[-1] == "case.closed"
    assert "D06" not in clocks_of(case)


def test_the_proposed_sentence_comes_from_classes_and_masked_words() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(
        unit=unit,
        officer=officer,
        facts="11月2日在店里买了净化器，店员让我打13900001234找王经理。拆封后店长不给退。" + "我很生气。" * 60,
        sale_mode="offline",
        purchased_on=date(2026, 11, 2),
    )
    summary = summaries.summary_of(case)
    assert summary.startswith("消费者于 2026 年 11 月（")
    assert "反映售后服务问题：11月2日在店里买了净化器" in summary
    assert summary.endswith("请求退货、退还货款和服务费用。处理结果：调解成功。")
    assert "13900001234" not in summary
    assert "林示例" not in summary
    assert not [span for span in pii.find(summary) if span.is_sure]
    assert 10 <= len(summary) <= 300


@pytest.mark.parametrize(
    ("facts", "story"),
    [
        ("尊敬的领导：您好！买的表三天不走了，店里不给换。", "买的表三天不走了，店里不给换。"),
        ("示例局长： 你好，" + "商家拒绝退款，" * 20, "商家拒绝退款，" * 17 + "商……"),
        ("敬爱的示例市长，我买的表不走了，店里不给换。", "我买的表不走了，店里不给换。"),
        ("各位领导好：买的表不走了，店里不给换。", "买的表不走了，店里不给换。"),
        ("问老板你好不好退，老板说拆了就不能退。", "问老板你好不好退，老板说拆了就不能退。"),
    ],
)
def test_a_greeting_is_no_part_of_the_proposed_sentence(facts: str, story: str) -> None:
    unit = a_unit()
    case = a_settled_case(unit=unit, officer=staff(Role.OFFICER, unit), facts=facts)
    assert f"：{story}请求" in summaries.summary_of(case)


def test_who_may_know_of_a_case() -> None:
    unit, shop = a_unit(), a_shop()
    officer = staff(Role.OFFICER, unit)
    case = a_mediating_case(unit=unit, officer=officer, shop=shop)
    may = [
        officer,
        staff(Role.REVIEWER, unit),
        staff(Role.MEDIATOR, unit),
        staff(Role.DISPATCHER, case.hub),
        staff(Role.INTAKE, case.hub),
        consumer_of(case),
        a_merchant(shop),
    ]
    may_not = [
        staff(Role.OFFICER, a_unit()),
        staff(Role.ENFORCER, unit),
        staff(Role.DISCLOSER, unit),
        staff(Role.ANALYST, unit),
        staff(Role.AUDITOR, unit),
        staff(Role.ADMIN, unit),
        a_merchant(a_shop()),
    ]
    assert [who for who in may if list(cases_open_to(who)) != [case]] == []
    assert [who for who in may_not if cases_open_to(who).exists()] == []
