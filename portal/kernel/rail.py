"""The desk's rail: rooms add their lists, each person sees those of their roles."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.kernel.errors import Sentence
from portal.kernel.models.user import User


@dataclass(frozen=True)
class Entry:
    """One list in the rail: its name, its address, and how many wait there (None: not counted)."""

    title: Sentence
    url: str
    count: int | None = None


@dataclass(frozen=True)
class Group:
    """Lists that belong together, under a small heading."""

    title: Sentence
    entries: tuple[Entry, ...]


Contributor = Callable[[User], Iterable[Group]]
_contributors: dict[str, tuple[int, Contributor]] = {}


def contributes(room: str, place: int, contributor: Contributor) -> None:
    """Have *contributor* add a room's groups to everybody's rail; smaller *place* stands higher."""
    _contributors[room] = (place, contributor)


def rail_of(who: User) -> list[Group]:
    """The groups of *who*'s rail; those without a list are left out."""
    ordered = sorted(_contributors.values(), key=lambda one: one[0])
    return [group for _place, contributor in ordered for group in contributor(who) if group.entries]
