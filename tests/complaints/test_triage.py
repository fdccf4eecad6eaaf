"""Where a case goes, and who may send it there."""

import json
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from complaints.models import Movement, Party, RoutingRule
from complaints.selectors.routing import suggest, suggest_unit
from complaints.services import routing, triage
from portal.kernel import bodies, clock, crypto, jobs, regions
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord, Clock, Document, Notice
from publicity.services import shops
from tests.build import a_dispatched_case, a_filed_case, a_shop, a_unit, staff
from tests.build_desk import (
    a_department,
    a_proposed_rejection,
    an_incomplete_order,
    clocks_of,
    consumer_of,
    fact_of,
    names_of,
    snapshot,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


def a_rule(**fields: object) -> RoutingRule:
    told: dict[str, Any] = {
        "district": "",
        "topic": "",
        "reason": "示例理由",
        "article": "办法13",
        "from_date": date(2026, 4, 15),
    }
    return RoutingRule.objects.create(**(told | fields))


def test_a_rule_for_place_and_topic_beats_one_for_the_topic_and_one_for_the_place() -> None:
    bureau, special, commerce = a_unit(), a_unit(), a_department()
    a_rule(district="120104", unit=bureau)
    a_rule(topic="prepaid", unit=commerce, reason="预付卡由市商务局负责")
    case = a_filed_case(topic="prepaid")

    suggestion = suggest_unit(case)
    assert (suggestion.unit, suggestion.is_elsewhere) == (commerce, True)
    assert suggestion.reason == "预付卡由市商务局负责（办法13）"

    a_rule(district="120104", topic="prepaid", unit=special)
    assert suggest_unit(case).unit == special
    assert suggest_unit(a_filed_case()).unit == bureau


def test_a_rule_proposes_only_while_it_is_in_force() -> None:
    a_rule(district="120104", unit=a_unit(), until_date=date(2026, 5, 1))
    suggestion = suggest_unit(a_filed_case())
    assert (suggestion.unit, suggestion.rule) == (None, None)
    assert suggestion.reason == "没有一条分送规则说到这个区和这个事项，请您选定。"


@time_machine.travel(MONDAY, tick=False)
def test_dispatch_meets_the_hubs_timer_and_starts_d01_at_the_bureau() -> None:
    case = a_filed_case()
    unit, dispatcher = a_unit(), staff(Role.DISPATCHER, case.hub)

    case = triage.dispatch(case_id=case.pk, unit_id=unit.pk, reason="商家在该区经营", who=dispatcher, version=1)

    assert (case.state, case.unit, case.version) == ("dispatched", unit, 2)
    assert case.competent_received_at == MONDAY
    assert clocks_of(case) == {"HUB": "met", "D01": "open"}
    decide = Clock.objects.get(code="D01")
    assert (decide.unit, decide.due_on, decide.article) == (
        unit,
        date(2026, 12, 2),
        "《市场监督管理投诉举报处理办法》第十五条",
    )
    assert (fact_of(case).competent_on, fact_of(case).decision_due_on) == (date(2026, 11, 23), date(2026, 12, 2))
    assert fact_of(case).bureau == unit
    assert names_of(case) == ["case.filed", "case.dispatched"]
    movement = Movement.objects.get()
    assert (movement.kind, movement.from_unit, movement.to_unit) == ("dispatch", case.hub, unit)
    assert (movement.reason, movement.by) == ("商家在该区经营", dispatcher)
    paper = Document.objects.get(kind="form03")
    assert (paper.unit, paper.number) == (case.hub, "津南市监〔2026〕1号")
    told = Notice.objects.filter(user=consumer_of(case), name="case.dispatched")
    assert told.count() == 1


def test_only_the_hubs_dispatcher_may_dispatch() -> None:
    case = a_filed_case()
    before = snapshot(case)
    unit = a_unit()
    strangers = {
        staff(Role.OFFICER, unit): 404,
        staff(Role.DISPATCHER, a_unit()): 404,
        staff(Role.INTAKE, case.hub): 403,
        consumer_of(case): 403,
    }
    for who, status in strangers.items():
        with pytest.raises(Refused) as refusal:
            triage.dispatch(case_id=case.pk, unit_id=unit.pk, reason="商家在该区经营", who=who, version=1)
        assert refusal.value.status == status
    assert snapshot(case) == before


@pytest.mark.parametrize("kind", ["department", "hub", "fund"])
def test_a_case_is_dispatched_to_bureaus_only(kind: str) -> None:
    case = a_filed_case()
    before = snapshot(case)
    elsewhere = case.hub if kind == "hub" else a_unit(kind=kind)

    with pytest.raises(Refused) as refusal:
        triage.dispatch(
            case_id=case.pk, unit_id=elsewhere.pk, reason="示例", who=staff(Role.DISPATCHER, case.hub), version=1
        )

    assert (refusal.value.code, refusal.value.field) == ("not_a_bureau", "unit")
    assert snapshot(case) == before


def test_the_second_dispatcher_is_refused_and_nothing_more_happens() -> None:
    case = a_filed_case()
    unit = a_unit()
    first, second = staff(Role.DISPATCHER, case.hub), staff(Role.DISPATCHER, case.hub)
    triage.dispatch(case_id=case.pk, unit_id=unit.pk, reason="商家在该区经营", who=first, version=1)
    before = snapshot(case)

    with pytest.raises(Refused) as stale:
        triage.dispatch(case_id=case.pk, unit_id=a_unit().pk, reason="商家在那边", who=second, version=1)
    assert (stale.value.code, stale.value.extra) == ("stale", {"current_version": 2})

    with pytest.raises(Refused) as refusal:
        triage.dispatch(case_id=case.pk, unit_id=a_unit().pk, reason="商家在那边", who=second, version=2)
    assert refusal.value.code == "case_moved_on"
    assert snapshot(case) == before


def test_dispatching_takes_a_reason() -> None:
    case = a_filed_case()
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        triage.dispatch(
            case_id=case.pk, unit_id=a_unit().pk, reason="  ", who=staff(Role.DISPATCHER, case.hub), version=1
        )
    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "reason")
    assert snapshot(case) == before


