"""What a notice would change, before it is loaded: days, and how many open clocks move from which day to which."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from portal.kernel.calendars import periods, workdays
from portal.kernel.calendars.clocks import finished_pauses, set_due
from portal.kernel.calendars.notice_files import notice_from
from portal.kernel.calendars.notices import check_notice
from portal.kernel.models.clock import Clock


@dataclass(frozen=True)
class Move:
    """So many open clocks that go from one last day to another."""

    old: date
    new: date
    count: int


@dataclass(frozen=True)
class Preview:
    """The difference that a notice would make to the calendar in force (named by `seen`) and to open clocks.

    `settled` clocks keep their day, which is no longer provisional.
    """

    notice: workdays.Notice
    was_known: bool
    becomes_off: tuple[date, ...]
    becomes_working: tuple[date, ...]
    checked: int
    settled: int
    moves: tuple[Move, ...]
    seen: str

    @property
    def lost(self) -> tuple[date, ...]:
        """Weekdays that would be worked and are holidays now: in a first notice of a year, probably forgotten."""
        return tuple(day for day in self.becomes_working if day.weekday() < workdays.SATURDAY)

    @property
    def moved(self) -> int:
        return sum(move.count for move in self.moves)


def preview(notice: workdays.Notice) -> Preview:
    """What loading *notice* would do; changes nothing."""
    now, then = workdays.load(), workdays.load(with_notice=notice)
    days = [day for day in _around(notice.year) if now.is_working_day(day) != then.is_working_day(day)]
    checked, settled = 0, 0
    moves: Counter[tuple[date, date]] = Counter()
    for old, was_provisional, new, count in _recomputed(then):
        checked += count
        if old != new.date:
            moves[old, new.date] += count
        elif was_provisional and not new.provisional:
            settled += count
    return Preview(
        notice=notice,
        was_known=now.is_known(notice.year),
        becomes_off=tuple(day for day in days if not then.is_working_day(day)),
        becomes_working=tuple(day for day in days if then.is_working_day(day)),
        checked=checked,
        settled=settled,
        moves=tuple(Move(old, new, count) for (old, new), count in sorted(moves.items())),
        seen=now.version,
    )


def preview_text(*, year: int, text: str, source: str) -> Preview:
    """What loading a file's text would do, refused as loading it would be."""
    notice = notice_from(text, year=year, source=source)
    check_notice(notice)
    return preview(notice)


def _around(year: int) -> Iterator[date]:
    day = date(year - 1, 12, 1)
    while day < date(year + 1, 2, 1):
        yield day
        day += timedelta(days=1)


def _recomputed(calendar: workdays.Calendar) -> Iterator[tuple[date, bool, periods.Due, int]]:
    """Every open clock's day, whether it was provisional, what *calendar* makes of it, and how many are alike."""
    opened = Clock.objects.open()
    alike = ("measure", "length", "extended_by", "started_on", "due_on", "provisional")
    plain = opened.exclude(pauses__to_on__isnull=False).values_list(*alike).annotate(count=Count("pk")).order_by()
    for measure, length, extended_by, started_on, due_on, provisional, count in plain:
        yield due_on, provisional, periods.due(measure, length + extended_by, started_on, calendar=calendar), count
    for row in opened.filter(pauses__to_on__isnull=False).distinct().prefetch_related("pauses"):
        old, was_provisional = row.due_on, row.provisional
        set_due(row, finished_pauses(row), calendar)
        yield old, was_provisional, periods.Due(row.due_on, row.provisional), 1
