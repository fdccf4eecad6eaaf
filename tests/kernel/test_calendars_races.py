"""Two people at one clock at the same moment: one acts, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from portal.kernel import calendars
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, ClockPause
from tests.kernel.clocked import body

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = date(2026, 11, 2)


def both(act: Callable[[], Clock]) -> list[str]:
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