@time_machine.travel(MONDAY, tick=False)
def test_a_bureau_returns_to_the_hub_and_a_new_d01_starts_at_the_next_bureau() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    officer = staff(Role.OFFICER, unit)

    case = triage.return_to_hub(case_id=case.pk, reason="商家已迁到和平区", who=officer, version=2)

    assert (case.state, case.unit, case.competent_received_at) == ("hub_received", None, None)
    assert [(c.code, c.ended_as, c.met_on is not None) for c in Clock.objects.order_by("pk")] == [
        ("HUB", "", True),
        ("D01", "returned", False),
        ("HUB", "", False),
    ]
    assert (fact_of(case).competent_on, fact_of(case).decision_due_on, fact_of(case).bureau) == (None, None, None)
    assert names_of(case)[-1] == "case.returned"

    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=clock.SHANGHAI), tick=False):
        dispatcher = staff(Role.DISPATCHER, case.hub)
        case = triage.dispatch(case_id=case.pk, unit_id=a_unit().pk, reason="实际经营地", who=dispatcher, version=3)
    assert Clock.objects.get(code="D01", ended_as="").due_on == date(2026, 12, 4)
    assert [m.kind for m in case.movements.order_by("pk")] == ["dispatch", "return", "dispatch"]


def test_a_bureau_cannot_send_a_case_sideways() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        triage.dispatch(
            case_id=case.pk, unit_id=a_unit().pk, reason="给邻区", who=staff(Role.OFFICER, unit), version=case.version
        )
    assert refusal.value.code == "forbidden"
    assert snapshot(case) == before


def test_returning_voids_the_proposal_that_waits() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    proposal = a_proposed_rejection(unit=unit, officer=officer)
    case = proposal.case
    triage.return_to_hub(case_id=case.pk, reason="没有处理权限", who=officer, version=case.version)
    proposal.refresh_from_db()
    assert proposal.state == "void"


@time_machine.travel(MONDAY, tick=False)
def test_a_transfer_ends_the_case_here_with_a_letter_and_tells_the_citizen_whom_to_ask() -> None:
    case = a_filed_case(topic="prepaid")
    commerce, dispatcher = a_department("示例市商务局"), staff(Role.DISPATCHER, case.hub)

    case = triage.transfer_out(
        case_id=case.pk, to_unit_id=commerce.pk, reason="预付卡由商务部门负责", who=dispatcher, version=1
    )

    assert (case.state, case.outcome, case.closed_at) == ("transferred_out", "transferred", MONDAY)
    assert clocks_of(case) == {"HUB": "met"}
    assert (fact_of(case).closed_on, fact_of(case).outcome) == (date(2026, 11, 23), "transferred")
    assert Document.objects.get(kind="transfer").unit == case.hub
    from portal.kernel import notices

    told = Notice.objects.get(user=consumer_of(case), name="case.transferred")
    assert notices.read(told).body == (
        f"投诉 {case.number} 应由示例市商务局处理，已经移送，电话 {commerce.phone}。以后的进展请向该单位询问。"
    )


