"""Record what happened, in the transaction in which it happens."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from portal.kernel import clock, jobs
from portal.kernel.models.event import Event
from portal.kernel.models.user import User
from portal.kernel.subjects import label_and_pk

CODE = re.compile(r"[A-Za-z0-9_.:+/=\-]{0,120}")
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
NO_HEAD = (0, "")


def _checked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    raise ValueError("an event's payload holds ids, codes and hashes, never text")


def digest(
    *,
    name: str,
    subject_label: str,
    subject_pk: str,
    seq: int,
    actor_id: int | None,
    at: datetime,
    payload: dict[str, Any],
    previous: str,
) -> str:
    """The hash of one event over everything it says and the hash of the event before it."""
    moment = at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds")
    content = [name, subject_label, subject_pk, seq, actor_id, moment, payload, previous]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(
    name: str,
    subject: models.Model,
    /,
    *,
    actor: Any = None,
    at: datetime | None = None,
    is_first: bool = False,
    **payload: Any,
) -> Event:
    """Append an event to *subject*'s chain and owe the jobs of those who subscribed with `jobs.on`.

    Call inside a transaction that holds the subject's lock. `actor` is the User who acted, or None for the system.
    Payload values are ids, codes, hashes, whole numbers and ISO dates; anything else raises ValueError. A subject that
    this transaction has just made has no events yet: with *is_first* nobody looks for them.
    """
    label, pk = label_and_pk(subject)
    head = NO_HEAD if is_first else _head(label, pk)
    event = _next(name, (label, pk), head, actor, at or clock.now(), payload)
    event.save(force_insert=True)
    jobs.owe_subscribers([event])
    return event


def _head(label: str, pk: str) -> tuple[int, str]:
    chain = Event.objects.filter(subject_label=label, subject_pk=pk).order_by("-seq")
    return chain.values_list("seq", "hash").first() or NO_HEAD


def record_each(name: str, told: Sequence[tuple[models.Model, dict[str, Any]]], *, actor: Any = None) -> None:
    """Append one event for each subject and payload, as `record` does, with a few statements for all of them.

    Call inside a transaction that holds every subject's lock; a subject named twice gets two events, in this order.
    """
    now = clock.now()
    heads = _heads([label_and_pk(subject) for subject, _payload in told])
    made = []
    for subject, payload in told:
        place = label_and_pk(subject)
        event = _next(name, place, heads.get(place, NO_HEAD), actor, now, payload)
        heads[place] = (event.seq, event.hash)
        made.append(event)
    Event.objects.bulk_create(made, batch_size=jobs.BATCH)
    jobs.owe_subscribers(made)


def _heads(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    by_label: dict[str, set[str]] = defaultdict(set)
    for label, pk in places:
        by_label[label].add(pk)
    found = {}
    for label, pks in by_label.items():
        rows = Event.objects.filter(subject_label=label, subject_pk__in=pks).order_by("seq")
        for pk, seq, digest in rows.values_list("subject_pk", "seq", "hash"):
            found[label, pk] = (seq, digest)
    return found


def _next(
    name: str, place: tuple[str, str], head: tuple[int, str], actor: Any, at: datetime, payload: dict[str, Any]
) -> Event:
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of what happened")
    if not NAME.fullmatch(name):
        raise ValueError(f"{name} is not a noun and a past participle")
    event = Event(
        name=name,
        subject_label=place[0],
        subject_pk=place[1],
        seq=head[0] + 1,
        actor=actor if isinstance(actor, User) else None,
        at=at,
        payload={key: _checked(value) for key, value in payload.items()},
        previous=head[1],
    )
    event.hash = digest_of(event)
    return event


def digest_of(event: Event) -> str:
    """What the hash of *event* ought to be."""
    return digest(
        name=event.name,
        subject_label=event.subject_label,
        subject_pk=event.subject_pk,
        seq=event.seq,
        actor_id=event.actor_id,
        at=event.at,
        payload=event.payload,
        previous=event.previous,
    )


def of(subject: models.Model) -> QuerySet[Event]:
    """The events of one subject, oldest first."""
    label, pk = label_and_pk(subject)
    return Event.objects.filter(subject_label=label, subject_pk=pk).order_by("seq")
