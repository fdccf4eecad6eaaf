"""How far a clock has run, in a number, a state and words: what a chip shows."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.calendars import workdays
from portal.kernel.calendars.periods import elapsed
from portal.kernel.models.clock import Clock, Measure

HALF = 50
NEAR = 80
OK, NEARING, WARNING, BAD, PAUSED, MET = "ok", "near", "warn", "bad", "paused", "met"


@dataclass(frozen=True)
class Progress:
    """One clock on one day.

    `percent` of the period has run (0–100), `remaining` days of `unit` are left (negative: over it by so many).
    `state` is ok, near (80 % have run), warn (due today or before the next working day is over), bad (overdue), paused
    or met (met or ended: nothing is owed). `words` says the same to people.
    """

    percent: int
    remaining: int
    unit: str
    state: str
    words: str

    @property
    def is_half_run(self) -> bool:
        """Whether half of the period has run."""
        return self.percent >= HALF


def progress(clock: Clock, on: date, *, calendar: workdays.Calendar | None = None) -> Progress:
    """Where *clock* stands on the day *on*; reads nothing but the row and the calendar."""
    calendar = calendar or workdays.current()
    until = clock.met_on or clock.ended_on or clock.paused_on or on
    run = max(0, elapsed(clock.measure, clock.started_on, until, calendar) - clock.paused_days)
    whole = max(1, elapsed(clock.measure, clock.started_on, clock.due_on, calendar) - clock.paused_days)
    percent = min(100, run * 100 // whole)
    over = elapsed(clock.measure, clock.due_on, until, calendar)
    remaining = -over if until > clock.due_on else elapsed(clock.measure, until, clock.due_on, calendar)
    state = _state(clock, on, percent, calendar)
    return Progress(percent, remaining, clock.measure, state, _words(clock, state, run, remaining, on))


def _state(clock: Clock, on: date, percent: int, calendar: workdays.Calendar) -> str:
    if not clock.is_open:
        return MET
    if clock.paused_on:
        return PAUSED
    if clock.is_overdue(on):
        return BAD
    if clock.due_on <= calendar.next_working_day(on):
        return WARNING
    return NEARING if percent >= NEAR else OK


def _words(clock: Clock, state: str, run: int, remaining: int, on: date) -> str:
    if state == MET:
        return _met_words(clock)
    if state == PAUSED:
        return _paused_words(clock, max(1, run))
    if state == BAD:
        return _late_words(clock, -remaining)
    if clock.due_on == on:
        return _("今天到期")
    return _left_words(clock, remaining)


def _met_words(clock: Clock) -> str:
    if clock.ended_as:
        return _("已停止计算")
    return _("已办结，逾期") if clock.is_overdue(clock.due_on) else _("已按期办结")


def _left_words(clock: Clock, count: int) -> str:
    if clock.measure == Measure.WORKING_DAYS:
        return ngettext("剩 %(count)d 个工作日", "剩 %(count)d 个工作日", count) % {"count": count}
    return ngettext("剩 %(count)d 天", "剩 %(count)d 天", count) % {"count": count}


def _paused_words(clock: Clock, day: int) -> str:
    if clock.measure == Measure.WORKING_DAYS:
        return _("第 %(day)d 个工作日，已暂停") % {"day": day}
    return _("第 %(day)d 天，已暂停") % {"day": day}


def _late_words(clock: Clock, count: int) -> str:
    if count == 0:
        return _("逾期不足 1 个工作日")
    if clock.measure == Measure.WORKING_DAYS:
        return ngettext("逾期 %(count)d 个工作日", "逾期 %(count)d 个工作日", count) % {"count": count}
    return ngettext("逾期 %(count)d 天", "逾期 %(count)d 天", count) % {"count": count}
