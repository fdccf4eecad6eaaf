"""An appraisal stops the sixty days, with evidence of when and why."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from complaints.models import Case
from mediation.models import Appraisal, Mediation
from mediation.services import appraisals
from portal.kernel import calendars, events
from portal.kernel.calendars import Clock
from portal.kernel.errors import Refused
from tests.build_mediation import Table, a_room, an_offer, said

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int) -> Any:
    return time_machine.travel(datetime(2026, month, day, 10, tzinfo=SHANGHAI), tick=False)


def period(table: Table) -> Clock:
    return calendars.open_clocks(Case.objects.get(pk=table.case.pk)).get(code="D02")


def commission(table: Table, **changes: Any) -> Appraisal:
    told: dict[str, Any] = {
        "body": "示例质量检验中心",
        "item": "羽绒服充绒成分",
        "cost_note": "商家先付，按结果承担",
        "reference": "示例检〔2026〕12号",
        "commissioned_on": date(2026, 5, 20),
        "who": table.officer,
        "version": table.now().version,
    }
    return appraisals.commission(mediation_id=table.mediation.pk, **(told | changes))


def receive(table: Table, **changes: Any) -> Appraisal:
    told: dict[str, Any] = {
        "reference": "报告 2026-7788",
        "received_on": date(2026, 6, 19),
        "who": table.officer,
        "version": table.now().version,
    }
    return appraisals.receive(mediation_id=table.mediation.pk, **(told | changes))


def test_thirty_days_of_appraisal_move_the_last_day_by_thirty_days() -> None:
    with at(5, 6):
        table = a_room()
        assert period(table).due_on == date(2026, 7, 5)
    with at(5, 20):
        commission(table)
    assert period(table).paused_on == date(2026, 5, 20)
    assert table.now().state == Mediation.State.APPRAISAL
    standing = Case.objects.get(pk=table.case.pk).fact
    assert standing is not None
    assert standing.mediation_due_on is None, "while it stands still nothing is counted as overdue"

    with at(6, 19):
        receive(table)

    assert (period(table).due_on, period(table).paused_on) == (date(2026, 8, 4), None)
    assert table.now().state == Mediation.State.IN_SESSION
    fact = Case.objects.get(pk=table.case.pk).fact
    assert fact is not None
    assert fact.mediation_due_on == date(2026, 8, 4)
    row = Appraisal.objects.get()
    assert (row.commission_reference, row.report_reference) == ("示例检〔2026〕12号", "报告 2026-7788")
    assert (row.commissioned_by, row.received_by) == (table.officer, table.officer)
    found = [(event.name, event.payload.get("on")) for event in events.of(table.mediation)][-2:]
    assert found == [("appraisal.commissioned", "2026-05-20"), ("appraisal.received", "2026-06-19")]


def test_during_the_appraisal_people_talk_but_do_not_bargain() -> None:
    with at(5, 20):
        table = a_room()
        commission(table)

        said(table, table.consumer, "结果什么时候出来？")
        with pytest.raises(Refused) as refusal:
            an_offer(table, table.consumer)

    assert refusal.value.code == "talks_moved_on"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": " "}, "body"),
        ({"item": ""}, "item"),
        ({"cost_note": ""}, "cost_note"),
        ({"reference": ""}, "reference"),
        ({"body": "字" * 121}, "body"),
        ({"commissioned_on": date(2026, 5, 21)}, "commissioned_on"),
        ({"commissioned_on": date(2026, 5, 19)}, "commissioned_on"),
    ],
)
def test_without_evidence_nothing_is_paused(changes: dict[str, Any], field: str) -> None:
    with at(5, 20):
        table = a_room()
        with pytest.raises(Refused) as refusal:
            commission(table, **changes)

        assert refusal.value.field == field
        assert period(table).paused_on is None
        assert Appraisal.objects.count() == 0
        assert table.now().state == Mediation.State.IN_SESSION


def test_a_report_does_not_come_before_its_commission_or_without_its_number() -> None:
    with at(5, 20):
        table = a_room()
        commission(table)
    with at(6, 19):
        for changes, field in (
            ({"received_on": date(2026, 5, 19)}, "received_on"),
            ({"received_on": date(2026, 6, 20)}, "received_on"),
            ({"reference": ""}, "reference"),
        ):
            with pytest.raises(Refused) as refusal:
                receive(table, **changes)
            assert refusal.value.field == field

        assert period(table).paused_on == date(2026, 5, 20)
        assert Appraisal.objects.get().received_on is None


def test_only_the_mediator_pauses_the_clock() -> None:
    with at(5, 20):
        table = a_room()
        for who in (table.consumer, table.merchant):
            with pytest.raises(Refused) as refusal:
                commission(table, who=who)
            assert refusal.value.code == "forbidden"

        assert period(table).paused_on is None
