"""The public register as readers find it: words, six facets, order, cursor. Everything here is public."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet

from portal.kernel import search
from portal.kernel.access import Who
from portal.kernel.clock import day_of
from portal.kernel.errors import not_found
from publicity.models import Disclosure, Shop

INDEX = "register"
FACETS = ("district", "problem", "object_class", "outcome", "sale_mode", "unit")
PAGE_SIZE = 20
BATCH = 500

search.declare(
    INDEX,
    text=("shop", "summary"),
    facets=(*FACETS, "shop_id"),
    dates=("published_on",),
    stored=(
        "shop",
        "summary",
        "shop_id",
        "district",
        "problem",
        "object_class",
        "outcome",
        "sale_mode",
        "unit",
        "unit_name",
        "published_on",
        "closed_on",
    ),
    suggests=("shop",),
    words={"商家": "shop"},
)


@dataclass(frozen=True)
class Filter:
    """What a reader chose: words, values per facet ("" is 未填), a range of publication days, an order, a place."""

    text: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Literal["date", "relevance"] = "date"
    after: str = ""
    shop_id: str = ""
    trend: search.Trend | None = None

    def to_query(self, *, size: int, facets: tuple[str, ...]) -> search.Query:
        chosen = dict(self.chosen)
        if self.shop_id:
            chosen["shop_id"] = frozenset({self.shop_id})
        return search.Query(
            text=self.text,
            filters=chosen,
            since=self.since,
            until=self.until,
            sort=self.sort,
            after=self.after,
            size=size,
            facets=facets,
            trend=self.trend,
        )


def record_of(disclosure: Disclosure) -> dict[str, Any]:
    """What the public index holds of one published record."""
    assert disclosure.published_at is not None
    return {
        "id": disclosure.public_id,
        "version": disclosure.version,
        "shop": str(disclosure.shop),
        "shop_id": disclosure.shop.public_id,
        "summary": disclosure.summary,
        "district": disclosure.district,
        "problem": disclosure.problem,
        "object_class": disclosure.object_class,
        "outcome": disclosure.outcome,
        "sale_mode": disclosure.sale_mode,
        "unit": disclosure.unit.code,
        "unit_name": disclosure.unit.name,
        "published_on": day_of(disclosure.published_at),
        "closed_on": disclosure.closed_on.isoformat(),
    }


def published(*, who: Who) -> QuerySet[Disclosure]:
    """Every record on the public register; the same for everybody."""
    return Disclosure.objects.filter(state=Disclosure.State.PUBLISHED).select_related("shop", "unit")


def all_records() -> Iterator[dict[str, Any]]:
    """Every public record, for building the index anew."""
    rows = Disclosure.objects.filter(state=Disclosure.State.PUBLISHED).select_related("shop", "unit").order_by("pk")
    return (record_of(row) for row in rows.iterator(chunk_size=1000))


search.source(INDEX, all_records, fed_by=("index_disclosure",))


def find(*, who: Who, wanted: Filter, size: int = PAGE_SIZE) -> search.Page:
    """One page of the register with the counts of all six facets. A query that cannot be read is refused (400)."""
    return search.get_index(INDEX).query(wanted.to_query(size=size, facets=FACETS))


def suggest(*, who: Who, text: str) -> list[str]:
    """Names of shops with public records that hold *text*, those with the most records first."""
    return search.get_index(INDEX).suggest(text)


def walk(*, who: Who, wanted: Filter) -> Iterator[Mapping[str, Any]]:
    """Every record that fits, newest first, a page at a time as it is consumed: what an export streams.

    The query is read at once, so one that cannot be read is refused before the first record. A record that is there
    from beginning to end comes exactly once, whatever is published meanwhile.
    """
    everything = replace(wanted, sort="date", after="", trend=None)
    return _pages(everything, _batch(everything))


def _batch(wanted: Filter) -> search.Page:
    return search.get_index(INDEX).query(wanted.to_query(size=BATCH, facets=()))


def _pages(wanted: Filter, page: search.Page) -> Iterator[Mapping[str, Any]]:
    while True:
        for hit in page.hits:
            yield {"id": hit.id, **hit.stored}
        if not page.next_cursor:
            return
        page = _batch(replace(wanted, after=page.next_cursor))


def record(*, who: Who, public_id: str) -> Disclosure:
    """One record of the register; gone and never published look alike."""
    found = published(who=who).filter(public_id=public_id).first()
    if found is None:
        raise not_found()
    return found


def of_shop(*, who: Who, shop: Shop) -> QuerySet[Disclosure]:
    """The public records of one shop, newest first."""
    return published(who=who).filter(shop=shop).order_by("-published_at", "-pk")


def shop_name(*, who: Who, public_id: str) -> str:
    """The name of a shop that the list is narrowed to; empty when nobody knows it."""
    shop = Shop.objects.filter(public_id=public_id).exclude(state=Shop.State.PROVISIONAL).first() if public_id else None
    return str(shop) if shop else ""
