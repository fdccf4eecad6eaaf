"""What administrators see of loaded notices: how far each is, and which due dates it moved, from when to when."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from portal.kernel import access
from portal.kernel.calendars import workdays
from portal.kernel.calendars.desk import Presented, presented_to
from portal.kernel.calendars.notices import stale
from portal.kernel.errors import not_found
from portal.kernel.models.clock import ClockChange, WorkdayNotice


@dataclass(frozen=True)
class Moved:
    """One due date that a notice moved; what the clock runs on is named only to those whose work it is."""

    change: ClockChange
    subject: Presented | None


@dataclass(frozen=True)
class ReportPage:
    """One notice: how many clocks were looked at and are still to be, how many moved, and a page of those that did.

    `next_after` begins the next page; 0 on the last.
    """

    notice: WorkdayNotice
    to_do: int
    moved: int
    rows: tuple[Moved, ...]
    next_after: int


def notices_loaded(who: access.Who) -> QuerySet[WorkdayNotice]:
    """Every loaded notice, the latest first, with how many due dates it moved (`moved`); for an administrator."""
    access.require(who, access.Role.ADMIN)
    return (
        WorkdayNotice.objects.select_related("loaded_by").annotate(moved=Count("changes")).order_by("-loaded_at", "-pk")
    )


def report_page(*, who: access.Who, public_id: str, after: int = 0, size: int = 100) -> ReportPage:
    """The report on one notice, its changes in the order in which they were made; not found when there is none."""
    admin = access.require(who, access.Role.ADMIN)
    notice = notices_loaded(who).filter(public_id=public_id).first()
    if notice is None:
        raise not_found()
    changes = list(notice.changes.filter(pk__gt=after).select_related("clock__unit").order_by("pk")[: size + 1])
    shown = changes[:size]
    known = presented_to(admin, [change.clock for change in shown])
    return ReportPage(
        notice=notice,
        to_do=0 if notice.finished_at else stale(workdays.load()).count(),
        moved=notice.changes.count(),
        rows=tuple(Moved(change, known.get((change.clock.subject_label, change.clock.subject_pk))) for change in shown),
        next_after=shown[-1].pk if len(changes) > size else 0,
    )
