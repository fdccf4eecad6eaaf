"""Two people at one clock at the same moment: one acts, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from portal.kernel import calendars, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, ClockPause, LawVersion
from tests.kernel.clocked import body, member

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = date(2026, 11, 2)


def both(act: Callable[[], object]) -> list[str]:
    gate = Barrier(2)

    def run(_number: int) -> str:
        try:
            gate.wait(timeout=10)
            act()
        except (Clock.DoesNotExist, IntegrityError, Refused) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2)))


def test_one_clock_is_started_once() -> None:
    subject = body()
    assert both(lambda: calendars.start(subject, "T-WD", on=MONDAY)) == ["IntegrityError", "done"]
    assert Clock.objects.count() == 1


def test_one_clock_is_met_once() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=MONDAY)
    assert both(lambda: calendars.meet(subject, "T-WD", on=MONDAY)) == ["DoesNotExist", "done"]


def test_one_clock_is_paused_once() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=MONDAY)
    assert both(lambda: calendars.pause(subject, "T-CD", on=MONDAY, reason="appraisal")) == ["Refused", "done"]
    assert ClockPause.objects.count() == 1


def test_one_version_of_a_day_is_proposed_once() -> None:
    admin = member(body(), Role.ADMIN)
    told = {"code": "T-WD", "from_date": date(2099, 1, 1), "length": 10, "extension": 0, "law": "《新办法》"}
    rest = {"article": "第一条", "certainty": "text", "source": "公报", "who": admin}
    assert both(lambda: calendars.propose_law_version(**told, **rest)) == ["Refused", "done"]  # type: ignore[arg-type]
    assert LawVersion.objects.count() == 1


def test_a_version_is_decided_once() -> None:
    unit = body()
    maker, checker = member(unit, Role.ADMIN, name="maker"), member(unit, Role.ADMIN, name="checker")
    version = calendars.propose_law_version(
        code="T-WD",
        from_date=date(2099, 1, 1),
        length=10,
        extension=0,
        law="《新办法》",
        article="第一条",
        certainty="text",
        source="公报",
        who=maker,
    )
    decide = partial(calendars.decide_law_version, public_id=version.public_id, who=checker)
    assert both(lambda: decide(verdict="approve")) == ["Refused", "done"]
    assert events.of(version).count() == 2
