"""Days that a city is off by itself: they move due dates, belong to the calendar's version, and settle nothing else."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from portal import opening
from portal.kernel import calendars, events, jobs, regions
from portal.kernel.calendars import workdays
from portal.kernel.models import Organisation
from portal.kernel.regions import CityDays
from tests.cities.conftest import YUNTING

NOTICES = workdays.packaged_notices()
LANTERNS = date(2026, 11, 27)
MADE_UP = date(2026, 12, 6)


def days(year: int = 2026, *, off: tuple[date, ...] = (), on: tuple[date, ...] = ()) -> CityDays:
    return CityDays(year, off, on, "示例通知")


@pytest.mark.usefixtures("yunting")
def test_a_day_off_and_its_make_up_day_count_in_this_city() -> None:
    calendar = calendars.load()
    assert (calendar.is_holiday(LANTERNS), calendar.is_working_day(LANTERNS)) == (True, False)
    assert (calendar.is_holiday(MADE_UP), calendar.is_working_day(MADE_UP)) == (False, True)
    assert calendars.due("WD", 7, date(2026, 11, 24), calendar=calendar) == calendars.Due(
        date(2026, 12, 4), provisional=False
    )
    assert calendars.due("WD", 8, date(2026, 11, 24), calendar=calendar).date == MADE_UP
    assert calendars.due("CD", 3, date(2026, 11, 24), calendar=calendar).date == date(2026, 11, 28)


def test_a_city_without_days_of_its_own_has_the_notices_calendar(db: None) -> None:
    assert regions.city().workdays == ()
    assert calendars.load().version == calendars.packaged().version


def test_the_version_names_the_citys_days_too() -> None:
    versions = {
        workdays.Calendar(NOTICES, city_days).version
        for city_days in ((), (days(off=(LANTERNS,)),), (days(off=(LANTERNS,), on=(MADE_UP,)),))
    }
    assert len(versions) == 3


def test_a_city_takes_a_make_up_day_away_but_no_holiday() -> None:
    national, make_up = date(2026, 10, 3), date(2026, 10, 10)
    before = workdays.Calendar(NOTICES)
    assert (before.is_working_day(make_up), before.is_working_day(national)) == (True, False)

    after = workdays.Calendar(NOTICES, [days(off=(make_up,), on=(national,))])

    assert (after.is_working_day(make_up), after.is_working_day(national)) == (False, False)


@pytest.mark.usefixtures("yunting")
def test_the_citys_days_do_not_make_an_unknown_year_known() -> None:
    calendar = calendars.load()
    assert [row.year for row in regions.city().workdays] == [2026, 2027]
    assert (calendar.is_known(2026), calendar.is_known(2027)) == (True, False)

    clock = calendars.start(Organisation.objects.get(code="yt-990101"), "D01", on=date(2026, 12, 29))

    assert (clock.due_on, clock.provisional) == (date(2027, 1, 11), True)
    assert calendars.alarms().years_without_notice == (2027,)


@pytest.mark.usefixtures("yunting")
def test_a_notice_loaded_later_leaves_the_citys_days_on_top() -> None:
    notice = next(row for row in NOTICES if row.year == 2026)
    calendars.load_notice(2026, notice.off, {*notice.on, date(2026, 12, 12)}, "示例更正", None)

    assert not calendars.load().is_working_day(LANTERNS)
    assert calendars.load().is_working_day(date(2026, 12, 12))


@pytest.mark.usefixtures("yunting")
def test_a_start_with_a_changed_pack_brings_open_clocks_to_it(settings: Settings, tmp_path: Path) -> None:
    clock = calendars.start(Organisation.objects.get(code="yt-990101"), "D01", on=date(2026, 11, 24))
    assert (clock.due_on, calendars.alarms().stale) == (date(2026, 12, 4), 0)

    changed = shutil.copytree(YUNTING, tmp_path / "changed")
    content = json.loads((changed / "workdays.json").read_text(encoding="utf-8"))
    content["workdays"][0]["off"].append("2026-11-30")
    (changed / "workdays.json").write_text(json.dumps(content), encoding="utf-8")
    settings.CITY = str(changed)

    assert calendars.alarms().stale == 1
    opening.open_city()
    jobs.drain()

    clock.refresh_from_db()
    assert (clock.due_on, calendars.alarms().stale) == (MADE_UP, 0)
    moved = events.of(Organisation.objects.get(code="yt-990101")).get(name="clock.moved")
    assert (moved.payload["old"], moved.payload["new"]) == ("2026-12-04", "2026-12-06")
