"""Start, meet, end, pause and extend clocks. Each call belongs into the transaction that holds the subject's lock.

None of these records an event: the room that acts does, in its own words.
"""

from datetime import date, datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock as time
from portal.kernel.calendars import periods, workdays
from portal.kernel.calendars.rules import Rule, rule_on
from portal.kernel.errors import Refused
from portal.kernel.models.clock import (
    Clock,
    ClockExtension,
    ClockPause,
    ClockQuerySet,
    EndedAs,
    Measure,
    PauseReason,
)
from portal.kernel.models.user import Organisation, User
from portal.kernel.subjects import label_and_pk


@transaction.atomic(savepoint=False)
def start(
    subject: models.Model,
    code: str,
    *,
    on: date | None = None,
    unit: Organisation | None = None,
    at: datetime | None = None,
) -> Clock:
    """Start the clock *code* of *subject* on the day *on* (the day of *at*, which is now when not given).

    The version of the rule that holds on that day decides length, article and regime; the clock keeps them. A period
    that is not counted in days is a bug here (ValueError), and a second open clock of the same code fails on the
    database's constraint.
    """
    at = at or time.now()
    on = on or time.day_of(at)
    rule = rule_on(code, on)
    if not rule.is_counted:
        raise ValueError(f"no clock runs on {code}: it is not a number of days after an event")
    label, pk = label_and_pk(subject)
    clock = Clock(
        subject_label=label,
        subject_pk=pk,
        code=code,
        regime=rule.regime,
        article=rule.article,
        unit=unit,
        measure=Measure(rule.unit),
        length=rule.length,
        started_on=on,
        started_at=at,
    )
    set_due(clock, [], workdays.load())
    clock.save(force_insert=True)
    return clock


def clocks_of(subject: models.Model) -> ClockQuerySet:
    """Every clock of *subject*, the one that started first first."""
    label, pk = label_and_pk(subject)
    return Clock.objects.filter(subject_label=label, subject_pk=pk).order_by("started_on", "pk")


def open_clocks(subject: models.Model) -> ClockQuerySet:
    """The clocks of *subject* that still run or are paused, the one due first first."""
    return clocks_of(subject).open().order_by("due_on", "pk")


@transaction.atomic
def meet(subject: models.Model, code: str, *, on: date | None = None) -> Clock:
    """Mark the open clock *code* as met on *on* (today); Clock.DoesNotExist when none is open."""
    clock, on = _open(subject, code), on or time.today()
    _end_pause(clock, on)
    clock.met_on = on
    clock.save()
    return clock


@transaction.atomic
def stop(subject: models.Model, code: str, *, on: date | None = None, ended_as: str = EndedAs.VOID) -> Clock:
    """End the open clock *code* without its being met; Clock.DoesNotExist when none is open."""
    clock, on = _open(subject, code), on or time.today()
    _end_pause(clock, on)
    clock.ended_on, clock.ended_as = on, EndedAs(ended_as)
    clock.save()
    return clock


@transaction.atomic
def pause(subject: models.Model, code: str, *, on: date | None = None, reason: str) -> Clock:
    """Let the open clock *code* stand still from *on* (today) for a reason its rule knows.

    Refused: `clock_runs` (the law knows no such pause for it), `clock_paused` (it stands already), `pause_overlaps`
    (the day lies in an earlier pause or before the start).
    """
    clock, on = _open(subject, code), on or time.today()
    if PauseReason(reason) not in _rule(clock).pauses:
        raise Refused("clock_runs", _("这个期限依法不能因此暂停。"))
    if clock.paused_on:
        raise Refused("clock_paused", _("这个期限已经暂停。"))
    last = clock.pauses.order_by("-from_on").first()
    if on < clock.started_on or (last and (on < (last.to_on or on) or on == last.from_on)):
        raise Refused("pause_overlaps", _("暂停的起日不能早于起算日，也不能落在前一次暂停之内。"), field="on")
    ClockPause.objects.create(clock=clock, reason=PauseReason(reason), from_on=on)
    clock.paused_on = on
    clock.save()
    return clock


@transaction.atomic
def resume(subject: models.Model, code: str, *, on: date | None = None) -> Clock:
    """Let the paused clock *code* run again from *on* (today). On the day of the pause itself, the pause is undone.

    Refused: `clock_not_paused`, `pause_ends_early` (before it began).
    """
    clock, on = _open(subject, code), on or time.today()
    if not clock.paused_on:
        raise Refused("clock_not_paused", _("这个期限没有暂停。"))
    if on < clock.paused_on:
        raise Refused("pause_ends_early", _("恢复日不能早于暂停日。"), field="on")
    _end_pause(clock, on)
    clock.save()
    return clock


@transaction.atomic
def extend(
    subject: models.Model,
    code: str,
    *,
    days: int,
    requested_by: User,
    approved_by: User,
    reason: str,
    on: date | None = None,
) -> Clock:
    """Add *days*, in the clock's own measure, to the open clock *code*.

    Refused: `same_person` (who asks may not grant), `extension_too_long` (more than the rule allows in all),
    `clock_overdue` (the period has run out; what is over cannot be extended).
    """
    clock, on = _open(subject, code), on or time.today()
    if requested_by.pk == approved_by.pk:
        raise Refused("same_person", _("延长须由另一人批准，申请人不能批准自己的申请。"))
    if days < 1 or clock.extended_by + days > _rule(clock).extension:
        raise Refused("extension_too_long", _("超出依法可以延长的天数。"), field="days")
    if clock.is_overdue(on):
        raise Refused("clock_overdue", _("期限已过，不能再延长。"))
    ClockExtension.objects.create(
        clock=clock, days=days, granted_on=on, requested_by=requested_by, approved_by=approved_by, reason=reason
    )
    clock.extended_by += days
    set_due(clock, finished_pauses(clock), workdays.load())
    clock.save()
    return clock


def longest_extension(clock: Clock) -> int:
    """The most days that the law of *clock* lets people add in all; 0 when it lets them add none."""
    return _rule(clock).extension


def finished_pauses(clock: Clock) -> list[periods.Pause]:
    """The pauses of *clock* that are over; reads the prefetched rows where there are any."""
    return [(row.from_on, row.to_on) for row in clock.pauses.all() if row.to_on]


def set_due(clock: Clock, pauses: list[periods.Pause], calendar: workdays.Calendar) -> None:
    """Compute what the clock's own numbers, *pauses* and *calendar* say, into the row; the caller saves."""
    found = periods.due(clock.measure, clock.length + clock.extended_by, clock.started_on, pauses, calendar=calendar)
    clock.due_on, clock.provisional, clock.paused_days = found.date, found.provisional, found.paused_days
    clock.calendar_version = calendar.version


def _open(subject: models.Model, code: str) -> Clock:
    return open_clocks(subject).select_for_update().get(code=code)


def _rule(clock: Clock) -> Rule:
    return rule_on(clock.code, clock.started_on)


def _end_pause(clock: Clock, on: date) -> None:
    if not clock.paused_on:
        return
    row = clock.pauses.get(to_on=None)
    clock.paused_on = None
    if on <= row.from_on:
        row.delete()
        return
    row.to_on = on
    row.save()
    set_due(clock, finished_pauses(clock), workdays.load())
