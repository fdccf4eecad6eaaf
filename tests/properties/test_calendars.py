"""What must hold of every period, whatever the start, the length and the pauses."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import calendars
from portal.kernel.calendars import CD, WD
from portal.kernel.calendars.periods import Pause

CALENDAR = calendars.packaged()
days = st.dates(date(2024, 6, 1), date(2027, 6, 30))
units = st.sampled_from([WD, CD])
lengths = st.integers(1, 90)


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    marks = sorted(draw(st.sets(days, max_size=8)))
    return list(zip(marks[::2], marks[1::2], strict=False))


def last_day(unit: str, length: int, start: date, stood: list[Pause], *, wide: bool = False) -> date:
    return calendars.due(unit, length, start, stood, calendar=CALENDAR, roll_weekend=wide).date


@given(units, lengths, days, pauses(), st.booleans())
def test_a_later_start_is_never_due_earlier(
    unit: str, length: int, start: date, stood: list[Pause], wide: bool
) -> None:
    next_day = start + timedelta(days=1)
    assert last_day(unit, length, start, stood, wide=wide) <= last_day(unit, length, next_day, stood, wide=wide)


@given(units, lengths, days, pauses(), st.booleans())
def test_a_longer_period_is_never_due_earlier(
    unit: str, length: int, start: date, stood: list[Pause], wide: bool
) -> None:
    assert start < last_day(unit, length, start, stood, wide=wide)
    assert last_day(unit, length, start, stood, wide=wide) <= last_day(unit, length + 1, start, stood, wide=wide)


@given(units, lengths, days, pauses(), st.booleans())
def test_no_period_ends_on_a_day_off(unit: str, length: int, start: date, stood: list[Pause], wide: bool) -> None:
    last = last_day(unit, length, start, stood, wide=wide)
    assert not CALENDAR.is_holiday(last)
    if unit == WD or wide:
        assert CALENDAR.is_working_day(last)


@given(units, lengths, days, pauses(), st.data())
def test_a_pause_more_is_never_earlier(
    unit: str, length: int, start: date, stood: list[Pause], data: st.DataObject
) -> None:
    if not stood:
        return
    left_out = data.draw(st.sampled_from(stood))
    fewer = [pause for pause in stood if pause != left_out]
    assert last_day(unit, length, start, fewer) <= last_day(unit, length, start, stood)


@given(lengths, days, st.integers(1, 60), st.integers(0, 89))
def test_a_pause_adds_its_days_to_a_calendar_period(length: int, start: date, stood: int, after: int) -> None:
    begin = start + timedelta(days=min(after, length))
    found = calendars.due(CD, length, start, [(begin, begin + timedelta(days=stood))], calendar=CALENDAR)
    assert found.paused_days == stood
    assert found.date == last_day(CD, length + stood, start, [])


@given(days, lengths)
def test_adding_and_counting_working_days_are_inverse(start: date, count: int) -> None:
    last = CALENDAR.add_working_days(start, count)
    assert CALENDAR.working_days_between(start, last) == count
    assert CALENDAR.is_working_day(last)


@given(units, lengths, days, pauses())
def test_a_date_is_provisional_only_where_a_notice_is_missing(
    unit: str, length: int, start: date, stood: list[Pause]
) -> None:
    found = calendars.due(unit, length, start, stood, calendar=CALENDAR)
    if start.year in (2025, 2026) and found.date.year in (2025, 2026):
        assert not found.provisional
    if found.date.year not in (2025, 2026):
        assert found.provisional