def test_the_letter_of_transfer_says_whose_matter_it_is_and_the_citizen_may_open_it(client: Client) -> None:
    case = a_filed_case(topic="prepaid", source_system="HOTLINE-12345", source_no="A1")
    commerce = a_department("示例市商务局")
    triage.transfer_out(
        case_id=case.pk, to_unit_id=commerce.pk, reason="预付卡", who=staff(Role.DISPATCHER, case.hub), version=1
    )
    letter = Document.objects.get(kind="transfer")
    said = json.loads(crypto.unseal(letter, "data_sealed"))["data"]
    assert (said["consumer"], said["source"]) == ("林示例", "HOTLINE-12345 A1")
    assert said["consumer_phone"] == crypto.unseal(Party.objects.get(), "phone")
    assert said["respondent"].startswith(case.respondent.name)
    assert AccessRecord.objects.filter(purpose="document", was_refused=False).exists()
    jobs.drain()

    client.force_login(consumer_of(case))
    page = client.get(f"/case/{case.public_id}/").content.decode()
    assert "<dt>现在在</dt><dd>示例市商务局</dd>" in page
    assert f'href="/papers/{letter.public_id}/"' in page
    assert client.get(f"/papers/{letter.public_id}/").status_code == 200


def test_a_transfer_goes_to_other_departments_only() -> None:
    case = a_filed_case()
    before = snapshot(case)
    for receiver in (a_unit(), case.hub):
        with pytest.raises(Refused) as refusal:
            triage.transfer_out(
                case_id=case.pk,
                to_unit_id=receiver.pk,
                reason="示例理由",
                who=staff(Role.DISPATCHER, case.hub),
                version=1,
            )
        assert (refusal.value.code, refusal.value.field) == ("not_elsewhere", "unit")
    assert snapshot(case) == before


def test_an_incomplete_order_can_be_transferred_without_a_consumer() -> None:
    case = an_incomplete_order()
    case = triage.transfer_out(
        case_id=case.pk,
        to_unit_id=a_department().pk,
        reason="物业纠纷",
        who=staff(Role.DISPATCHER, case.hub),
        version=1,
    )
    assert (case.state, case.number, clocks_of(case)) == ("transferred_out", None, {"FILL": "met"})


def test_a_dispatched_case_that_is_transferred_stops_d01() -> None:
    case = a_dispatched_case()
    case = triage.transfer_out(
        case_id=case.pk,
        to_unit_id=a_department().pk,
        reason="应由商务部门处理",
        who=staff(Role.DISPATCHER, case.hub),
        version=case.version,
    )
    assert clocks_of(case) == {"HUB": "met", "D01": "void"}


def test_cases_and_reports_follow_a_merged_shop() -> None:
    unit = a_unit()
    kept = a_shop()
    case = a_dispatched_case(unit=unit, shop_name="示例鞋店", shop_address="南开区示例路 7 号", district="120104")
    gone = case.shop
    assert gone is not None
    jobs.drain()
    shops.merge(shop_id=gone.pk, into_id=kept.pk, who=staff(Role.SCHEME_OFFICER), version=gone.version)
    jobs.drain()
    case.refresh_from_db()
    assert (case.shop, case.respondent.name, names_of(case)[-1]) == (kept, "示例鞋店", "case.shop_moved")


def test_the_city_packs_routing_is_laid_once_and_proposes() -> None:
    bodies.sync()
    assert routing.seed_routing() == len(regions.city().routes)
    assert routing.seed_routing() == 0
    assert RoutingRule.objects.count() == len(regions.city().routes)
    at_home = suggest(district="120104", topic="")
    assert at_home.unit is not None
    assert (at_home.unit.code, at_home.is_elsewhere) == ("tj-120104", False)
    elsewhere = suggest(district="120104", topic="express")
    assert elsewhere.unit is not None
    assert (elsewhere.unit.code, elsewhere.is_elsewhere) == ("tj-post", True)
    assert elsewhere.reason == "“快递、邮政”由市邮政管理局负责（事项分工表）"
