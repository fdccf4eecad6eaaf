"""The staff index "desk": numbers, shops and matter lines of cases; no sealed text, no consumer, no report."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.access import BUREAU_ROLES, HUB_ROLES
from complaints.models import Case
from complaints.selectors.cases import cases_open_to
from portal.kernel import clock, search
from portal.kernel.models import Organisation, User
from portal.kernel.search.port import Page, Query, Sort

NAME = "desk"
FEEDER = "complaints.jobs.index_the_case"

search.declare(
    NAME,
    text=("title", "number", "shop"),
    facets=("hub", "unit", "state", "district"),
    dates=("received_on",),
    amounts=("claimed_fen",),
    words={str(_("编号")): "number", str(_("商家")): "shop", str(_("事由")): "title"},
)


def record_of(case: Case) -> dict[str, Any]:
    """What the index holds of one case."""
    shop = case.shop
    return {
        "id": case.public_id,
        "version": case.version,
        "title": case.title,
        "number": f"{case.number or ''} {case.source_no}".strip(),
        "shop": f"{shop.name} {shop.signboard}".strip() if shop else "",
        "hub": case.hub.code,
        "unit": case.unit.code if case.unit else "",
        "state": case.state,
        "district": case.district,
        "claimed_fen": case.claimed_fen,
        "received_on": clock.day_of(case.submitted_at),
    }


def every_record() -> Iterator[dict[str, Any]]:
    """All cases, for building the index anew."""
    for case in Case.objects.select_related("shop", "hub", "unit").order_by("pk").iterator(chunk_size=500):
        yield record_of(case)


search.source(NAME, every_record, fed_by=(FEEDER,))


def put(case_ids: Iterable[int]) -> None:
    """Bring the index up to date with these cases."""
    cases = Case.objects.filter(pk__in=list(case_ids)).select_related("shop", "hub", "unit")
    search.get_index(NAME).put([record_of(case) for case in cases])


def find(*, who: User, text: str, sort: Sort = "date", after: str = "") -> tuple[Page, list[Case]]:
    """The cases that fit *text* and that *who* may know of, by *sort*; the database has the last word on both.

    A query that cannot be read is refused (400) with its sentence.
    """
    at_hub = who.unit_ids(*HUB_ROLES)
    units = at_hub or who.unit_ids(*BUREAU_ROLES)
    place = "hub" if at_hub else "unit"
    asked = Query(text=text, filters={place: _codes(units)}, sort=sort, after=after, size=25)
    page = search.get_index(NAME).query(asked)
    rows = {case.public_id: case for case in _rows(who, [hit.id for hit in page.hits])}
    return page, [rows[hit.id] for hit in page.hits if hit.id in rows]


def _codes(units: Iterable[int]) -> frozenset[str]:
    return frozenset(Organisation.objects.filter(pk__in=list(units)).values_list("code", flat=True)) or frozenset({"-"})


def _rows(who: User, public_ids: list[str]) -> QuerySet[Case]:
    return cases_open_to(who).filter(public_id__in=public_ids).select_related("shop", "handler", "unit")
