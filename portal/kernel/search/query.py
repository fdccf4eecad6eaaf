"""What a query demands, once it has been read."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.kernel.search.bigrams import Phrase


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase that a record must hold, in one text field or in any."""

    phrase: Phrase
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet that must have a value, written as field:value."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of these must hold."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these must hold."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """This must not hold; a record that has no value at all stays in."""

    part: "Node"


Node = Word | Choice | Every | Some | Without


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a query demands; one without a root demands nothing and finds everything."""

    root: Node | None = None

    def wanted(self) -> Iterator[Word]:
        """The words that a record may be found by: what is to be marked and what gives a score."""
        return _wanted(self.root) if self.root else iter(())

    @property
    def has_scores(self) -> bool:
        """Whether anything in it makes one record fit better than another."""
        return any(True for _word in self.wanted())


def _wanted(node: Node) -> Iterator[Word]:
    if isinstance(node, Word):
        yield node
    elif isinstance(node, Every | Some):
        for part in node.parts:
            yield from _wanted(part)
