"""The invented city in force, and its bodies, routes and fund in the database."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from portal import opening
from portal.kernel import clock, search
from portal.kernel.calendars import workdays

YUNTING = Path(__file__).parent / "yunting"
TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=clock.SHANGHAI)


@pytest.fixture
def yunting(settings: Settings, db: None) -> Iterator[None]:
    """云汀市 on a Tuesday morning, three days before its lantern day."""
    settings.CITY = str(YUNTING)
    workdays.forget()
    search.forget()
    with time_machine.travel(TUESDAY, tick=False):
        opening.open_city()
        yield
    workdays.forget()
