"""When a period ends (办法45): first day not counted, pauses added, roll-over past a holiday block."""

import datetime as dt
import itertools
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from portal.kernel.calendars.workdays import Calendar, load
from portal.kernel.models.clock import Measure

Pause = tuple[date, date]


@dataclass(frozen=True)
class Due:
    """The last day of a period; provisional while a year it runs through has no notice yet.

    `paused_days` is what the pauses added, in the period's own measure.
    """

    date: dt.date
    provisional: bool
    paused_days: int = 0


def add_working_days(start: date, count: int, *, calendar: Calendar | None = None) -> date:
    """The *count*-th working day after *start*; *start* itself is not counted."""
    return (calendar or load()).add_working_days(start, count)


def is_working_day(day: date, *, calendar: Calendar | None = None) -> bool:
    """Whether offices work on *day*."""
    return (calendar or load()).is_working_day(day)


def elapsed(unit: str, after: date, until: date, calendar: Calendar) -> int:
    """Days of *unit* after *after* up to *until* inclusive; 0 when there are none."""
    if Measure(unit) == Measure.WORKING_DAYS:
        return calendar.working_days_between(after, until)
    return max(0, (until - after).days)


def due(
    unit: str,
    length: int,
    start: date,
    pauses: Iterable[Pause] = (),
    *,
    calendar: Calendar | None = None,
    roll_weekend: bool | None = None,
) -> Due:
    """The last day of *length* working (WD) or calendar (CD) days that begin after *start*.

    A pause from day a to day b adds b − a days, a working-day period only the working days among them (those after a
    up to b: as with the start, the day of the act is not counted). A pause that begins before the start counts from
    the start; one that begins after the last day adds nothing, because lost time is not regained. Calendar
    periods then roll past a holiday block, and past a weekend only with ROLL_WEEKEND. Overlapping pauses raise
    ValueError.
    """
    calendar = calendar or load()
    wide = settings.ROLL_WEEKEND if roll_weekend is None else roll_weekend
    paused_days = 0
    found = _ends(unit, length, start, paused_days, calendar, wide)
    for begin, end in _apart(pauses):
        if begin > found.date:
            break
        paused_days += elapsed(unit, max(begin, start), end, calendar)
        found = _ends(unit, length, start, paused_days, calendar, wide)
    return found


def last_day(unit: str, length: int, start: date) -> date:
    """The day on which *length* months (M) or years (Y) that begin after *start* end: the same day of the month.

    Where that month has no such day it is the month's last one (民法典第二百零二条).
    """
    if length < 1:
        raise ValueError("a period has at least one day")
    months = {"M": 1, "Y": 12}[unit] * length
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def roll(day: date, calendar: Calendar, *, weekend: bool) -> date:
    """*day*, or the first day after the holiday block (with *weekend*, the first working day) it falls into."""
    while (not calendar.is_working_day(day)) if weekend else calendar.is_holiday(day):
        day += timedelta(days=1)
    return day


def _ends(unit: str, length: int, start: date, paused_days: int, calendar: Calendar, wide: bool) -> Due:
    if length < 1:
        raise ValueError("a period has at least one day")
    if Measure(unit) == Measure.WORKING_DAYS:
        last = calendar.add_working_days(start, length + paused_days)
        return Due(last, not _knows(calendar, start + timedelta(days=1), last), paused_days)
    raw = start + timedelta(days=length + paused_days)
    last = roll(raw, calendar, weekend=wide)
    return Due(last, not _knows(calendar, raw, last), paused_days)


def _apart(pauses: Iterable[Pause]) -> list[Pause]:
    ordered = sorted(pauses)
    for begin, end in ordered:
        if end < begin:
            raise ValueError(f"a pause ends on {end} before it begins on {begin}")
    for (_begin, end), (following, _end) in itertools.pairwise(ordered):
        if following < end:
            raise ValueError(f"a pause begins on {following} inside another")
    return ordered


def _knows(calendar: Calendar, first: date, last: date) -> bool:
    return all(calendar.is_known(year) for year in range(first.year, last.year + 1))
