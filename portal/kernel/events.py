"""Record what happened, in the transaction in which it happens."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import QuerySet

from portal.kernel import clock, jobs
from portal.kernel.models.event import Anchor, Event
from portal.kernel.models.user import User

CODE = re.compile(r"[A-Za-z0-9_.:+/=\-]{0,120}")
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
NO_HEAD = (0, "")
SETTLING = timedelta(seconds=60)


def label_and_pk(subject: models.Model) -> tuple[str, str]:
    """How events, clocks, documents and notices name the row they are about."""
    return subject._meta.label_lower, str(subject.pk)


def _checked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    raise ValueError("an event's payload holds ids, codes and hashes, never text")


def _digest(event: Event) -> str:
    content = [
        event.name,
        event.subject_label,
        event.subject_pk,
        event.seq,
        event.actor_id,
        event.at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds"),
        event.payload,
        event.previous,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(
    name: str, subject: models.Model, /, *, actor: Any = None, at: datetime | None = None, **payload: Any
) -> Event:
    """Append an event to *subject*'s chain and owe the jobs of those who subscribed with `jobs.on`.

    Call inside a transaction that holds the subject's lock. `actor` is the User who acted, or None for the system.
    Payload values are ids, codes, hashes, whole numbers and ISO dates; anything else raises ValueError.
    """
    label, pk = label_and_pk(subject)
    chain = Event.objects.filter(subject_label=label, subject_pk=pk).order_by("-seq")
    head = chain.values_list("seq", "hash").first() or NO_HEAD
    event = _next(name, (label, pk), head, actor, at or clock.now(), payload)
    event.save(force_insert=True)
    jobs.owe_each((job, {"event_id": event.pk}) for job in jobs.subscribers(name))
    return event


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
    jobs.owe_each((job, {"event_id": event.pk}) for event in made for job in jobs.subscribers(name))


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
    event.hash = _digest(event)
    return event


def of(subject: models.Model) -> QuerySet[Event]:
    """The events of one subject, oldest first."""
    label, pk = label_and_pk(subject)
    return Event.objects.filter(subject_label=label, subject_pk=pk).order_by("seq")


@dataclass(frozen=True)
class Broken:
    """A place where the record does not prove itself."""

    event_id: int
    why: str


def broken_chains() -> Iterator[Broken]:
    """Every event whose hash, place or predecessor is not what it should be."""
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        subject = (event.subject_label, event.subject_pk)
        seq, previous = heads.get(subject, (0, ""))
        if event.seq != seq + 1 or event.previous != previous:
            yield Broken(event.pk, "does not follow its predecessor")
        if event.hash != _digest(event):
            yield Broken(event.pk, "was changed after it was written")
        heads[subject] = (event.seq, event.hash)


def _anchor_digest(previous: str, hashes: list[str]) -> str:
    return hashlib.sha256("\n".join([previous, *hashes]).encode()).hexdigest()


@transaction.atomic
def anchor() -> Anchor | None:
    """Put a checkpoint over every settled event that has none yet; None when there is nothing new.

    Events of the last minute wait, so that a transaction still open cannot commit behind the checkpoint.
    """
    last = Anchor.objects.select_for_update().order_by("-last_event_id").first()
    after = last.last_event_id if last else 0
    fresh = Event.objects.filter(pk__gt=after).order_by("id").values_list("id", "hash", "at")
    settled = [(pk, digest) for pk, digest, at in fresh if at < clock.now() - SETTLING]
    if not settled:
        return None
    return Anchor.objects.create(
        first_event_id=settled[0][0],
        last_event_id=settled[-1][0],
        count=len(settled),
        digest=_anchor_digest(last.digest if last else "", [digest for _pk, digest in settled]),
        at=clock.now(),
    )


def broken_anchors() -> Iterator[Broken]:
    """Every checkpoint that today's events no longer add up to: something was removed or rewritten."""
    previous = ""
    for row in Anchor.objects.order_by("last_event_id"):
        hashes = list(
            Event.objects.filter(pk__gte=row.first_event_id, pk__lte=row.last_event_id)
            .order_by("id")
            .values_list("hash", flat=True)
        )
        if row.digest != _anchor_digest(previous, hashes) or row.count != len(hashes):
            yield Broken(row.last_event_id, "checkpoint no longer adds up")
        previous = row.digest
