"""Letting go of what the access log no longer has to keep; that it was let go of stays on record."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.kernel import clock, events
from portal.kernel.models.event import AccessRecord

BATCH = 5_000
FORGOTTEN = "retention"


def first_kept_day(today: date) -> date:
    """The first day whose records are still kept on *today*: `ACCESS_LOG_YEARS` before it."""
    year = today.year - settings.ACCESS_LOG_YEARS
    return date(year, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def old(today: date) -> QuerySet[AccessRecord]:
    """The records that need not be kept on *today* any more; those about retention itself stay."""
    first_kept = datetime.combine(first_kept_day(today), time.min, clock.SHANGHAI)
    return AccessRecord.objects.filter(at__lt=first_kept).exclude(kind=FORGOTTEN)


@transaction.atomic
def forget_old() -> int:
    """Remove records past their time, some thousands at a time, and record how many and of which days.

    Answers how many went. They leave a row of their own in the log, and an event in its chain.
    """
    today = clock.today()
    gone = list(old(today).order_by("at").values_list("pk", "at")[:BATCH])
    if not gone:
        return 0
    AccessRecord.objects.filter(pk__in=[pk for pk, _at in gone]).delete()
    first, last = clock.day_of(gone[0][1]), clock.day_of(gone[-1][1])
    fields = [f"{first.isoformat()}/{last.isoformat()}", str(len(gone))]
    note = AccessRecord.objects.create(at=clock.now(), kind=FORGOTTEN, fields=fields)
    events.record("looks.forgotten", note, rows=len(gone), first=first.isoformat(), last=last.isoformat())
    return len(gone)
