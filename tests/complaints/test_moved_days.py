"""A notice of holidays moves last days: statistics and the disclosure desk follow the clocks."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from complaints.models import Case
from portal.kernel import calendars, jobs
from portal.kernel.access import Role
from publicity.models import Disclosure
from publicity.services import disclosures, facts
from tests import build
from tests.kernel.clocked import fresh_calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(fresh_calendar.__name__)]
LATE = datetime(2026, 12, 24, 2, tzinfo=UTC)
BLOCK = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)]


def load_2027() -> None:
    calendars.load_notice(2027, BLOCK, [], "示例通知〔2026〕1号", None)
    jobs.drain()


@time_machine.travel(LATE, tick=False)
def test_the_fact_of_a_case_follows_its_clock() -> None:
    case = build.a_dispatched_case()
    assert case.fact is not None
    assert case.fact.decision_due_on == date(2027, 1, 5)

    load_2027()

    fact = Case.objects.get(pk=case.pk).fact
    assert fact is not None
    running = calendars.open_clocks(case).get(code="D01")
    assert fact.decision_due_on == running.due_on == date(2027, 1, 6)


@time_machine.travel(LATE, tick=False)
def test_a_record_in_review_is_due_when_its_clock_says() -> None:
    unit, shop = build.a_unit(), build.a_shop()
    fact = facts.open_fact(
        kind="complaint",
        shop_id=shop.pk,
        bureau_id=unit.pk,
        district=build.NANKAI,
        problem="",
        object_class="",
        sale_mode="",
        channel="PORTAL",
        regime="ORDER121",
        received_on=date(2026, 12, 1),
        agrees_to_disclosure=True,
    )
    facts.advance(fact_id=fact.pk, closed_on=date(2026, 12, 24), outcome="settled")
    row = disclosures.propose(
        fact_id=fact.pk,
        shop_id=shop.pk,
        unit_id=unit.pk,
        handler_id=build.staff(Role.OFFICER, unit).pk,
        proposed_summary="买的空气净化器拆封以后退货，已经退款。",
        outcome="settled",
        closed_on=date(2026, 12, 24),
    )
    assert row is not None
    before = row.due_on

    load_2027()

    row = Disclosure.objects.get(pk=row.pk)
    assert row.due_on == calendars.open_clocks(row).get(code="D41").due_on
    assert (before, row.due_on) == (date(2027, 1, 5), date(2027, 1, 6))
