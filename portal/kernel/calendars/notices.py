"""The yearly notice arrives: load it, recompute every open clock in batches, and say what moved."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.kernel import access, clock, events, jobs
from portal.kernel.calendars import workdays
from portal.kernel.calendars.clocks import finished_pauses, set_due
from portal.kernel.calendars.notice_files import notice_from
from portal.kernel.errors import Refused
from portal.kernel.models.clock import Clock, ClockChange, WorkdayNotice

BATCH = 500
STRAGGLERS = timedelta(seconds=60)
NEXT_BATCH = "clocks.recompute"


@dataclass(frozen=True)
class Report:
    """What a notice did: how many open clocks were looked at, which due dates moved, and whether all are through."""

    notice: WorkdayNotice
    checked: int
    changes: "models.QuerySet[ClockChange]"
    is_finished: bool


@transaction.atomic
def load_notice(
    year: int,
    off: Iterable[date],
    on: Iterable[date],
    source: str,
    who: access.Who | None,
    *,
    seen: str | None = None,
) -> WorkdayNotice:
    """Load the notice of *year* (again: as a correction) and owe the recomputation of all open clocks.

    `off` is every day of the off-blocks, `on` the make-up days. *who* is an administrator, or None for a command at
    the console. *seen* is the version of the calendar against which its difference was shown. Refused: `notice_dates`
    with a sentence that says which day cannot be right, `notice_source`, `notice_stale` when another notice was loaded
    since.
    """
    admin = access.require(who, access.Role.ADMIN) if who is not None else None
    told = workdays.Notice(year, frozenset(off), frozenset(on), source.strip())
    check_notice(told)
    if seen is not None and seen != workdays.load().version:
        raise _stale()
    last = WorkdayNotice.objects.filter(year=year).order_by("-revision").first()
    notice = WorkdayNotice(
        year=year,
        revision=last.revision + 1 if last else 1,
        off=[day.isoformat() for day in sorted(told.off)],
        on=[day.isoformat() for day in sorted(told.on)],
        source=told.source,
        loaded_by=admin,
        loaded_at=clock.now(),
    )
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        raise _stale() from None
    events.record("workdays.loaded", notice, actor=admin, year=year, revision=notice.revision)
    jobs.owe(NEXT_BATCH, notice_id=notice.pk, after_id=0)
    workdays.forget()
    transaction.on_commit(workdays.forget)
    return notice


def load_notice_text(
    *, year: int, text: str, source: str, who: access.Who | None, seen: str | None = None
) -> WorkdayNotice:
    """Load the notice of *year* from a file's text, refused as `notice_from` and `load_notice` refuse."""
    told = notice_from(text, year=year, source=source)
    return load_notice(year, told.off, told.on, told.source, who, seen=seen)


def check_notice(notice: workdays.Notice) -> None:
    """Refuse a notice that cannot be right (`notice_dates`: which day; `notice_source`: nobody could look it up)."""
    _check(notice.year, notice.off, notice.on)
    if not notice.source.strip():
        raise Refused("notice_source", _("请写明通知的名称、文号或网址。"), field="source")


@transaction.atomic
def catch_up() -> None:
    """Owe the recomputation of clocks that an earlier release computed with other notices than it ships now.

    Safe at every start; a notice whose own recomputation still runs covers them.
    """
    if stale(workdays.load()).exists() and not WorkdayNotice.objects.filter(finished_at=None).exists():
        jobs.owe(NEXT_BATCH, key="packaged", notice_id=None, after_id=0)


def report(notice: WorkdayNotice) -> Report:
    """What became of the open clocks under *notice*, the changes in order of the new date."""
    notice.refresh_from_db(fields=["checked", "finished_at"])
    changes = notice.changes.select_related("clock").order_by("new_due_on", "clock_id")
    return Report(notice, notice.checked, changes, notice.finished_at is not None)


@jobs.job(NEXT_BATCH, jobs.Priority.CLOCK)
def recompute_batch(*, notice_id: int | None, after_id: int) -> None:
    """Recompute the next stale clocks after *after_id* and owe the rest, so that a stop in between loses nothing.

    A notice loaded meanwhile takes over: its own batches cover every clock that this one has not reached. Without a
    notice it is the packaged ones that changed.
    """
    notice = WorkdayNotice.objects.select_for_update().get(pk=notice_id) if notice_id is not None else None
    if _is_overtaken(notice):
        return
    calendar = workdays.load()
    batch = list(stale(calendar).filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:BATCH])
    recompute(batch, calendar, notice)
    if notice is not None:
        notice.checked += len(batch)
        notice.save(update_fields=["checked"])
    if len(batch) == BATCH:
        jobs.owe(NEXT_BATCH, notice_id=notice_id, after_id=batch[-1])
    elif batch and stale(calendar).exists():
        jobs.owe(NEXT_BATCH, notice_id=notice_id, after_id=0)
    elif notice is not None and notice.finished_at is None:
        _finish(notice)
        jobs.owe(NEXT_BATCH, due_at=clock.now() + STRAGGLERS, notice_id=notice_id, after_id=0)


