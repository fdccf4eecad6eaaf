"""Whether the record proves itself: every chain and every checkpoint, piece by piece, in several processes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from portal.kernel import anchors, chains
from portal.kernel import processes as fresh
from portal.kernel.chains import Counted, Part
from portal.kernel.faults import Fault, Wrong
from portal.kernel.models.event import Anchor, Event

PIECE = 25_000
"""Events in one piece of work: a process has one piece in hand, the rest waits."""
MOST_NAMED = 200
"""Faults named for each piece; the rest of a piece is only counted."""

Span = tuple[int, int]
Piece = Part | Span
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """What one piece came to."""

    events: int
    faults: tuple[Fault, ...]
    unnamed: int


@dataclass(frozen=True)
class Report:
    """What was verified. `unnamed` faults were only counted, `open` events no checkpoint covers yet.

    `newest` is the newest checkpoint's digest: written down elsewhere, it proves later that nothing before it changed.
    """

    events: int
    anchors: int
    faults: tuple[Fault, ...]
    unnamed: int
    open: int
    newest: str

    @property
    def is_whole(self) -> bool:
        """Whether everything adds up."""
        return not self.faults


def verify(*, processes: int = 1, told: Told = lambda _done, _of: None) -> Report:
    """Verify everything, with *processes* at once; *told* hears how many events were done, of about how many.

    Memory does not grow with the number of events. Works on a portal that is running: what is recorded meanwhile may
    or may not be part of it.
    """
    last = Anchor.objects.order_by("-seq").first()
    upto = last.last_event_id if last else 0
    about = Event.objects.count()
    pieces: list[Piece] = [*chains.parts(PIECE), *anchors.spans(max(1, PIECE // anchors.MOST_EVENTS))]
    done = unnamed = 0
    faults: list[Fault] = []
    with _at_work(processes if len(pieces) > 1 else 1) as work:
        for found in work(pieces):
            done += found.events
            unnamed += found.unnamed
            faults.extend(found.faults)
            told(done, about)
    return Report(
        events=done,
        anchors=last.seq if last else 0,
        faults=_once(faults),
        unnamed=unnamed,
        open=Event.objects.filter(pk__gt=upto).count(),
        newest=last.digest if last else "",
    )


def faults() -> list[Fault]:
    """Everything that does not prove itself, found in this process."""
    return list(verify().faults)


@contextmanager
def _at_work(processes: int) -> Iterator[Callable[[list[Piece]], Iterable[Found]]]:
    if processes <= 1:
        yield lambda pieces: map(examine, pieces)
        return
    with fresh.pool(processes, database=str(connection.settings_dict["NAME"])) as pool:
        yield lambda pieces: pool.map(examine, pieces)


def examine(piece: Piece) -> Found:
    """Verify one piece."""
    counted = Counted()
    told = chains.faults(piece, counted) if isinstance(piece, Part) else anchors.faults(*piece)
    named = tuple(islice(told, MOST_NAMED))
    unnamed = sum(1 for _fault in told)
    return Found(counted.events, named, unnamed)


def _once(faults: list[Fault]) -> tuple[Fault, ...]:
    """Name a row once: a checkpoint's word is left out where the chain has said the same and more."""
    by_chain = {(fault.wrong, fault.event_id) for fault in faults if fault.subject and fault.event_id}
    inserted = {pk for wrong, pk in by_chain if wrong is Wrong.INSERTED}
    return tuple(
        sorted(
            fault
            for fault in faults
            if fault.subject
            or not fault.event_id
            or not ((fault.wrong, fault.event_id) in by_chain or fault.event_id in inserted)
        )
    )
