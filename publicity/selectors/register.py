"""The public register as readers find it: words, six facets, order, cursor. Everything here is public."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet

from portal.kernel import search
from portal.kernel.access import Role, Who
from portal.kernel.clock import day_of
from portal.kernel.errors import not_found
from portal.kernel.models import User
from publicity.models import Disclosure, Shop

INDEX = "register"
FACETS = ("district", "problem", "object_class", "outcome", "sale_mode", "unit")
PAGE_SIZE = 20

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
    words={"商家": "shop", "区": "district"},
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


search.source(INDEX, all_records)


def find(*, who: Who, wanted: Filter, size: int = PAGE_SIZE) -> search.Page:
    """One page of the register with the counts of all six facets. A query that cannot be read is refused (400)."""
    return search.get_index(INDEX).query(wanted.to_query(size=size, facets=FACETS))


def walk(*, who: Who, wanted: Filter) -> Iterator[Mapping[str, Any]]:
    """Every record that fits, in order of publication, page after page: what an export streams."""
    after = ""
    while True:
        part = Filter(wanted.text, wanted.chosen, wanted.since, wanted.until, "date", after, wanted.shop_id)
        page = search.get_index(INDEX).query(part.to_query(size=1000, facets=()))
        for hit in page.hits:
            yield {"id": hit.id, **hit.stored}
        if not page.next_cursor:
            return
        after = page.next_cursor


def record(*, who: Who, public_id: str) -> Disclosure:
    """One record of the register; gone and never published look alike."""
    found = published(who=who).filter(public_id=public_id).first()
    if found is None:
        raise not_found()
    return found


def of_shop(*, who: Who, shop: Shop) -> QuerySet[Disclosure]:
    """The public records of one shop, newest first."""
    return published(who=who).filter(shop=shop).order_by("-published_at", "-pk")


def in_review(who: Who) -> QuerySet[Disclosure]:
    """What *who* may review: the first review in the handling bureau, the second anywhere; never one's own case."""
    if not isinstance(who, User) or not who.roles & {Role.DISCLOSER, Role.REVIEWER}:
        return Disclosure.objects.none()
    pending = Disclosure.objects.exclude(handler=who).select_related("shop", "unit", "fact", "handler", "first_by")
    first = pending.filter(state=Disclosure.State.FIRST_REVIEW, unit_id__in=who.unit_ids(Role.DISCLOSER, Role.REVIEWER))
    second = pending.filter(state=Disclosure.State.SECOND_REVIEW).exclude(first_by=who)
    both = first | second if Role.DISCLOSER in who.roles else first
    return both.order_by("due_on", "pk")


def desk_record(*, who: Who, public_id: str) -> Disclosure:
    """One record at the desk of a reviewer: pending, published or past."""
    if not isinstance(who, User) or not who.roles & {Role.DISCLOSER, Role.REVIEWER}:
        raise not_found()
    found = (
        Disclosure.objects.select_related("shop", "unit", "fact", "handler", "first_by", "second_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None or (Role.DISCLOSER not in who.roles and found.unit_id not in who.unit_ids(Role.REVIEWER)):
        raise not_found()
    return found
