"""What must hold of every period, whatever the start, the length, the pauses and the notices."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import calendars, clock
from portal.kernel.calendars import CD, WD, Calendar, Notice
from portal.kernel.calendars.periods import Pause
from tests.kernel.clocked import body

PACKAGED = calendars.packaged()
DAY = timedelta(days=1)
ZONES = ("UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Asia/Shanghai")
units = st.sampled_from([WD, CD])
lengths = st.integers(1, 90)
days = st.dates(date(2026, 1, 1), date(2031, 12, 31))
real_days = st.dates(date(2006, 6, 1), date(2027, 6, 30))


@st.composite
def notices(draw: st.DrawFn, year: int) -> Notice:
    """Any notice of *year*: off-blocks anywhere, also over the turn of the year, and make-up days on weekends."""
    near = st.integers(-5, 370).map(lambda number: date(year, 1, 1) + number * DAY)
    off: set[date] = set()
    for begin in draw(st.lists(near, min_size=1, max_size=9)):
        off |= {begin + number * DAY for number in range(draw(st.integers(1, 9)))}
    on = {day for day in draw(st.sets(near, max_size=12)) if day.weekday() >= 5 and day not in off}
    return Notice(year, frozenset(off), frozenset(on), "made up")


@st.composite
def any_calendars(draw: st.DrawFn) -> Calendar:
    """The packaged calendar or one of made-up notices for some of the years 2026–2031."""
    if draw(st.booleans()):
        return PACKAGED
    years = draw(st.sets(st.integers(2026, 2031)))
    return Calendar([draw(notices(year)) for year in sorted(years)])


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    marks = sorted(draw(st.sets(days, max_size=8)))
    return list(zip(marks[::2], marks[1::2], strict=False))


def last_day(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, *, wide: bool = False
) -> date:
    return calendars.due(unit, length, start, stood, calendar=calendar, roll_weekend=wide).date


# ── A slow reading of 办法45, day by day ──────────────────────────────────────────────────────────────────────────────


def _walk(counts: Callable[[date], bool], length: int, start: date) -> date:
    day, left = start, length
    while left:
        day += DAY
        left -= counts(day)
    return day


def oracle(unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, *, wide: bool) -> date:
    """The last day, found by turning one leaf of the calendar after another until nothing changes any more."""

    def counts(day: date) -> bool:
        return unit == CD or calendar.is_working_day(day)

    lost, found = -1, 0
    while lost != found:
        lost = found
        last = _walk(counts, length + lost, start)
        while unit == CD and (not calendar.is_working_day(last) if wide else calendar.is_holiday(last)):
            last += DAY
        found = sum(
            counts(begin + number * DAY)
            for begin, end in stood
            if begin <= last
            for number in range(1, (end - begin).days + 1)
            if begin + number * DAY > start
        )
    return last


@given(units, lengths, days, pauses(), any_calendars(), st.booleans())
def test_a_period_ends_where_counting_day_by_day_ends(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, wide: bool
) -> None:
    found = last_day(unit, length, start, stood, calendar, wide=wide)
    assert found == oracle(unit, length, start, stood, calendar, wide=wide)


# ── Order ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(units, lengths, days, pauses(), any_calendars(), st.booleans())
def test_a_later_start_is_never_due_earlier(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, wide: bool
) -> None:
    today = last_day(unit, length, start, stood, calendar, wide=wide)
    assert today <= last_day(unit, length, start + DAY, stood, calendar, wide=wide)


@given(units, lengths, days, pauses(), any_calendars(), st.booleans())
def test_a_longer_period_is_never_due_earlier(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, wide: bool
) -> None:
    found = last_day(unit, length, start, stood, calendar, wide=wide)
    assert start < found
    assert found <= last_day(unit, length + 1, start, stood, calendar, wide=wide)


@given(units, lengths, days, pauses(), any_calendars(), st.data())
def test_a_pause_more_is_never_earlier(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, data: st.DataObject
) -> None:
    left_out = data.draw(st.sampled_from(stood or [(start, start)]))
    fewer = [pause for pause in stood if pause != left_out]
    assert last_day(unit, length, start, fewer, calendar) <= last_day(unit, length, start, stood, calendar)


@given(st.sampled_from(["M", "Y"]), st.integers(1, 60), real_days)
def test_months_and_years_keep_order_and_the_day_of_the_month(unit: str, length: int, start: date) -> None:
    found = calendars.last_day(unit, length, start)
    assert start < found <= calendars.last_day(unit, length + 1, start)
    assert found <= calendars.last_day(unit, length, start + DAY)
    assert found.day == start.day or (found.day < start.day and (found + DAY).day == 1)


# ── Pauses ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(units, lengths, days, any_calendars(), st.integers(1, 60), st.integers(0, 89))
def test_a_pause_adds_its_days(unit: str, length: int, start: date, calendar: Calendar, stood: int, after: int) -> None:
    begin = min(start + after * DAY, last_day(unit, length, start, [], calendar))
    pause = (begin, begin + stood * DAY)
    found = calendars.due(unit, length, start, [pause], calendar=calendar)
    added = stood if unit == CD else calendar.working_days_between(*pause)
    assert found.paused_days == added
    assert found.date == last_day(unit, length + added, start, [], calendar)


@given(units, lengths, days, any_calendars(), st.integers(0, 89), st.integers(0, 40), st.integers(0, 40))
def test_two_pauses_without_a_gap_are_one(
    unit: str, length: int, start: date, calendar: Calendar, after: int, first: int, second: int
) -> None:
    begin = start + after * DAY
    middle, end = begin + first * DAY, begin + (first + second) * DAY
    if begin > last_day(unit, length, start, [], calendar):
        return
    in_two = calendars.due(unit, length, start, [(begin, middle), (middle, end)], calendar=calendar)
    assert in_two == calendars.due(unit, length, start, [(begin, end)], calendar=calendar)


# ── Days and notices ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(units, lengths, days, pauses(), any_calendars(), st.booleans())
def test_no_period_ends_on_a_day_off(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar, wide: bool
) -> None:
    last = last_day(unit, length, start, stood, calendar, wide=wide)
    assert not calendar.is_holiday(last)
    if unit == WD or wide:
        assert calendar.is_working_day(last)


@given(days, lengths, any_calendars())
def test_adding_and_counting_working_days_are_inverse(start: date, count: int, calendar: Calendar) -> None:
    last = calendar.add_working_days(start, count)
    assert calendar.working_days_between(start, last) == count
    assert calendar.is_working_day(last)


@given(units, lengths, real_days, pauses())
def test_a_date_is_provisional_only_where_a_notice_is_missing(
    unit: str, length: int, start: date, stood: list[Pause]
) -> None:
    found = calendars.due(unit, length, start, stood, calendar=PACKAGED)
    known = range(2007, 2027)
    if start.year in known and found.date.year in known:
        assert not found.provisional
    if found.date.year not in known:
        assert found.provisional


@given(st.permutations([2028, 2029, 2030]), st.data())
def test_a_calendar_does_not_depend_on_the_order_of_its_notices(order: list[int], data: st.DataObject) -> None:
    made = {year: data.draw(notices(year)) for year in sorted(order)}
    shuffled, sorted_ = Calendar(made[year] for year in order), Calendar(made[year] for year in sorted(order))
    assert shuffled.version == sorted_.version
    every = [date(2027, 12, 1) + number * DAY for number in range(1200)]
    assert [shuffled.is_working_day(day) for day in every] == [sorted_.is_working_day(day) for day in every]


@given(notices(2030))
def test_every_form_of_a_notice_says_the_same(notice: Notice) -> None:
    off, on = sorted(notice.off), sorted(notice.on)
    pair = {"off": [str(day) for day in off], "on": [str(day) for day in on]}
    listed = [{"date": str(day), "isOffDay": day in notice.off} for day in sorted([*off, *on])]
    table = ["date,kind", *(f"{day},放假" for day in off), *(f"{day},上班" for day in on)]
    as_json = (json.dumps(pair, indent=1), json.dumps({"year": 2030, "days": listed}))
    for form in (*as_json, "\r\n".join(table), "\n".join(table[1:])):
        told = calendars.read_notice(form)
        assert (told.off, told.on) == (tuple(off), tuple(on))


# ── The server's own time zone ────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def server_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


@given(st.integers(1_167_609_600, 1_956_528_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_a_moment_belongs_to_its_day_in_tianjin_wherever_the_server_stands(moment: datetime) -> None:
    by_hand = (moment + timedelta(hours=8)).date()
    for zone in ZONES:
        with server_in(zone):
            assert clock.day_of(moment) == by_hand
            with clock.standing_at(moment):
                assert clock.today() == by_hand


@given(units, lengths, days, pauses(), any_calendars())
def test_a_last_day_is_the_same_wherever_the_server_stands(
    unit: str, length: int, start: date, stood: list[Pause], calendar: Calendar
) -> None:
    found = set()
    for zone in ZONES:
        with server_in(zone):
            due = calendars.due(unit, length, start, stood, calendar=calendar)
            found.add((due, calendars.Clock(due_on=due.date).due_at.astimezone(UTC)))
    assert len(found) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
def test_a_clock_begins_on_the_day_of_tianjin_wherever_the_server_stands(zone: str) -> None:
    with server_in(zone):
        clock_ = calendars.start(body(), "T-WD", at=datetime(2026, 11, 1, 16, 30, tzinfo=UTC))
        assert (clock_.started_on, clock_.due_on) == (date(2026, 11, 2), date(2026, 11, 23))
        clock_.refresh_from_db()
        assert (clock_.started_on, clock_.due_on) == (date(2026, 11, 2), date(2026, 11, 23))
        assert clock_.due_at.astimezone(UTC) == datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
