"""Which kinds of work there are: who does them, how urgent they are, and what they are called."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from portal.kernel.errors import Sentence

LONGEST_NAME = 60
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
_words: dict[str, Sentence] = {}


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
    """Subscribe a function to an event; it is owed with `event_id` in the transaction that records the event.

    The database holds one job for each event and subscriber, so it runs once however often the event is announced.
    """

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


def kind_of(name: str) -> Kind:
    """How the work called *name* is done; KeyError when nobody does it."""
    return _kinds[name]


def names() -> frozenset[str]:
    """The names of all registered work."""
    return frozenset(_kinds)


def say(words: Mapping[str, Sentence]) -> None:
    """Register what kinds of work are called on pages of the desk."""
    _words.update(words)


def word_of(name: str) -> str:
    """The registered word of a kind of work; the name itself where nobody gave it one."""
    return str(_words.get(name, name))