def _is_overtaken(notice: WorkdayNotice | None) -> bool:
    if notice is None:
        return WorkdayNotice.objects.filter(finished_at=None).exists()
    if WorkdayNotice.objects.filter(pk__gt=notice.pk).exists():
        _finish(notice)
        return True
    return False


def stale(calendar: workdays.Calendar) -> "models.QuerySet[Clock]":
    """Open clocks computed with another calendar than *calendar*."""
    return Clock.objects.open().exclude(calendar_version=calendar.version)


@transaction.atomic
def recompute(pks: list[int], calendar: workdays.Calendar, notice: WorkdayNotice | None) -> None:
    """Bring the open clocks *pks* to *calendar*; only those whose day moves get an event, on their subject.

    Subjects are locked before clocks and in one order, as the rooms do. A clock that begins to move between the two
    looks stays stale for a later batch.
    """
    subjects = _lock_subjects([row for row in _open(pks) if _moves(row, calendar)])
    settled: dict[tuple[date, bool, int], list[int]] = defaultdict(list)
    changes: list[ClockChange] = []
    for row in _open(pks).select_for_update():
        old_due_on, was_provisional = row.due_on, row.provisional
        if _moves(row, calendar):
            if _subject_of(row) not in subjects:
                continue
            changes.append(
                ClockChange(
                    notice=notice,
                    clock=row,
                    old_due_on=old_due_on,
                    new_due_on=row.due_on,
                    was_provisional=was_provisional,
                )
            )
        settled[row.due_on, row.provisional, row.paused_days].append(row.pk)
    for (due_on, provisional, paused_days), alike in settled.items():
        Clock.objects.filter(pk__in=alike).update(
            due_on=due_on, provisional=provisional, paused_days=paused_days, calendar_version=calendar.version
        )
    ClockChange.objects.bulk_create(changes)
    events.record_each("clock.moved", [(subjects[_subject_of(change.clock)], _told(change)) for change in changes])


def _open(pks: list[int]) -> "models.QuerySet[Clock]":
    return Clock.objects.open().filter(pk__in=pks).order_by("pk").prefetch_related("pauses")


def _moves(row: Clock, calendar: workdays.Calendar) -> bool:
    """Compute *row* anew, in memory, and say whether its day is another one."""
    due_on = row.due_on
    set_due(row, finished_pauses(row), calendar)
    return row.due_on != due_on


def _told(change: ClockChange) -> dict[str, str]:
    return {
        "code": change.clock.code,
        "clock": change.clock.public_id,
        "old": change.old_due_on.isoformat(),
        "new": change.new_due_on.isoformat(),
        "notice": change.notice.public_id if change.notice else "",
    }


def _finish(notice: WorkdayNotice) -> None:
    notice.finished_at = clock.now()
    notice.save(update_fields=["finished_at"])


def _subject_of(row: Clock) -> tuple[str, str]:
    return row.subject_label, row.subject_pk


def _lock_subjects(clocks: list[Clock]) -> dict[tuple[str, str], models.Model]:
    """The subjects of *clocks*, locked; a clock whose subject is gone stands for itself."""
    found: dict[tuple[str, str], models.Model] = {_subject_of(row): row for row in clocks}
    for label in sorted({row.subject_label for row in clocks}):
        pks = [pk for its_label, pk in found if its_label == label]
        rows = apps.get_model(label)._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")
        found.update({(label, str(row.pk)): row for row in rows})
    return found


def _stale() -> Refused:
    return Refused("notice_stale", _("放假安排刚刚被别人改过，请对照最新的差别再确认。"))


def _check(year: int, off: frozenset[date], on: frozenset[date]) -> None:
    if not off:
        raise Refused("notice_dates", _("放假日一天也没有，请核对通知。"), field="off")
    for day in sorted(off | on):
        where = {"day": day.isoformat(), "year": year}
        if not date(year - 1, 12, 20) <= day <= date(year + 1, 1, 10):
            raise Refused("notice_dates", _("%(day)s 不属于 %(year)s 年的安排，请核对。") % where)
        if day in off and day in on:
            raise Refused("notice_dates", _("%(day)s 不能既放假又上班，请核对。") % where)
        if day in on and day.weekday() < workdays.SATURDAY:
            raise Refused("notice_dates", _("%(day)s 是周一至周五，不是调休上班日，请核对。") % where, field="on")
