"""What a search index promises, whichever engine is behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from django.utils.safestring import SafeString

from portal.kernel.search.query import Parsed

UNFILLED = ""
MOST_BY_RELEVANCE = 1000

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Schema:
    """The shape of an index, declared by the room that owns it.

    `text` is searched (the first field counts double), `facets` are single-valued codes that are filtered and counted,
    `dates` are days (the first orders the list and takes the date range), `stored` comes back with a hit. `words` maps
    what a person may write before a colon to a text field or a facet.
    """

    name: str
    text: tuple[str, ...]
    facets: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    def field_names(self) -> frozenset[str]:
        """Every field a record may have."""
        return frozenset({"id", "version", *self.text, *self.facets, *self.dates, *self.stored})

    def written(self, fields: Iterable[str]) -> dict[str, str]:
        """The names a person may write for *fields*: their aliases first, then their own."""
        wanted = list(fields)
        return {word: name for word, name in self.words.items() if name in wanted} | {name: name for name in wanted}


@dataclass(frozen=True)
class Query:
    """What a reader asks for.

    `filters` holds, per facet, the values of which one must fit ("" is 未填). `facets` names the facets to count; each
    is counted as if it had no filter of its own, so a second value can be added. `after` is a cursor from a page.
    """

    text: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Literal["date", "relevance"] = "date"
    after: str = ""
    size: int = 25
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One record found: its id, what was stored with it, and its text with what was sought marked."""

    id: str
    stored: Mapping[str, Any]
    highlights: Mapping[str, SafeString]


@dataclass(frozen=True)
class Page:
    """One page of an answer: how many there are in all, these ones, the counts, and where the next page begins."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    next_cursor: str = ""
    parsed: Parsed = field(default_factory=Parsed)


class Index(Protocol):
    """One index. Safe to use from any thread; what was put is found by everyone within a second."""

    schema: Schema

    def put(self, records: Iterable[Record]) -> None:
        """Add records or replace those with the same id; one with a lower `version` than is held is ignored."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take records out; an id that is not there is ignored."""

    def query(self, query: Query) -> Page:
        """Find; a query that cannot be read is refused with a sentence."""

    def count(self, query: Query) -> int:
        """How many there are."""

    def clear(self) -> None:
        """Take everything out."""

    def refresh(self) -> None:
        """Make what was put visible now; only tests and rebuilds need it."""

    def replace_all(self, records: Iterable[Record]) -> int:
        """Put *records* in place of all there are, at once for readers, and answer how many."""

    def is_built(self) -> bool:
        """Whether this shape of the index has been filled once."""
