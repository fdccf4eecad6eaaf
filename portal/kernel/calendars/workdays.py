"""Which days are worked: weekends, the State Council's yearly notices, the law's holidays where one is missing, and
the city's own days on top.
"""

import hashlib
import json
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from portal.kernel import regions
from portal.kernel.models.clock import WorkdayNotice
from portal.kernel.regions import CityDays

PACKAGED = Path(__file__).parent.parent / "data" / "workdays.json"
FRESH_SECONDS = 5.0
SATURDAY = 5


@dataclass(frozen=True)
class Notice:
    """What one year's notice says: `off` is every day of its off-blocks, `on` the make-up working days."""

    year: int
    off: frozenset[date]
    on: frozenset[date]
    source: str


class Calendar:
    """The working days according to a set of notices; immutable, and `version` names exactly this set.

    A year without a notice is unknown: its weekends and the thirteen holidays of the law are off, its swaps are not
    known yet, and whatever is computed through it is provisional. The city's own days make no year known; they take a
    make-up day away, but no holiday.
    """

    def __init__(self, notices: Iterable[Notice], city_days: Iterable[CityDays] = ()) -> None:
        off: dict[date, bool] = {}
        digest = hashlib.sha256()
        self.years: frozenset[int] = frozenset()
        for notice in sorted(notices, key=lambda each: each.year):
            off.update(dict.fromkeys(notice.off, True))
            off.update(dict.fromkeys(notice.on, False))
            self.years |= {notice.year}
            digest.update(repr((notice.year, sorted(notice.off), sorted(notice.on))).encode())
        for local in sorted(city_days, key=lambda each: each.year):
            off.update(dict.fromkeys(local.off, True))
            off.update(dict.fromkeys((day for day in local.on if not off.get(day)), False))
            digest.update(repr(("city", local.year, sorted(local.off), sorted(local.on))).encode())
        self.version = digest.hexdigest()[:12]
        self._noticed = off
        self._worked: dict[int, list[int]] = {}

    def is_known(self, year: int) -> bool:
        """Whether the notice of *year* is loaded."""
        return year in self.years

    def is_holiday(self, day: date) -> bool:
        """Whether *day* lies in an off-block of a notice (or, without one, is a holiday of the law)."""
        noticed = self._noticed.get(day)
        if noticed is not None:
            return noticed
        return not self.is_known(day.year) and day in _holidays_of_the_law(day.year)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on *day*: a weekday that is no holiday, or a make-up day."""
        noticed = self._noticed.get(day)
        if noticed is not None:
            return not noticed
        return day.weekday() < SATURDAY and not self.is_holiday(day)

    def add_working_days(self, start: date, count: int) -> date:
        """The *count*-th working day after *start*; *start* itself is not counted."""
        if count < 1:
            raise ValueError("a period has at least one day")
        year, left = start.year, count
        worked = self._working_ordinals(year)
        begin = bisect_right(worked, start.toordinal())
        while left > len(worked) - begin:
            left -= len(worked) - begin
            year, begin = year + 1, 0
            worked = self._working_ordinals(year)
        return date.fromordinal(worked[begin + left - 1])

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after *after* and up to *until* inclusive; 0 when there are none."""
        if until <= after:
            return 0
        total = 0
        for year in range(after.year, until.year + 1):
            worked = self._working_ordinals(year)
            total += bisect_right(worked, until.toordinal()) - bisect_left(worked, after.toordinal() + 1)
        return total

    def next_working_day(self, day: date) -> date:
        """The first working day after *day*."""
        return self.add_working_days(day, 1)

    def _working_ordinals(self, year: int) -> list[int]:
        if year not in self._worked:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = range(first, last + 1)
            self._worked[year] = [day for day in days if self.is_working_day(date.fromordinal(day))]
        return self._worked[year]


@cache
def _holidays_of_the_law(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))


def dates(texts: Iterable[str]) -> frozenset[date]:
    """ISO texts as days; ValueError names a text that is none."""
    return frozenset(date.fromisoformat(text) for text in texts)


@cache
def packaged_notices() -> tuple[Notice, ...]:
    """The notices that ship with the portal."""
    body: dict[str, Any] = json.loads(PACKAGED.read_text(encoding="utf-8"))
    return tuple(Notice(row["year"], dates(row["off"]), dates(row["on"]), row["source"]) for row in body["notices"])


@cache
def packaged() -> Calendar:
    """The calendar of the packaged notices alone, without the city's own days."""
    return Calendar(packaged_notices())


def load(*, with_notice: Notice | None = None) -> Calendar:
    """The calendar in force, read afresh: the latest loaded notice of a year replaces the packaged one.

    *with_notice* is tried on top: the calendar as it would be.
    """
    notices = {notice.year: notice for notice in packaged_notices()}
    loaded = WorkdayNotice.objects.order_by("year", "revision").values_list("year", "off", "on", "source")
    for year, off, on, source in loaded:
        notices[year] = Notice(year, dates(off), dates(on), source)
    if with_notice is not None:
        notices[with_notice.year] = with_notice
    return _of(tuple(notices.values()))


def _of(notices: tuple[Notice, ...]) -> Calendar:
    return _with_city_days(notices, regions.city().workdays)


@lru_cache(maxsize=4)
def _with_city_days(notices: tuple[Notice, ...], city_days: tuple[CityDays, ...]) -> Calendar:
    return Calendar(notices, city_days)


_kept: tuple[float, Calendar] | None = None


def current() -> Calendar:
    """The calendar in force, at most a few seconds old: for showing, never for deciding."""
    global _kept
    moment = time.monotonic()
    if _kept is None or abs(moment - _kept[0]) > FRESH_SECONDS:
        _kept = (moment, load())
    return _kept[1]


def forget() -> None:
    """Make the next `current` read afresh."""
    global _kept
    _kept = None
