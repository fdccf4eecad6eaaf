"""What a search index promises, whichever engine is behind it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Protocol

from django.utils.safestring import SafeString

from portal.kernel.search.query import Parsed

UNFILLED = ""
MOST_BY_RELEVANCE = 1000
SNAPSHOT_SECONDS = 300

Record = Mapping[str, Any]
Sort = Literal["date", "amount", "relevance"]


@dataclass(frozen=True)
class Schema:
    """The shape of an index, declared by the room that owns it.

    `text` is searched (the first field counts double), `facets` are single-valued codes that are filtered and counted,
    `dates` are days (the first orders the list and takes the date range), `amounts` whole numbers from 0 (the first may
    order the list), `stored` comes back with a hit, `suggests` are the text fields whose values are offered to who
    types. `words` maps what a person may write before a colon to a text field or a facet.
    """

    name: str
    text: tuple[str, ...]
    facets: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    suggests: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    def field_names(self) -> frozenset[str]:
        """Every field a record may have."""
        return frozenset({"id", "version", *self.text, *self.facets, *self.dates, *self.amounts, *self.stored})

    def written(self, fields: Iterable[str]) -> dict[str, str]:
        """The names a person may write for *fields*: their aliases first, then their own."""
        wanted = list(fields)
        return {word: name for word, name in self.words.items() if name in wanted} | {name: name for name in wanted}


class Step(StrEnum):
    """How wide a bar of a trend is; a week is an ISO week and begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Trend:
    """Ask for counts over time, by the schema's first date or *over* another, split *by* a facet where one is named."""

    step: Step = Step.MONTH
    over: str = ""
    by: str = ""


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
    sort: Sort = "date"
    after: str = ""
    size: int = 25
    facets: tuple[str, ...] = ()
    trend: Trend | None = None


@dataclass(frozen=True)
class Hit:
    """One record found: its id, what was stored with it, and its text with what was sought marked."""

    id: str
    stored: Mapping[str, Any]
    highlights: Mapping[str, SafeString]


class Counts(dict[str, int]):
    """How many records have each value of a facet; a chosen value is there even with none. `total` is all of them."""

    def __init__(self, counts: Mapping[str, int] = {}, total: int | None = None) -> None:
        super().__init__(counts)
        self.total = sum(counts.values()) if total is None else total

    def most_frequent(self, most: int | None = None) -> list[str]:
        """The *most* frequent values (all, without a number), those of equal frequency in their own order."""
        return sorted(self, key=lambda value: (-self[value], value))[:most]

    def top(self, most: int, *, keep: Collection[str] = ()) -> tuple[list[tuple[str, int]], int]:
        """The *most* frequent values and those in *keep*, and how many records have any other (其他).

        What is listed and the others together are always `total`.
        """
        shown = [value for place, value in enumerate(self.most_frequent()) if place < most or value in keep]
        listed = [(value, self[value]) for value in shown]
        return listed, self.total - sum(count for _value, count in listed)


@dataclass(frozen=True)
class Bar:
    """One step of a trend: its first day, how many records, and how many of each value of the facet that splits it."""

    start: date
    count: int
    parts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page of an answer: how many there are in all, these ones, the counts, and where the next page begins.

    `trend` has every step from the first to the last that holds a record, empty ones too; `undated` is how many of
    `total` have no day and so no place in it.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Counts]
    next_cursor: str = ""
    parsed: Parsed = field(default_factory=Parsed)
    trend: tuple[Bar, ...] = ()
    undated: int = 0


def no_progress(done: int) -> None:
    """What a rebuild tells when nobody asks."""


class Index(Protocol):
    """One index. Safe to use from any thread; what was put is found by everyone within a second."""

    schema: Schema

    def put(self, records: Iterable[Record]) -> None:
        """Add records or replace those with the same id; one with a lower `version` than is held is ignored."""

    def remove(self, ids: Iterable[str], *, version: int | None = None) -> None:
        """Take records out; an id that is not there is ignored.

        Where records have versions, *version* is that of the state in which they are no longer to be found: an older
        one that a rebuild reads at the same time does not bring them back.
        """

    def query(self, query: Query) -> Page:
        """Find; a query that cannot be read is refused with a sentence."""

    def count(self, query: Query) -> int:
        """How many there are."""

    def suggest(self, text: str, *, size: int = 8) -> list[str]:
        """Values of the suggesting fields that hold *text*, the most frequent first; none for what cannot be sought."""

    def clear(self) -> None:
        """Take everything out."""

    def refresh(self) -> None:
        """Make what was put visible now; only tests and rebuilds need it."""

    def replace_all(self, records: Iterable[Record], progress: Callable[[int], None] = no_progress) -> int:
        """Put *records* in place of all there are, at once for readers, and answer how many.

        Whatever is put or removed meanwhile is seen at once and holds afterwards. *progress* is told how many are in.
        """

    def is_built(self) -> bool:
        """Whether this shape of the index has been filled once."""

    def digests(self) -> Iterator[tuple[str, str]]:
        """The id of every record held and a digest of its content (`shared.digest`), in no order."""
