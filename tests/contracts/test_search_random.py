"""Equal hits, equal counts and equal order from every engine, for queries that nobody thought of."""

import random
import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.kernel.search import Index, Schema
from portal.kernel.search.elastic import ElasticIndex
from portal.kernel.search.embedded import EmbeddedIndex
from tests.contracts.search_oracle import Asked, Record, expected_bars, expected_counts, some_query, some_records
from tests.services import elastic

SCHEMA = Schema(
    "random",
    text=("summary", "shop"),
    facets=("district", "result"),
    dates=("published_on",),
    amounts=("paid_fen",),
    words={"商家": "shop", "区": "district"},
)
RECORDS = 120
QUERIES = 60


@pytest.fixture(params=["embedded", "elastic"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    if request.param == "embedded":
        yield EmbeddedIndex(SCHEMA, None)
        return
    cluster = ElasticIndex(SCHEMA, elastic.url_or_skip(), prefix=f"test-{secrets.token_hex(4)}")
    yield cluster
    cluster.drop()


@pytest.mark.parametrize("seed", range(5))
def test_every_engine_finds_what_a_reader_would_find_by_hand(index: Index, seed: int) -> None:
    dice = random.Random(seed)
    records = some_records(dice, RECORDS)
    index.replace_all(records)
    for _ in range(QUERIES):
        asked = some_query(dice)
        _check_page(index, asked, records)


def _check_page(index: Index, asked: Asked, records: list[Record]) -> None:
    fitting = {row["id"]: row for row in records if asked.fits(row)}
    page = index.query(asked.query)

    assert page.total == index.count(asked.query) == len(fitting), asked.query.text
    for facet in asked.query.facets:
        assert page.facets[facet] == expected_counts(asked, records, facet), asked.query
        assert page.facets[facet].total == sum(1 for row in records if asked.fits(row, without=facet))
    bars = {bar.start: (bar.count, dict(bar.parts)) for bar in page.trend if bar.count}
    assert bars == expected_bars(asked, records), asked.query
    assert page.total == sum(bar.count for bar in page.trend) + page.undated

    seen, after = [hit.id for hit in page.hits], page.next_cursor
    while after:
        page = index.query(replace(asked.query, after=after))
        seen += [hit.id for hit in page.hits]
        after = page.next_cursor
    assert sorted(seen) == sorted(fitting), asked.query
    _check_order(asked, [fitting[name] for name in seen])


def _check_order(asked: Asked, rows: list[Record]) -> None:
    by_day = [row["published_on"].toordinal() if row["published_on"] else 0 for row in rows]
    if asked.query.sort == "date":
        assert by_day == sorted(by_day, reverse=True)
    if asked.query.sort == "amount":
        keys = [(-1 if row["paid_fen"] is None else row["paid_fen"], on) for row, on in zip(rows, by_day, strict=True)]
        assert keys == sorted(keys, reverse=True)
