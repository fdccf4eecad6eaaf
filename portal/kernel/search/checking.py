"""Whether an index says what the database says, and how far it lags behind."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min

from portal.kernel import clock, jobs
from portal.kernel.search import shared
from portal.kernel.search.registry import feeders, get_index, records_of

ATTEMPTS = 3
PAUSE_SECONDS = 2.0
MISSING = "not in the index"
STRANGE = "in the index but not in the database"
OTHER = "the index says something else than the database"


@dataclass(frozen=True)
class Lag:
    """How many changes of an index are owed and since when the oldest is."""

    owed: int
    oldest: timedelta


def lag(name: str) -> Lag:
    """What index *name* has not been told yet."""
    found = jobs.open_jobs().filter(name__in=feeders(name)).aggregate(owed=Count("pk"), since=Min("owed_at"))
    since = found["since"]
    return Lag(found["owed"], clock.now() - since if since else timedelta())


@dataclass(frozen=True)
class Difference:
    """A record that index and database do not agree on."""

    record_id: str
    why: str


def differences(name: str, *, pause_seconds: float = PAUSE_SECONDS) -> Iterator[Difference]:
    """Every record on which index *name* and the database differ, compared by a digest of all it says.

    A portal that runs meanwhile changes both in turn: only what differs in several looks is named.
    """
    lasting = _look(name)
    for _ in range(ATTEMPTS - 1):
        if not lasting:
            return
        time.sleep(pause_seconds)
        lasting &= _look(name)
    yield from sorted(lasting, key=lambda found: found.record_id)


def _look(name: str) -> set[Difference]:
    index = get_index(name)
    index.refresh()
    held = dict(index.digests())
    found = set()
    for record in records_of(name):
        there = held.pop(record["id"], None)
        if there is None:
            found.add(Difference(record["id"], MISSING))
        elif there != shared.digest(record):
            found.add(Difference(record["id"], OTHER))
    return found | {Difference(record_id, STRANGE) for record_id in held}
