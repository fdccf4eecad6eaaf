"""Doing what is owed: a lease, the act outside the house, the transaction, and what follows when it fails."""

import logging
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, QuerySet

from portal.kernel import clock
from portal.kernel.jobs.kinds import Later, Priority, kind_of
from portal.kernel.models.job import Job

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long a job stays with a worker that is not heard of again. An act that takes longer has its lease renewed; a
handler holds the row itself until its transaction ends."""
MOST_ATTEMPTS = 8
LONGEST_WAIT = 3600
CANDIDATES = 8
LONGEST_SWEEP = 0.8
LOST = "WorkerLost"


def open_jobs() -> QuerySet[Job]:
    """Jobs that are neither done nor given up."""
    return Job.objects.filter(done_at=None, given_up_at=None)


class Candidate(NamedTuple):
    """A job that a worker may take; `has_lapsed` when another worker had it and was not heard of again."""

    id: int
    name: str
    priority: int
    has_lapsed: bool


def next_sql() -> str:
    """The statement behind `_candidates`: for each priority one short range of the index `open_jobs`, never more."""
    one_range = (
        "SELECT * FROM (SELECT id, name, priority, due_at, lease_until FROM kernel_job"
        " WHERE done_at IS NULL AND given_up_at IS NULL AND priority = {0:d} AND due_at <= %(now)s"
        " AND (lease_until IS NULL OR lease_until < %(now)s) ORDER BY due_at, id LIMIT %(limit)s) AS p{0:d}"
    )
    ranges = " UNION ALL ".join(one_range.format(priority) for priority in Priority)
    return f"SELECT id, name, priority, lease_until FROM ({ranges}) AS found ORDER BY priority, due_at, id"  # noqa: S608


_NEXT = next_sql()


def next_values(limit: int) -> dict[str, Any]:
    """What `next_sql` is asked with, at this moment."""
    return {"now": connection.ops.adapt_datetimefield_value(clock.now()), "limit": limit}


def _candidates(tried: set[int]) -> list[Candidate]:
    """The longest due jobs of the most urgent priority that has any, without those that were *tried*."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, next_values(CANDIDATES + len(tried)))
        found = cursor.fetchall()
    rows = [
        Candidate(job_id, name, priority, lease_until is not None)
        for job_id, name, priority, lease_until in found
        if job_id not in tried
    ]
    return [row for row in rows if row.priority == rows[0].priority]


def _lease() -> Candidate | None:
    tried: set[int] = set()
    while candidates := _candidates(tried):
        for row in candidates:
            if (_takes_over if row.has_lapsed else _takes)(row.id):
                return row
            tried.add(row.id)
    return None


def _takes(job_id: int) -> bool:
    until = clock.now() + LEASE
    return open_jobs().filter(pk=job_id, lease_until=None).update(lease_until=until) == 1


@transaction.atomic
def _takes_over(job_id: int) -> bool:
    """Take a job whose worker was not heard of again, unless that worker holds the row: then it is still at it."""
    now = clock.now()
    row = open_jobs().filter(pk=job_id, lease_until__lt=now).select_for_update(skip_locked=True).first()
    if row is None:
        return False
    _count_attempt(row, LOST)
    row.lease_until = None if row.given_up_at else now + LEASE
    row.save(update_fields=["attempts", "last_error", "given_up_at", "lease_until"])
    return row.given_up_at is None


def release_all() -> int:
    """Take back every job somebody was at; only for a start at which nobody else can be at one.

    It counts as an attempt, so that a job which ends its process is given up like any other that never succeeds.
    """
    taken = open_jobs().filter(lease_until__isnull=False)
    taken.filter(attempts__gte=MOST_ATTEMPTS - 1).update(
        attempts=F("attempts") + 1, last_error=LOST, given_up_at=clock.now(), lease_until=None
    )
    return taken.update(attempts=F("attempts") + 1, last_error=LOST, lease_until=None)


def run_next() -> bool:
    """Take the most urgent due job and run it; False when nothing is due."""
    row = _lease()
    if row is None:
        return False
    _run(row.id, row.name)
    return True


@contextmanager
def _kept(job_id: int) -> Iterator[None]:
    """Renew the lease of a job for as long as the block runs."""
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job_id, is_over), name=f"lease {job_id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()


def _keep(job_id: int, is_over: threading.Event) -> None:
    while not is_over.wait(LEASE.total_seconds() / 3):
        try:
            open_jobs().filter(pk=job_id).update(lease_until=clock.now() + LEASE)
        except Exception:
            logger.warning("the lease of job %s was not renewed", job_id, exc_info=True)
        finally:
            connection.close()


def _run(job_id: int, name: str) -> None:
    try:
        kind = kind_of(name)
        outcome = {}
        if kind.act is not None:
            args = Job.objects.values_list("args", flat=True).get(pk=job_id)
            with _kept(job_id):
                outcome = {"outcome": kind.act(**args)}
        with transaction.atomic():
            row = Job.objects.select_for_update().get(pk=job_id)
            if row.done_at or row.given_up_at:
                return
            kind.handler(**row.args, **outcome)
            row.done_at = clock.now()
            row.lease_until = None
            row.save(update_fields=["done_at", "lease_until"])
    except Later as later:
        open_jobs().filter(pk=job_id).update(due_at=later.at, lease_until=None)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        _failed(job_id, error)


@transaction.atomic
def _failed(job_id: int, error: Exception) -> None:
    row = open_jobs().select_for_update().filter(pk=job_id).first()
    if row is None:
        return
    _count_attempt(row, type(error).__name__)
    row.lease_until = None
    row.due_at = clock.now() + wait_after(row.attempts, row.public_id)
    row.save(update_fields=["attempts", "last_error", "given_up_at", "lease_until", "due_at"])


def _count_attempt(row: Job, error: str) -> None:
    row.attempts += 1
    row.last_error = error[:120]
    if row.attempts >= MOST_ATTEMPTS:
        row.given_up_at = clock.now()


def wait_after(attempts: int, seed: str) -> timedelta:
    """How long a job waits after so many failures: 2, 4, 8 … seconds, an hour at most, and up to a quarter more.

    The extra is drawn from *seed* and the number, so that what failed together does not come back together.
    """
    spread = zlib.crc32(f"{seed}:{attempts}".encode()) / 2**32
    return timedelta(seconds=min(LONGEST_WAIT, 2**attempts) * (1 + spread / 4))


def drain(limit: int = 10_000) -> int:
    """Run everything that is due now, most urgent first, and answer how many ran."""
    ran = 0
    while ran < limit and run_next():
        ran += 1
    return ran


def sweep() -> None:
    """Run what is due and was not heard, for a moment: the next sweep goes on."""
    until = monotonic() + LONGEST_SWEEP
    while monotonic() < until and run_next():
        pass


def overdue_count(older_than: timedelta = timedelta(seconds=30)) -> int:
    """How many jobs have been due for longer than that: the lag shown by /health."""
    return open_jobs().filter(due_at__lt=clock.now() - older_than).count()
