"""Prove the chains: every subject's events follow each other, none changed, none missing, none put in between."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from django.db.models import QuerySet

from portal.kernel.events import digest
from portal.kernel.faults import Fault, Wrong
from portal.kernel.models.event import Event

CHUNK = 2000
FAR = 50
"""How many places away from where a row stands the place it was written for is looked for."""


class Row(NamedTuple):
    """One event as it lies in the database."""

    id: int
    name: str
    subject_label: str
    subject_pk: str
    seq: int
    actor_id: int | None
    at: datetime
    payload: dict[str, Any]
    previous: str
    hash: str

    @property
    def subject(self) -> str:
        return f"{self.subject_label}:{self.subject_pk}"

    def is_written_for(self, seq: int) -> bool:
        """Whether the row is what was hashed when it was written, at that place of its chain."""
        return self.hash == digest(
            name=self.name,
            subject_label=self.subject_label,
            subject_pk=self.subject_pk,
            seq=seq,
            actor_id=self.actor_id,
            at=self.at,
            payload=self.payload,
            previous=self.previous,
        )


@dataclass(frozen=True)
class Part:
    """Whole chains: those of *label* with keys above *after* and up to *upto* ("" for no bound)."""

    label: str
    after: str = ""
    upto: str = ""

    def rows(self) -> QuerySet[Event]:
        """The part's events, chain by chain."""
        found = Event.objects.filter(subject_label=self.label)
        if self.after:
            found = found.filter(subject_pk__gt=self.after)
        if self.upto:
            found = found.filter(subject_pk__lte=self.upto)
        return found.order_by("subject_pk", "seq", "id")


def parts(size: int) -> list[Part]:
    """All chains, cut into parts of about *size* events; every chain lies whole in one part."""
    found = []
    for label in Event.objects.order_by("subject_label").values_list("subject_label", flat=True).distinct():
        after = ""
        while True:
            upto = next(iter(Part(label, after).rows().values_list("subject_pk", flat=True)[size : size + 1]), "")
            found.append(Part(label, after, upto))
            if not upto:
                break
            after = upto
    return found


@dataclass
class Counted:
    """How many events a walk over a part has seen so far."""

    events: int = 0


def faults(part: Part, counted: Counted) -> Iterator[Fault]:
    """Everything wrong in the chains of *part*; holds one batch of rows in memory and, of a broken chain, all."""
    rows = part.rows().values_list(*Row._fields).iterator(chunk_size=CHUNK)
    for _subject, chain in groupby(map(Row._make, rows), key=lambda row: row.subject_pk):
        suspect = _first_suspect(chain, counted)
        if suspect is not None:
            yield from _diagnosed(suspect)


def _first_suspect(chain: Iterator[Row], counted: Counted) -> Row | None:
    """The first row that is not what its place asks for; None when the chain is whole."""
    suspect = None
    last_id, last_seq, last_hash = 0, 0, ""
    for row in chain:
        counted.events += 1
        follows = row.seq == last_seq + 1 and row.previous == last_hash and row.id > last_id
        if suspect is None and not (follows and row.is_written_for(row.seq)):
            suspect = row
        last_id, last_seq, last_hash = row.id, row.seq, row.hash
    return suspect


def _diagnosed(suspect: Row) -> list[Fault]:
    rows = Event.objects.filter(subject_label=suspect.subject_label, subject_pk=suspect.subject_pk)
    found = Diagnosis([Row._make(row) for row in rows.order_by("seq", "id").values_list(*Row._fields)]).faults()
    return found or [_fault(Wrong.CHANGED, suspect)]


def _fault(wrong: Wrong, row: Row) -> Fault:
    return Fault(wrong, row.id, row.subject, row.seq)


class Diagnosis:
    """What was done to one chain that does not prove itself, by the places its rows were written for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.wrong: dict[int, Fault] = {}
        self.gone: list[Fault] = []
        self.at_place: dict[int, list[Row]] = defaultdict(list)

    def faults(self) -> list[Fault]:
        """One fault for each row that was changed, put in or moved, and one for each stretch that was taken out."""
        for row in self.rows:
            place = self._place_of(row)
            if place is None:
                self._blame(Wrong.CHANGED, row)
            self.at_place[place or row.seq].append(row)
        kept = [self._true_one(place) for place in sorted(self.at_place)]
        self._look_for_gaps()
        self._look_at_links(kept)
        self._look_at_order(kept)
        return sorted([*self.wrong.values(), *self.gone])

    def _blame(self, wrong: Wrong, row: Row) -> None:
        self.wrong.setdefault(row.id, _fault(wrong, row))

    def _place_of(self, row: Row) -> int | None:
        near = sorted(range(max(1, row.seq - FAR), row.seq + FAR + 1), key=lambda place: abs(place - row.seq))
        return next((place for place in near if row.is_written_for(place)), None)

    def _true_one(self, place: int) -> Row:
        """Of several rows for one place the one that the next place builds on, else the oldest."""
        rows = self.at_place[place]
        built_on = {row.previous for row in self.at_place.get(place + 1, [])}
        true = min(rows, key=lambda row: (row.hash not in built_on, row.id in self.wrong, row.id))
        for row in rows:
            if row is not true:
                self._blame(Wrong.INSERTED, row)
        return true

    def _look_for_gaps(self) -> None:
        subject = self.rows[0].subject
        places = [0, *sorted(self.at_place)]
        for before, place in pairwise(places):
            if place > before + 1:
                self.gone.append(Fault(Wrong.REMOVED, 0, subject, before + 1, place - 1))

    def _look_at_links(self, kept: list[Row]) -> None:
        """A row that was rewritten with a fresh hash gives itself away by what its follower kept of it."""
        for row, follower in pairwise(row for row in kept if row.id not in self.wrong):
            if row.id > follower.id:
                self._blame(Wrong.INSERTED, row)
        by_place = dict(zip(sorted(self.at_place), kept, strict=True))
        for place, row in by_place.items():
            after = by_place.get(place + 1)
            if after is not None and after.previous != row.hash and not self._is_changed(after):
                self._blame(Wrong.CHANGED, row)

    def _is_changed(self, row: Row) -> bool:
        fault = self.wrong.get(row.id)
        return fault is not None and fault.wrong is Wrong.CHANGED

    def _look_at_order(self, kept: list[Row]) -> None:
        stand = sorted(kept, key=lambda row: (row.seq, row.id))
        for place, stands_here, belongs_here in zip(sorted(self.at_place), stand, kept, strict=True):
            is_alone = not self.gone and all(fault.wrong is not Wrong.INSERTED for fault in self.wrong.values())
            if stands_here is not belongs_here or (is_alone and belongs_here.seq != place):
                self._blame(Wrong.MOVED, belongs_here)
