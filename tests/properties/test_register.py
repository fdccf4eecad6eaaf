"""Whatever a reader of the register asks, the list, the six facets, the export and the API tell one number."""

import csv
import io
import random
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import clock, search
from publicity.forms.register import SHORT
from publicity.selectors import register
from publicity.selectors.register import FACETS, Filter
from tests.build import a_citizen
from tests.build_register import indexed

pytestmark = pytest.mark.django_db

VALUES: dict[str, list[str]] = {
    "district": ["120101", "120104", "120116"],
    "problem": ["", "P01", "P02"],
    "object_class": ["", "G01", "S01"],
    "outcome": ["settled", "not_agreed", "self_settled"],
    "sale_mode": ["", "offline", "platform"],
    "unit": ["tj-120101", "tj-120104"],
}
WORDS = ["退货", "净化器", "噪声", "押金", "健身"]
HOW_MANY = 150


def some_records() -> list[dict[str, Any]]:
    chance = random.Random(20261124)
    return [
        indexed(
            number,
            shop=f"{chance.choice(['海河', '津湾'])}示例{chance.choice(['数码店', '健身'])}",
            summary="，".join(chance.sample(WORDS, chance.randint(1, 3))),
            published_on=clock.today() - timedelta(days=chance.randint(0, 120)),
            **{facet: chance.choice(values) for facet, values in VALUES.items()},
        )
        for number in range(HOW_MANY)
    ]


def questions() -> st.SearchStrategy[dict[str, Any]]:
    def of(values: list[str]) -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from([*values, "nobody"]), max_size=3, unique=True)

    return st.fixed_dictionaries(
        {
            "q": st.lists(st.tuples(st.sampled_from(WORDS), st.booleans()), max_size=2),
            "t": st.sampled_from(["", "30", "90"]),
            "sort": st.sampled_from(["date", "relevance"]),
            **{facet: of(values) for facet, values in VALUES.items()},
        }
    )


def fits(record: dict[str, Any], asked: dict[str, Any]) -> bool:
    text = record["shop"] + record["summary"]
    if any((word in text) != is_wanted for word, is_wanted in asked["q"]):
        return False
    if asked["t"] and record["published_on"] < clock.today() - timedelta(days=int(asked["t"])):
        return False
    return all(not asked[facet] or record[facet] in asked[facet] for facet in FACETS)


def test_any_filter_has_one_total_in_list_facets_export_and_api(client: Client) -> None:
    records = some_records()
    index = search.get_index(register.INDEX)
    index.replace_all(records)
    index.refresh()

    @settings(max_examples=60, deadline=None, database=None)
    @given(asked=questions())
    def ask(asked: dict[str, Any]) -> None:
        expected = {record["id"] for record in records if fits(record, asked)}
        query: dict[str, Any] = {SHORT[facet]: asked[facet] for facet in FACETS}
        query["q"] = " ".join(word if is_wanted else f"-{word}" for word, is_wanted in asked["q"])
        query |= {"t": asked["t"], "sort": asked["sort"]}

        page = client.get("/register/", query).content.decode()
        api = client.get("/api/v1/disclosures", query).json()
        export = b"".join(client.get("/register.csv", query).streaming_content)  # type: ignore[attr-defined]
        rows = list(csv.reader(io.StringIO(export.decode("utf-8-sig"))))[1:]

        found = re.search(r"找到 (\d+) 件", page)
        assert found is not None
        assert int(found[1]) == api["total"] == len(rows) == len(expected)
        assert {row[0] for row in rows} == expected
        assert {row["id"] for row in api["results"]} <= expected
        for facet in FACETS:
            counts = api["facets"][facet]
            chosen = asked[facet] or list(counts)
            assert sum(counts.get(value, 0) for value in chosen) == len(expected), facet
            others = {**asked, facet: []}
            truth = [record[facet] for record in records if fits(record, others)]
            assert counts == {value: truth.count(value) for value in {*truth, *asked[facet]}}

    ask()


DAYS = st.integers(0, 6)


@settings(max_examples=30, deadline=None, database=None)
@given(
    there=st.lists(DAYS, min_size=1, max_size=40),
    meanwhile=st.lists(st.lists(DAYS, max_size=6), max_size=12),
    size=st.integers(1, 7),
)
def test_a_cursor_meets_every_record_exactly_once_whatever_is_published_meanwhile(
    there: list[int], meanwhile: list[list[int]], size: int
) -> None:
    search.forget()
    index = search.get_index(register.INDEX)
    first = date(2026, 11, 1)
    before = [indexed(number, published_on=first + timedelta(days=day)) for number, day in enumerate(there)]
    index.put(before)
    seen: list[str] = []
    after, number = "", len(before)
    who = a_citizen()
    while True:
        page = register.find(who=who, wanted=Filter(after=after), size=size)
        seen += [hit.id for hit in page.hits]
        if not page.next_cursor:
            break
        after = page.next_cursor
        if meanwhile:
            more = meanwhile.pop()
            index.put(
                indexed(number + place, published_on=first + timedelta(days=day)) for place, day in enumerate(more)
            )
            number += len(more)

    assert len(seen) == len(set(seen))
    assert {record["id"] for record in before} <= set(seen)
