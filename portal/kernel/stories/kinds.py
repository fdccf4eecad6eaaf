"""Which kinds of cases have a story, and which rows belong to it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from portal.kernel.errors import Sentence


@dataclass(frozen=True)
class Part:
    """One row that belongs to a case, and what it is called there."""

    row: models.Model
    title: Sentence


@dataclass(frozen=True)
class Kind:
    """One kind of case.

    *find* answers the row of a number or public id, *number* what a row is called, *stage* where it stands in words.
    """

    code: str
    title: Sentence
    find: Callable[[str], models.Model | None]
    number: Callable[[models.Model], str]
    stage: Callable[[models.Model], str]


Contributor = Callable[[models.Model], Iterable[Part]]

_kinds: dict[str, Kind] = {}
_contributors: dict[str, dict[str, Contributor]] = defaultdict(dict)


def register(kind: Kind) -> None:
    """Add a kind of case."""
    _kinds[kind.code] = kind


def adds(code: str, room: str, contributor: Contributor) -> None:
    """Have *room* name rows that belong to a case of the kind *code*."""
    _contributors[code][room] = contributor


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of case."""
    return tuple(_kinds.values())


def kind_of(code: str) -> Kind | None:
    """The kind of that code; None when there is none."""
    return _kinds.get(code)


def parts_of(kind: Kind, subject: models.Model) -> Iterator[Part]:
    """The case itself and every row that the rooms count to it."""
    yield Part(subject, kind.title)
    for contributor in _contributors[kind.code].values():
        yield from contributor(subject)
