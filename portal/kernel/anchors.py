"""Checkpoints over the events of all chains: they remember what a chain alone cannot, such as its last event."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from portal.kernel import clock
from portal.kernel.faults import Fault, Wrong
from portal.kernel.models.event import Anchor, Event

MOST_EVENTS = 1000
PRINT = 8
LONGEST_WAIT_MS = 200

Pairs = list[tuple[int, str]]


def keep_up() -> int:
    """Put checkpoints over every settled event that has none yet, each over at most a thousand; answers how many."""
    upto = settled_up_to()
    made = 0
    while upto and anchor(upto) is not None:
        made += 1
    return made


def settled_up_to() -> int:
    """The newest event before which none can appear any more; 0 when a transaction that writes events goes on for long.

    Ids are given before the commit, so a slow transaction may still bring lower ones. SQLite has one writer at a time;
    PostgreSQL is asked for a moment in which nobody writes events, and the next turn tries again.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT_MS}ms'")
                    cursor.execute(f"LOCK TABLE {Event._meta.db_table} IN SHARE MODE")
            return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    except DatabaseError:
        return 0


@transaction.atomic
def anchor(upto: int) -> Anchor | None:
    """Put one checkpoint over the next events up to the id *upto*; None when there is none without."""
    last = Anchor.objects.select_for_update().order_by("-seq").first()
    after = last.last_event_id if last else 0
    events = Event.objects.filter(pk__gt=after, pk__lte=upto).order_by("id")
    found: Pairs = list(events.values_list("id", "hash")[:MOST_EVENTS])
    if not found:
        return None
    row = Anchor(
        seq=last.seq + 1 if last else 1,
        first_event_id=after + 1,
        last_event_id=found[-1][0],
        count=len(found),
        absent=_absent(after, found),
        root=root_of(found),
        prints=_prints(found),
        previous=last.digest if last else "",
        at=clock.now(),
    )
    row.digest = digest_of(row)
    row.save(force_insert=True)
    return row


def _absent(after: int, found: Pairs) -> list[list[int]]:
    """The stretches of ids between *after* and the last event that no event has: first and last of each."""
    ids = [after, *(pk for pk, _hash in found)]
    return [[before + 1, pk - 1] for before, pk in pairwise(ids) if pk > before + 1]


def root_of(found: Iterable[tuple[int, str]]) -> str:
    """The hash over the ids and hashes of events, in order."""
    return hashlib.sha256("\n".join(f"{pk}:{digest}" for pk, digest in found).encode()).hexdigest()


def _prints(found: Pairs) -> str:
    return "".join(digest[:PRINT] for _pk, digest in found)


def digest_of(row: Anchor) -> str:
    """What the digest of a checkpoint ought to be, over everything it says but its time."""
    content = [
        row.seq,
        row.first_event_id,
        row.last_event_id,
        row.count,
        row.absent,
        row.root,
        row.prints,
        row.previous,
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def spans(size: int) -> list[tuple[int, int]]:
    """All checkpoints in stretches of about *size* by their numbers: first and last of each."""
    newest = Anchor.objects.aggregate(newest=Max("seq"))["newest"] or 0
    return [(first, min(first + size - 1, newest)) for first in range(1, newest + 1, size)]


def faults(first: int, last: int) -> Iterator[Fault]:
    """What is wrong with the checkpoints *first* to *last*, and which of their events were touched."""
    before = Anchor.objects.filter(seq__lt=first).order_by("-seq").first()
    expected = first
    for row in Anchor.objects.filter(seq__gte=first, seq__lte=last).order_by("seq").iterator(chunk_size=100):
        if row.seq > expected:
            yield Fault(Wrong.ANCHOR_REMOVED, anchor=expected, to_seq=row.seq - 1)
        if row.digest != digest_of(row):
            yield Fault(Wrong.ANCHOR_CHANGED, anchor=row.seq)
        elif before is not None and row.seq == before.seq + 1 and not _follows(before, row):
            yield Fault(Wrong.ANCHOR_CHANGED, anchor=before.seq)
        else:
            yield from _touched(row)
        before, expected = row, row.seq + 1
    if expected <= last:
        yield Fault(Wrong.ANCHOR_REMOVED, anchor=expected, to_seq=last)


def _follows(before: Anchor, row: Anchor) -> bool:
    is_known_as_changed = before.digest != digest_of(before)
    return is_known_as_changed or (row.previous == before.digest and row.first_event_id == before.last_event_id + 1)


def _touched(row: Anchor) -> Iterator[Fault]:
    events = Event.objects.filter(pk__gte=row.first_event_id, pk__lte=row.last_event_id).order_by("id")
    found: Pairs = list(events.values_list("id", "hash"))
    if root_of(found) == row.root and len(found) == row.count:
        return
    prints = _remembered(row)
    for pk, digest in found:
        if pk not in prints:
            yield Fault(Wrong.INSERTED, pk, anchor=row.seq)
        elif prints.pop(pk) != digest[:PRINT]:
            yield Fault(Wrong.CHANGED, pk, anchor=row.seq)
    for pk in prints:
        yield Fault(Wrong.REMOVED, pk, anchor=row.seq)


def _remembered(row: Anchor) -> dict[int, str]:
    """The id of every event the checkpoint covered, with the beginning of its hash."""
    absent = {pk for first, last in row.absent for pk in range(first, last + 1)}
    ids = (pk for pk in range(row.first_event_id, row.last_event_id + 1) if pk not in absent)
    pieces = (row.prints[start : start + PRINT] for start in range(0, len(row.prints), PRINT))
    return dict(zip(ids, pieces, strict=False))
