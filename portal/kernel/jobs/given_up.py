"""Work that failed too often: an administrator owes it again or discards it, for a reason, and both stay on record."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from portal.kernel import clock, events, paging
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, not_found
from portal.kernel.models.job import Job


@dataclass(frozen=True)
class Heap:
    """How many jobs of one kind were given up."""

    name: str
    count: int


@dataclass(frozen=True)
class Page:
    """Some jobs that were given up, the newest first, and the public id after which the next page begins."""

    rows: tuple[Job, ...]
    next_after: str
    heaps: tuple[Heap, ...]
    count: int


def given_up() -> QuerySet[Job]:
    """Jobs that failed too often and were not discarded."""
    return Job.objects.filter(given_up_at__isnull=False, discarded_at=None)


def page_of(*, who: Who, after: str = "", size: int = 50) -> Page:
    """What waits for an administrator; `forbidden` to others. It holds names of work, errors' classes and keys only."""
    require(who, Role.ADMIN)
    rows = paging.older(given_up().order_by("-given_up_at", "-pk"), than=after, moment="given_up_at")
    heaps = given_up().values("name").annotate(n=Count("pk")).order_by("-n", "name")
    found = tuple(Heap(row["name"], row["n"]) for row in heaps)
    return Page(*paging.cut(rows, size), heaps=found, count=sum(heap.count for heap in found))


@transaction.atomic
def retry(*, public_id: str, who: Who) -> Job:
    """Owe a job that was given up once more, from its first attempt.

    Refused: `forbidden`, `not_found` when it does not wait here, `owed_again` when the same work is owed by now.
    """
    admin = require(who, Role.ADMIN)
    row = _waiting(public_id)
    if not _is_open_again(row):
        raise Refused("owed_again", _("同样的作业已经另外排上了，这一条可以不再办。"))
    events.record("job.retried", row, actor=admin)
    return row


@transaction.atomic
def retry_all(*, name: str, who: Who) -> int:
    """Owe every job of one kind once more, those left out whose work is owed by now; answers how many."""
    admin = require(who, Role.ADMIN)
    again = [row for row in given_up().select_for_update().filter(name=name).order_by("pk") if _is_open_again(row)]
    events.record_each("job.retried", [(row, {}) for row in again], actor=admin)
    return len(again)


@transaction.atomic
def discard(*, public_id: str, reason: str, who: Who) -> Job:
    """Give a job up for good. Refused: `forbidden`, `not_found`, `reason` (field reason) when it is not on the list."""
    admin = require(who, Role.ADMIN)
    row = _waiting(public_id)
    if reason not in Job.Discarded.values:
        raise Refused("reason", _("请选不再办的原因。"), field="reason", status=422)
    row.discarded_at, row.discarded_as = clock.now(), reason
    row.save(update_fields=["discarded_at", "discarded_as"])
    events.record("job.discarded", row, actor=admin, reason=reason)
    return row


def _waiting(public_id: str) -> Job:
    row = given_up().select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise not_found()
    return row


def _is_open_again(row: Job) -> bool:
    row.given_up_at, row.attempts, row.due_at = None, 0, clock.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["given_up_at", "attempts", "due_at"])
    except IntegrityError:
        return False
    return True
