"""Owing work in the transaction that makes it necessary, and ringing for it after the commit."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from portal.kernel import clock
from portal.kernel.jobs.kinds import Priority, kind_of, names, subscribers
from portal.kernel.models.event import Event
from portal.kernel.models.job import Job
from portal.kernel.subjects import label_and_pk

logger = logging.getLogger(__name__)

BATCH = 500
NOTHING = ("", "")

_bells: list[Callable[[int], None]] = []


def when_owed(bell: Callable[[int], None]) -> Callable[[], None]:
    """Have *bell* called with a job's id after each commit that owes one; the answer takes the bell down again."""
    _bells.append(bell)
    return lambda: _bells.remove(bell)


def _ring(job_id: int) -> None:
    for bell in _bells:
        try:
            bell(job_id)
        except Exception:
            logger.warning("the bell for job %s did not ring; the sweep will", job_id, exc_info=True)


def owe(
    name: str,
    *,
    priority: Priority | None = None,
    due_at: datetime | None = None,
    key: str = "",
    about: models.Model | tuple[str, str] = NOTHING,
    **args: Any,
) -> Job | None:
    """Owe a job in the current transaction.

    With a *key*, a job of that name and key which is still open is not owed twice: the answer is then None. *about* is
    the row whose story the job belongs to, or its label and key.
    """
    place = about if isinstance(about, tuple) else label_and_pk(about)
    row = _owed(name, args, place, priority, due_at, key)
    if not _inserted(row):
        return None
    transaction.on_commit(partial(_ring, row.pk))
    return row


def owe_each(owed: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Owe many jobs, each a name and its arguments, in the current transaction."""
    _owe_all([_owed(name, args, NOTHING) for name, args in owed])


def owe_subscribers(told: Iterable[Event]) -> None:
    """Owe, for each new event, the work of everyone who subscribed to it, in the transaction that records it."""
    _owe_all(
        _owed(name, {"event_id": event.pk}, (event.subject_label, event.subject_pk), event=event)
        for event in told
        for name in subscribers(event.name)
    )


def _owe_all(rows: Iterable[Job]) -> None:
    for row in Job.objects.bulk_create(rows, batch_size=BATCH):
        transaction.on_commit(partial(_ring, row.pk))


def announce(event: Event) -> int:
    """Owe what an event that is already on record owes and somehow does not: to subscribers who came later.

    Whoever has had a job for it, done or not, gets no second one. Answers how many jobs are new.
    """
    with transaction.atomic():
        known = set(Job.objects.filter(event=event).values_list("name", flat=True))
        wanted = [name for name in subscribers(event.name) if name not in known]
        place = (event.subject_label, event.subject_pk)
        rows = [_owed(name, {"event_id": event.pk}, place, event=event) for name in wanted]
        return sum(_inserted(row) for row in rows)


def _owed(
    name: str,
    args: dict[str, Any],
    about: tuple[str, str],
    priority: Priority | None = None,
    due_at: datetime | None = None,
    key: str = "",
    event: Event | None = None,
) -> Job:
    if not connection.in_atomic_block:
        raise RuntimeError("a job is owed in the transaction that makes it necessary")
    if name not in names():
        raise ValueError(f"nobody does the job {name}")
    now = clock.now()
    return Job(
        name=name,
        args=args,
        event=event,
        subject_label=about[0],
        subject_pk=about[1],
        priority=kind_of(name).priority if priority is None else priority,
        key=key,
        owed_at=now,
        due_at=due_at or now,
    )


def _inserted(row: Job) -> bool:
    if not row.key and row.event_id is None:
        row.save(force_insert=True)
        return True
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True
