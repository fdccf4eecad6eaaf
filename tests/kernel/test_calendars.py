"""Working days and periods against the vectors of 办法45 and against two calendars that others keep."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from pytest_django import Settings

from portal.kernel import calendars
from portal.kernel.calendars import CD, WD

CALENDAR = calendars.packaged()
YEARS = range(2007, 2027)
DAYS = [date(2007, 1, 1) + timedelta(days=number) for number in range((date(2026, 12, 31) - date(2007, 1, 1)).days + 1)]


@pytest.mark.parametrize(
    ("start", "length", "last"),
    [
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        (date(2026, 4, 30), 7, date(2026, 5, 13)),
        (date(2026, 9, 19), 7, date(2026, 9, 29)),
        (date(2026, 9, 30), 7, date(2026, 10, 15)),
        (date(2026, 11, 23), 7, date(2026, 12, 2)),
        (date(2025, 12, 30), 7, date(2026, 1, 9)),
        (date(2026, 9, 18), 15, date(2026, 10, 15)),
    ],
)
def test_working_day_vectors(start: date, length: int, last: date) -> None:
    assert calendars.due(WD, length, start, calendar=CALENDAR) == calendars.Due(last, provisional=False)
    assert calendars.add_working_days(start, length, calendar=CALENDAR) == last


@pytest.mark.parametrize(
    ("start", "narrow", "wide"),
    [
        (date(2026, 8, 3), date(2026, 10, 8), date(2026, 10, 8)),
        (date(2026, 5, 6), date(2026, 7, 5), date(2026, 7, 6)),
        (date(2026, 8, 12), date(2026, 10, 11), date(2026, 10, 12)),
    ],
)
def test_sixty_calendar_day_vectors(start: date, narrow: date, wide: date) -> None:
    assert calendars.due(CD, 60, start, calendar=CALENDAR).date == narrow
    assert calendars.due(CD, 60, start, calendar=CALENDAR, roll_weekend=True).date == wide


def test_the_setting_decides_about_weekends(settings: Settings) -> None:
    settings.ROLL_WEEKEND = True
    assert calendars.due(CD, 60, date(2026, 5, 6), calendar=CALENDAR).date == date(2026, 7, 6)


def test_a_raw_day_inside_a_block_rolls_past_the_whole_block() -> None:
    assert calendars.due(CD, 5, date(2026, 9, 30), calendar=CALENDAR).date == date(2026, 10, 8)


def test_thirty_days_of_appraisal_move_the_limit() -> None:
    pause = (date(2026, 5, 20), date(2026, 6, 19))
    found = calendars.due(CD, 60, date(2026, 5, 6), [pause], calendar=CALENDAR)
    assert found == calendars.Due(date(2026, 8, 4), provisional=False, paused_days=30)


def test_periods_roll_after_pauses() -> None:
    pause = (date(2026, 8, 10), date(2026, 8, 16))
    assert calendars.due(CD, 60, date(2026, 8, 3), [pause], calendar=CALENDAR).date == date(2026, 10, 8)


def test_a_working_day_period_counts_only_the_working_days_of_a_pause() -> None:
    without = calendars.due(WD, 15, date(2026, 9, 18), calendar=CALENDAR)
    over_national_day = calendars.due(
        WD, 15, date(2026, 9, 18), [(date(2026, 9, 30), date(2026, 10, 9))], calendar=CALENDAR
    )
    assert over_national_day.paused_days == 2
    assert over_national_day.date == calendars.add_working_days(without.date, 2, calendar=CALENDAR)


def test_a_pause_that_begins_on_the_last_day_still_counts_and_one_after_it_does_not() -> None:
    start, last = date(2026, 11, 2), date(2026, 11, 12)
    assert calendars.due(CD, 10, start, [(last, last + timedelta(3))], calendar=CALENDAR).date == date(2026, 11, 15)
    late = (last + timedelta(1), last + timedelta(9))
    assert calendars.due(CD, 10, start, [late], calendar=CALENDAR) == calendars.Due(last, provisional=False)


def test_a_pause_before_the_start_counts_from_the_start() -> None:
    pause = (date(2026, 11, 1), date(2026, 11, 6))
    assert calendars.due(CD, 10, date(2026, 11, 4), [pause], calendar=CALENDAR).paused_days == 2


def test_overlapping_or_reversed_pauses_are_a_bug() -> None:
    first, second = (date(2026, 11, 3), date(2026, 11, 9)), (date(2026, 11, 8), date(2026, 11, 12))
    with pytest.raises(ValueError, match="inside another"):
        calendars.due(CD, 60, date(2026, 11, 2), [second, first], calendar=CALENDAR)
    with pytest.raises(ValueError, match="before it begins"):
        calendars.due(CD, 60, date(2026, 11, 2), [(date(2026, 11, 9), date(2026, 11, 3))], calendar=CALENDAR)


def test_adjacent_pauses_are_two_pauses() -> None:
    pauses = [(date(2026, 11, 3), date(2026, 11, 5)), (date(2026, 11, 5), date(2026, 11, 9))]
    assert calendars.due(CD, 10, date(2026, 11, 2), pauses, calendar=CALENDAR).paused_days == 6


def test_a_period_has_at_least_one_day() -> None:
    for unit in (WD, CD):
        with pytest.raises(ValueError, match="at least one day"):
            calendars.due(unit, 0, date(2026, 11, 2), calendar=CALENDAR)


@pytest.mark.parametrize(
    ("unit", "length", "start", "provisional"),
    [
        (WD, 7, date(2026, 12, 22), False),
        (WD, 7, date(2026, 12, 23), True),
        (CD, 37, date(2026, 11, 24), False),
        (CD, 38, date(2026, 11, 24), True),
        (WD, 3, date(2006, 12, 31), False),
        (WD, 3, date(2006, 12, 30), True),
    ],
)
def test_a_year_without_a_notice_makes_a_date_provisional(
    unit: str, length: int, start: date, provisional: bool
) -> None:
    assert calendars.due(unit, length, start, calendar=CALENDAR).provisional is provisional


def test_the_holidays_of_the_law_are_off_even_before_the_notice() -> None:
    assert not CALENDAR.is_working_day(date(2027, 1, 1))
    assert calendars.due(WD, 7, date(2026, 12, 23), calendar=CALENDAR).date == date(2027, 1, 4)
    assert calendars.due(CD, 60, date(2026, 11, 2), calendar=CALENDAR).date == date(2027, 1, 2)


def test_packaged_days_agree_with_chinesecalendar() -> None:
    assert len(DAYS) == 7305
    assert [day for day in DAYS if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)] == []


def test_packaged_days_agree_with_holidays() -> None:
    theirs = holidays.country_holidays("CN", years=YEARS)
    assert [day for day in DAYS if CALENDAR.is_working_day(day) != theirs.is_working_day(day)] == []


def test_every_year_has_its_notice_with_the_address_of_the_original() -> None:
    notices = calendars.workdays.packaged_notices()
    assert [notice.year for notice in notices] == list(YEARS)
    for notice in notices:
        assert all("://www.gov.cn/zhengce/" in address for address in notice.source.split())
        calendars.check_notice(notice)


def test_a_day_at_the_turn_of_a_year_belongs_to_the_notice_that_speaks_of_it() -> None:
    of = {notice.year: notice for notice in calendars.workdays.packaged_notices()}
    turned = {day for year, notice in of.items() for day in notice.off | notice.on if day.year != year}
    assert sorted(turned) == [
        *(date(2006, 12, day) for day in (30, 31)),
        *(date(2007, 12, day) for day in (29, 30, 31)),
        date(2011, 12, 31),
        *(date(2018, 12, day) for day in (29, 30, 31)),
        date(2022, 12, 31),
    ]
    assert CALENDAR.is_working_day(date(2018, 12, 29))
    assert not CALENDAR.is_working_day(date(2018, 12, 31))


def test_a_block_is_off_on_every_one_of_its_days() -> None:
    blocks = {year: [day for day in DAYS if day.year == year and CALENDAR.is_holiday(day)] for year in YEARS}
    assert (len(blocks[2020]), len(blocks[2025]), len(blocks[2026])) == (30, 28, 33)
    assert not any(CALENDAR.is_working_day(day) for days in blocks.values() for day in days)


def test_working_days_between_counts_as_adding_does() -> None:
    start = date(2025, 12, 30)
    last = CALENDAR.add_working_days(start, 40)
    assert CALENDAR.working_days_between(start, last) == 40
    assert CALENDAR.working_days_between(last, start) == 0


def test_the_later_notice_decides_about_a_day_that_two_speak_of() -> None:
    eve = date(2026, 12, 31)
    notice = calendars.Notice(2027, frozenset({eve, date(2027, 1, 1)}), frozenset({date(2026, 12, 27)}), "made up")
    calendar = calendars.Calendar([*calendars.workdays.packaged_notices(), notice])
    assert not calendar.is_working_day(eve)
    assert calendar.is_working_day(date(2026, 12, 27))
    assert calendar.version != CALENDAR.version
