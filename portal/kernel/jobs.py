"""Work that is owed: a row in the same transaction, a bell after commit, a sweep for whatever was not heard.

A job marks itself done in the transaction that does its work, so running it twice does it once and a process that dies
leaves it owed. Receipts and clocks never wait behind documents and grouping: a worker always takes the most urgent job.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from portal.kernel import clock
from portal.kernel.models.job import Job

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 8
LONGEST_NAME = 60
BATCH = 500
Handler = Callable[..., None]


class Priority(IntEnum):
    """Smaller goes first."""

    RECEIPT = 0
    CLOCK = 1
    NORMAL = 5
    DOCUMENT = 7
    GROUPING = 9


@dataclass(frozen=True)
class Kind:
    """How one kind of job is done: the handler inside the transaction and, before it, an act outside the house."""

    handler: Handler
    priority: Priority
    act: Callable[..., Any] | None = None


_kinds: dict[str, Kind] = {}
_subscribers: dict[str, list[str]] = defaultdict(list)
_bells: list[Callable[[int], None]] = []


class Later(Exception):
    """Raised by a handler that must wait for something: the job stays owed and is tried again at *at*."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


def job(
    name: str, priority: Priority = Priority.NORMAL, act: Callable[..., Any] | None = None
) -> Callable[[Handler], Handler]:
    """Register the function that does the work called *name*; it takes the job's arguments as keywords.

    *act*, when given, is called with the same arguments before the transaction and its answer is passed to the handler
    as `outcome`. It is for effects that leave the house (a bank, an SMS gateway): it must ask about an unknown outcome
    under its own key before it sends anything again, since the process can die between act and transaction.
    """

    def register(handler: Handler) -> Handler:
        if len(name) > LONGEST_NAME:
            raise ValueError(f"the name of a job has at most {LONGEST_NAME} characters: {name}")
        known = _kinds.get(name)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"two handlers for the job {name}")
        _kinds[name] = Kind(handler, priority, act)
        return handler

    return register


def on(event_name: str, priority: Priority = Priority.NORMAL) -> Callable[[Handler], Handler]:
    """Subscribe a function to an event; it is owed with `event_id` in the transaction that records the event."""

    def register(handler: Handler) -> Handler:
        name = f"{handler.__module__}.{handler.__qualname__}"
        job(name, priority)(handler)
        if name not in _subscribers[event_name]:
            _subscribers[event_name].append(name)
        return handler

    return register


def subscribers(event_name: str) -> list[str]:
    """The jobs that an event owes."""
    return _subscribers.get(event_name, [])


def when_owed(bell: Callable[[int], None]) -> None:
    """Have *bell* called with a job's id after each commit that owes one."""
    _bells.append(bell)


def _ring(job_id: int) -> None:
    for bell in _bells:
        try:
            bell(job_id)
        except Exception:
            logger.warning("the bell for job %s did not ring; the sweep will", job_id, exc_info=True)


def owe(
    name: str, *, priority: Priority | None = None, due_at: datetime | None = None, key: str = "", **args: Any
) -> Job | None:
    """Owe a job in the current transaction.

    With a *key*, a job of that name and key which is still open is not owed twice: the answer is then None.
    """
    row = _owed(name, priority, due_at, key, args)
    if not _inserted(row):
        return None
    transaction.on_commit(lambda: _ring(row.pk))
    return row


def owe_each(owed: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Owe many jobs, each a name and its arguments, in the current transaction."""
    rows = Job.objects.bulk_create([_owed(name, None, None, "", args) for name, args in owed], batch_size=BATCH)
    for row in rows:
        transaction.on_commit(partial(_ring, row.pk))


def _owed(name: str, priority: Priority | None, due_at: datetime | None, key: str, args: dict[str, Any]) -> Job:
    if not connection.in_atomic_block:
        raise RuntimeError("a job is owed in the transaction that makes it necessary")
    if name not in _kinds:
        raise ValueError(f"nobody does the job {name}")
    now = clock.now()
    return Job(
        name=name,
        args=args,
        priority=_kinds[name].priority if priority is None else priority,
        key=key,
        owed_at=now,
        due_at=due_at or now,
    )


def _inserted(row: Job) -> bool:
    if not row.key:
        row.save(force_insert=True)
        return True
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def open_jobs() -> QuerySet[Job]:
    """Jobs that are neither done nor given up."""
    return Job.objects.filter(done_at=None, given_up_at=None)


def _due() -> QuerySet[Job]:
    now = clock.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return open_jobs().filter(free, due_at__lte=now).order_by("priority", "due_at", "id")


def _lease() -> Job | None:
    for candidate in _due()[:8]:
        now = clock.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        taken = open_jobs().filter(free, pk=candidate.pk).update(lease_until=now + LEASE)
        if taken:
            return candidate
    return None


def run_next() -> bool:
    """Take the most urgent due job and run it; False when nothing is due."""
    row = _lease()
    if row is None:
        return False
    _run(row.pk)
    return True


def _run(job_id: int) -> None:
    try:
        leased = Job.objects.get(pk=job_id)
        kind = _kinds[leased.name]
        outcome = {"outcome": kind.act(**leased.args)} if kind.act else {}
        with transaction.atomic():
            row = Job.objects.select_for_update().get(pk=job_id)
            if row.done_at or row.given_up_at:
                return
            kind.handler(**row.args, **outcome)
            row.done_at = clock.now()
            row.lease_until = None
            row.save(update_fields=["done_at", "lease_until"])
    except Later as later:
        Job.objects.filter(pk=job_id).update(due_at=later.at, lease_until=None)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        _failed(job_id, error)


@transaction.atomic
def _failed(job_id: int, error: Exception) -> None:
    row = Job.objects.select_for_update().get(pk=job_id)
    row.attempts += 1
    row.lease_until = None
    row.last_error = type(error).__name__
    row.due_at = clock.now() + timedelta(seconds=min(3600, 2**row.attempts))
    if row.attempts >= MOST_ATTEMPTS:
        row.given_up_at = clock.now()
    row.save()


def drain(limit: int = 10_000) -> int:
    """Run everything that is due now, most urgent first, and answer how many ran."""
    ran = 0
    while ran < limit and run_next():
        ran += 1
    return ran


def overdue_count(older_than: timedelta = timedelta(seconds=30)) -> int:
    """How many jobs have been due for longer than that: the lag shown by /health."""
    return open_jobs().filter(due_at__lt=clock.now() - older_than).count()
