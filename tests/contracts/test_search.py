"""What every search engine behind the port promises; each test runs against each of them."""

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.kernel.errors import Refused
from portal.kernel.search import Bar, Index, Query, Schema, Step, Trend, cursors, shared
from portal.kernel.search.elastic import ElasticIndex
from portal.kernel.search.embedded import EmbeddedIndex, IndexBusy
from tests.services import elastic

SCHEMA = Schema(
    "contract",
    text=("summary", "shop"),
    facets=("district", "result"),
    dates=("published_on", "closed_on"),
    amounts=("paid_fen",),
    stored=("number",),
    suggests=("shop",),
    words={"商家": "shop", "区": "district"},
)
RETURNED = {
    "id": "returned",
    "summary": "商家拒绝退款，经调解退回 1299.00 元",
    "shop": "五大道<示例>服饰",
    "district": "120101",
    "result": "settled",
    "published_on": date(2026, 11, 20),
    "number": "2026-1",
}
REPLACED = {
    "id": "replaced",
    "summary": "iPhone15Pro屏幕开胶，同意更换",
    "shop": "ＡＢＣ数码",
    "district": "120102",
    "result": "settled",
    "published_on": date(2026, 11, 21),
    "number": "2026-2",
}
UNSETTLED = {
    "id": "unsettled",
    "summary": "货已退，款未退，调解不成",
    "shop": "海河示例家电",
    "district": "120102",
    "published_on": date(2026, 11, 21),
    "number": "2026-3",
}
Make = Callable[[], Index]


def _memory(_folder: Path) -> Index:
    return EmbeddedIndex(SCHEMA, None)


def _folder(folder: Path) -> Index:
    return EmbeddedIndex(SCHEMA, folder / "index")


def _elastic(_folder: Path) -> Index:
    return ElasticIndex(SCHEMA, elastic.url_or_skip(), prefix=f"test-{secrets.token_hex(4)}")


@pytest.fixture(params=[_memory, _folder, _elastic], ids=["memory", "folder", "elastic"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    index: Index = request.param(tmp_path)
    yield index
    if isinstance(index, ElasticIndex):
        index.drop()


@pytest.fixture
def index(empty: Index) -> Index:
    empty.put([RETURNED, REPLACED, UNSETTLED])
    empty.refresh()
    return empty


def found(index: Index, text: str = "", **asked: Any) -> list[str]:
    return [hit.id for hit in index.query(Query(text, **asked)).hits]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("退款", {"returned"}),
        ("拒绝退款", {"returned"}),
        ("退拒绝", set()),
        ("退", {"returned", "unsettled"}),
        ("款", {"returned", "unsettled"}),
        ("调解 退", {"returned", "unsettled"}),
        ("调解 退款", {"returned"}),
        ("退回 1299", {"returned"}),
        ("1299.00", {"returned"}),
        ("iphone", {"replaced"}),
        ("IPHONE15", {"replaced"}),
        ("iphone16", set()),
        ("pro屏幕", {"replaced"}),
        ("15pro屏", {"replaced"}),
        ("abc", {"replaced"}),
        ("ａｂｃ数码", {"replaced"}),
        ("道<示", {"returned"}),
        ("服饰 拒绝", {"returned"}),
        ('"拒绝退款"', {"returned"}),
        ("“拒绝退款”", {"returned"}),
        ('"退款，经调解"', {"returned"}),
        ('"货已退 款未退"', {"unsettled"}),
        ('"退款 拒绝"', set()),
        ("调解 -退款", {"unsettled"}),
        ("-调解", {"replaced"}),
        ('-"拒绝退款"', {"replaced", "unsettled"}),
        ("商家:示例", {"returned", "unsettled"}),
        ("商家：五大道", {"returned"}),
        ("shop:五大道", {"returned"}),
        ("商家:拒绝", set()),
        ("区:120102", {"replaced", "unsettled"}),
        ("-区:120102 退", {"returned"}),
        ("12:30", set()),
        ("退款 OR 更换", {"returned", "replaced"}),
        ("退款 或 更换", {"returned", "replaced"}),
        ("退款 且 更换", set()),
        ("调解 且 退款", {"returned"}),
        ("调解 AND 退款", {"returned"}),
        ("调解 非 退款", {"unsettled"}),
        ("NOT 调解", {"replaced"}),
        ("更换 OR 调解 退款", {"returned", "replaced"}),
        ("(更换 OR 调解) 退", {"returned", "unsettled"}),
        ("（更换 或 调解） 非 退款", {"replaced", "unsettled"}),
        ("更换 OR -退款", {"replaced", "unsettled"}),
        ("-(退款 或 更换)", {"unsettled"}),
        ("或退款", set()),
        ("and", set()),
        ("iph*", {"replaced"}),
        ("IPH＊", {"replaced"}),
        ("iph", set()),
        ("退*", {"returned", "unsettled"}),
        ("退款*", {"returned"}),
        ("12*", {"returned"}),
        ("拒絕退款", {"returned"}),
        ("經調解", {"returned"}),
        ("„拒绝退款‟", {"returned"}),
        ("商家:(五大道 或 海河)", {"returned", "unsettled"}),
        ("商家:(示例 -海河)", {"returned"}),
        ("区:(120101 或 120102) 屏幕", {"replaced"}),
        ("-result:settled", {"unsettled"}),
        ("NOT result:settled", {"unsettled"}),
        ("", {"returned", "replaced", "unsettled"}),
        ("   ", {"returned", "replaced", "unsettled"}),
    ],
)
def test_words_find_exactly_the_records_that_hold_them(index: Index, text: str, ids: set[str]) -> None:
    page = index.query(Query(text))

    assert {hit.id for hit in page.hits} == ids
    assert page.total == len(ids)
    assert index.count(Query(text)) == len(ids)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"拒绝', "query_unbalanced"),
        ("？！", "query_unreadable"),
        ("退款 -", "query_unreadable"),
        ('退款 ""', "query_unreadable"),
        ("店名:五大道", "query_unknown_field"),
        ("退" * 201, "query_too_long"),
        ("退 " * 21, "query_too_many_words"),
        ("(退款", "query_bracket"),
        ("退款)", "query_bracket"),
        ("()", "query_bracket"),
        ("退款 或", "query_operator"),
        ("AND 退款", "query_operator"),
        ("退款 OR OR 更换", "query_operator"),
        ("退*款", "query_star"),
        ("区:1201*", "query_star"),
        ("商家:", "query_unreadable"),
        ("(" * 11 + "退" + ")" * 11, "query_too_deep"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_a_sentence(index: Index, text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        index.query(Query(text))

    assert refusal.value.code == code
    assert (refusal.value.field, refusal.value.status) == ("q", 400)
    assert refusal.value.extra["place"] >= 1
    assert str(refusal.value.sentence).endswith("。")


def test_what_was_sought_is_marked_and_everything_else_escaped(index: Index) -> None:
    hit = index.query(Query("退款 五大道")).hits[0]

    assert hit.highlights == {
        "summary": "商家拒绝<mark>退款</mark>，经调解退回 1299.00 元",
        "shop": "<mark>五大道</mark>&lt;示例&gt;服饰",
    }
    assert hit.stored == {"number": "2026-1"}


def test_a_single_character_is_marked_alone_and_full_width_letters_where_they_stand(index: Index) -> None:
    assert index.query(Query("屏")).hits[0].highlights["summary"] == "iPhone15Pro<mark>屏</mark>幕开胶，同意更换"
    assert index.query(Query("abc数")).hits[0].highlights["shop"] == "<mark>ＡＢＣ数</mark>码"


def test_each_facet_is_counted_without_its_own_filter(index: Index) -> None:
    page = index.query(Query(filters={"district": frozenset({"120101"})}, facets=("district", "result")))

    assert page.total == 1
    assert page.facets == {"district": {"120101": 1, "120102": 2}, "result": {"settled": 1}}


def test_a_chosen_value_that_nothing_has_is_counted_at_zero(index: Index) -> None:
    page = index.query(Query(filters={"district": frozenset({"120109"})}, facets=("district", "result")))

    assert page.total == 0
    assert page.facets == {"district": {"120101": 1, "120102": 2, "120109": 0}, "result": {}}


def test_the_most_frequent_and_the_others_are_always_all(index: Index) -> None:
    index.put([{"id": f"r{n}", "summary": "调解", "district": f"d{n % 5}"} for n in range(12)])
    index.refresh()
    counts = index.query(Query("调解", facets=("district",))).facets["district"]

    listed, others = counts.top(2, keep={"120101"})

    assert listed == [("d0", 3), ("d1", 3), ("120101", 1)]
    assert others == 7
    assert counts.total == 14


def test_a_trend_has_every_step_and_its_bars_add_up(index: Index) -> None:
    index.put(
        [
            {"id": "late", "summary": "跨年", "result": "settled", "published_on": date(2026, 12, 31)},
            {"id": "early", "summary": "跨年", "published_on": date(2027, 2, 1)},
            {"id": "never", "summary": "没有日期"},
        ]
    )
    index.refresh()

    page = index.query(Query(trend=Trend(Step.MONTH, by="result")))

    assert page.trend == (
        Bar(date(2026, 11, 1), 3, {"settled": 2, "": 1}),
        Bar(date(2026, 12, 1), 1, {"settled": 1}),
        Bar(date(2027, 1, 1), 0),
        Bar(date(2027, 2, 1), 1, {"": 1}),
    )
    assert (page.total, page.undated) == (6, 1)


@pytest.mark.parametrize(
    ("step", "starts"),
    [
        (Step.DAY, [date(2026, 12, 27), date(2026, 12, 28)]),
        (Step.WEEK, [date(2026, 12, 21), date(2026, 12, 28)]),
        (Step.MONTH, [date(2026, 12, 1)]),
        (Step.YEAR, [date(2026, 1, 1)]),
    ],
)
def test_a_week_begins_on_monday_and_a_day_in_shanghai(empty: Index, step: Step, starts: list[date]) -> None:
    late_on_sunday = datetime(2026, 12, 27, 15, 59, tzinfo=UTC)
    empty.put([{"id": "sunday", "closed_on": late_on_sunday}])
    empty.put([{"id": "monday", "closed_on": late_on_sunday + timedelta(minutes=1)}])
    empty.refresh()

    page = empty.query(Query(trend=Trend(step, over="closed_on")))

    assert [bar.start for bar in page.trend] == starts
    assert sum(bar.count for bar in page.trend) == 2


def test_a_trend_is_of_what_the_filters_leave_and_facets_of_what_the_others_leave(index: Index) -> None:
    asked = Query(filters={"district": frozenset({"120102"})}, facets=("district",), trend=Trend(Step.DAY))

    page = index.query(asked)

    assert page.trend == (Bar(date(2026, 11, 21), 2),)
    assert page.facets["district"] == {"120101": 1, "120102": 2}
    assert index.query(replace(asked, text="没有这样的话")).trend == ()


def test_whole_names_are_suggested_the_most_frequent_first(index: Index) -> None:
    index.put([{**UNSETTLED, "id": "again"}, {**RETURNED, "id": "third", "shop": "海河示例百货"}])
    index.refresh()

    assert index.suggest("海河") == ["海河示例家电", "海河示例百货"]
    assert index.suggest("海") == ["海河示例家电", "海河示例百货"]
    assert index.suggest("示例", size=2) == ["海河示例家电", "五大道<示例>服饰"]
    assert index.suggest("退款") == []
    assert index.suggest("？") == []


def test_what_an_index_holds_can_be_compared_with_where_it_came_from(index: Index) -> None:
    assert dict(index.digests()) == {row["id"]: shared.digest(row) for row in (RETURNED, REPLACED, UNSETTLED)}

    index.put([{**RETURNED, "summary": "改过"}])
    index.remove(["replaced"])
    index.refresh()

    held = dict(index.digests())
    assert held.keys() == {"returned", "unsettled"}
    assert held["returned"] != shared.digest(RETURNED)


def test_several_values_of_a_facet_are_joined_and_several_facets_intersect(index: Index) -> None:
    both = frozenset({"120101", "120102"})

    assert set(found(index, filters={"district": both})) == {"returned", "replaced", "unsettled"}
    assert set(found(index, filters={"district": both, "result": frozenset({"settled"})})) == {"returned", "replaced"}
    assert set(found(index, filters={"district": frozenset()})) == {"returned", "replaced", "unsettled"}


def test_a_missing_value_is_counted_and_can_be_chosen(index: Index) -> None:
    page = index.query(Query(filters={"result": frozenset({""})}, facets=("result",)))

    assert [hit.id for hit in page.hits] == ["unsettled"]
    assert page.facets == {"result": {"settled": 2, "": 1}}


def test_a_value_with_the_signs_of_a_query_language_is_only_a_value(index: Index) -> None:
    odd = '甲"乙\\丙] OR *'
    index.put([{**RETURNED, "id": "odd", "district": odd, "result": "odd"}])
    index.refresh()

    page = index.query(Query(filters={"district": frozenset({odd})}, facets=("result", "district")))

    assert [hit.id for hit in page.hits] == ["odd"]
    assert page.facets["result"] == {"odd": 1}
    assert page.facets["district"][odd] == 1


def test_facets_count_only_what_the_words_and_dates_leave(index: Index) -> None:
    page = index.query(Query("调解", since=date(2026, 11, 21), until=date(2026, 11, 21), facets=("district",)))

    assert page.total == 1
    assert page.facets == {"district": {"120102": 1}}


def test_the_range_of_days_has_both_ends_in_it(index: Index) -> None:
    assert found(index, until=date(2026, 11, 20)) == ["returned"]
    assert set(found(index, since=date(2026, 11, 21))) == {"replaced", "unsettled"}
    assert found(index, since=date(2026, 11, 22)) == []
    with pytest.raises(Refused, match="dates_reversed"):
        index.query(Query(since=date(2026, 11, 22), until=date(2026, 11, 21)))


def test_pages_by_date_show_every_record_once_newest_first(empty: Index) -> None:
    first_day = date(2026, 1, 1)
    records: list[dict[str, Any]] = [
        {"id": f"r{n}", "summary": "退款", "published_on": first_day + timedelta(days=n % 7)} for n in range(53)
    ]
    random.Random(7).shuffle(records)
    empty.put(records)
    empty.refresh()

    seen, after, totals = [], "", set()
    while True:
        page = empty.query(Query("退款", size=10, after=after))
        seen += [hit.id for hit in page.hits]
        totals.add(page.total)
        after = page.next_cursor
        if not after:
            break

    days = {f"r{n}": first_day + timedelta(days=n % 7) for n in range(53)}
    assert sorted(seen) == sorted(days)
    assert [days[name] for name in seen] == sorted(days.values(), reverse=True)
    assert totals == {53}


def test_a_page_that_ends_with_the_last_record_has_no_next(index: Index) -> None:
    assert index.query(Query(size=3)).next_cursor == ""
    assert index.query(Query(size=2)).next_cursor != ""
    assert index.query(Query("调解", size=2, sort="relevance")).next_cursor == ""


def test_a_record_put_while_someone_pages_does_not_shift_their_pages(index: Index) -> None:
    first = index.query(Query(size=2))
    index.put([{**RETURNED, "id": "newer", "published_on": date(2026, 11, 22)}])
    index.refresh()

    assert [hit.id for hit in index.query(Query(size=2, after=first.next_cursor)).hits] == ["returned"]


def test_the_best_fit_comes_first_and_its_pages_join(index: Index) -> None:
    index.put([{"id": "name", "summary": "与本案无关", "shop": "拒绝退款电器行", "published_on": date(2026, 1, 1)}])
    index.put([{"id": "often", "summary": "退款退款退款", "published_on": date(2026, 1, 2)}])
    index.refresh()

    first = index.query(Query("退款", sort="relevance", size=1))
    rest = index.query(Query("退款", sort="relevance", size=5, after=first.next_cursor))

    assert [hit.id for hit in first.hits] == ["often"]
    assert {hit.id for hit in rest.hits} == {"returned", "name"}
    assert rest.next_cursor == ""


@pytest.mark.parametrize("after", ["d", "x1", "r25", "d1'", "d-1", "d1_", "d1__0123456789abcdef"])
def test_a_cursor_that_was_never_written_is_refused(index: Index, after: str) -> None:
    with pytest.raises(Refused, match="bad_cursor"):
        index.query(Query(after=after))


def test_a_cursor_belongs_to_its_query_and_cannot_be_moved(index: Index) -> None:
    cursor = index.query(Query(size=1)).next_cursor
    assert len(index.query(Query(size=1, after=cursor)).hits) == 1

    kind_and_place, seal = cursor.rsplit("_", 1)
    moved = f"{kind_and_place[:-2]}9_{seal}"
    for forged in (
        Query(size=1, after=moved),
        Query("退款", size=1, after=cursor),
        Query(size=1, after=cursor, filters={"result": frozenset({"settled"})}),
        Query("退款", size=1, sort="relevance", after=cursor),
        Query(size=1, sort="amount", after=cursor),
    ):
        with pytest.raises(Refused, match="bad_cursor"):
            index.query(forged)


def test_nobody_reads_beyond_the_thousandth_by_relevance(empty: Index) -> None:
    empty.put([{"id": f"r{n}", "summary": "退款"} for n in range(1002)])
    empty.refresh()

    first = empty.query(Query("退款", sort="relevance", size=999))
    last = empty.query(Query("退款", sort="relevance", size=1, after=first.next_cursor))
    assert (len(last.hits), last.next_cursor) == (1, "")

    asked = Query("退款", sort="relevance", size=1)
    beyond = cursors.write(SCHEMA, asked, cursors.Place("r", 1000, "0" * 16))
    with pytest.raises(Refused, match="too_deep"):
        empty.query(replace(asked, after=beyond))


def test_pages_by_relevance_are_of_one_moment(index: Index) -> None:
    index.put([{"id": f"r{n}", "summary": f"退款 {n}"} for n in range(6)])
    index.refresh()
    asked = Query("退款", sort="relevance", size=3)
    first = index.query(asked)

    index.put([{"id": "r1", "summary": "别的话"}, {"id": "new", "summary": "退款退款退款"}])
    index.remove([first.hits[-1].id])
    index.refresh()
    seen = [hit.id for hit in first.hits]
    after = first.next_cursor
    while after:
        page = index.query(replace(asked, after=after))
        seen += [hit.id for hit in page.hits]
        assert page.total == 7
        after = page.next_cursor

    assert sorted(seen) == sorted(["returned", *(f"r{n}" for n in range(6))])
    assert index.query(asked).hits[0].id == "new"


def test_a_place_in_a_moment_that_is_over_is_stale(index: Index) -> None:
    asked = Query("调解", sort="relevance", size=1)
    gone = cursors.write(SCHEMA, asked, cursors.Place("r", 1, "0" * 16))

    with pytest.raises(Refused, match="bad_cursor") as refusal:
        index.query(replace(asked, after=gone))
    assert refusal.value.status == 400


def test_pages_by_amount_show_every_record_once_highest_first_and_those_without_one_last(empty: Index) -> None:
    amounts = {f"r{n}": [None, 0, 100, 100, 2**50 + n, 100][n % 6] for n in range(40)}
    empty.put([{"id": name, "summary": "退款", "paid_fen": amount} for name, amount in amounts.items()])
    empty.refresh()

    seen: list[str] = []
    asked = Query("退款", sort="amount", size=7)
    after = ""
    while True:
        page = empty.query(replace(asked, after=after))
        seen += [hit.id for hit in page.hits]
        assert page.total == 40
        after = page.next_cursor
        if not after:
            break

    assert sorted(seen) == sorted(amounts)
    found = [amounts[name] for name in seen]
    assert found == sorted(found, key=lambda amount: -1 if amount is None else amount, reverse=True)
    assert empty.query(replace(asked, size=40)).hits == tuple(hit for hit in empty.query(replace(asked, size=100)).hits)
    assert [hit.id for hit in empty.query(replace(asked, size=100)).hits] == seen


def test_an_amount_is_a_whole_number_from_nothing(empty: Index) -> None:
    with pytest.raises(ValueError, match="paid_fen"):
        empty.put([{"id": "x", "paid_fen": -1}])
    assert empty.count(Query()) == 0


def test_a_record_put_again_replaces_itself(index: Index) -> None:
    index.put([{**RETURNED, "summary": "改过的话"}])
    index.refresh()

    assert found(index, "退款") == []
    assert found(index, "改过的话") == ["returned"]
    assert index.count(Query()) == 3


def test_an_older_version_never_replaces_a_newer_one(index: Index) -> None:
    index.put([{**RETURNED, "version": 3, "summary": "第三版"}])
    index.put([{**RETURNED, "version": 2, "summary": "第二版"}])
    index.refresh()
    index.put([{**RETURNED, "version": 1, "summary": "第一版"}])
    index.put([{**RETURNED, "version": 3, "summary": "第三版又来"}])
    index.refresh()

    assert found(index, "第三版又来") == ["returned"]
    assert index.count(Query()) == 3


def test_removed_records_are_gone_and_strangers_are_ignored(index: Index) -> None:
    index.remove(["returned", "nobody"])
    index.refresh()

    assert set(found(index)) == {"replaced", "unsettled"}


def test_a_rebuild_replaces_everything_and_a_failed_one_nothing(index: Index) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield {**RETURNED, "id": "half"}
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        index.replace_all(broken())
    index.refresh()
    assert set(found(index)) == {"returned", "replaced", "unsettled"}

    assert index.replace_all([UNSETTLED]) == 1
    assert index.is_built()
    assert found(index) == ["unsettled"]


def test_what_changes_while_an_index_is_rebuilt_holds_afterwards(index: Index) -> None:
    told: list[int] = []

    def source() -> Iterator[dict[str, Any]]:
        yield {**RETURNED, "version": 1}
        yield {**UNSETTLED, "version": 1}
        for n in range(2000):
            yield {"id": f"r{n}", "summary": "大量", "version": 1}
        index.put(
            [{**RETURNED, "version": 2, "summary": "边建边改"}, {**REPLACED, "version": 1, "summary": "边建边加"}]
        )
        index.remove(["unsettled"], version=2)
        index.remove(["r1999", "r2000"], version=2)
        index.refresh()
        assert found(index, "边建边改") == ["returned"], "readers wait for the rebuild"
        assert found(index, "大量") == [], "readers see a half-built index"
        yield {**REPLACED, "version": 0, "summary": "旧的"}
        yield {"id": "r2000", "summary": "大量", "version": 1}

    index.replace_all(source(), told.append)

    assert found(index, "边建边改") == ["returned"]
    assert found(index, "边建边加") == ["replaced"]
    assert index.count(Query("旧的")) == 0
    assert index.count(Query("大量")) == 1999
    assert index.count(Query()) == 2001
    assert told[-1] == 2004
    assert told == sorted(told)


def test_clearing_leaves_an_empty_index_that_works(index: Index) -> None:
    index.clear()
    assert index.query(Query("退款", facets=("district",))).facets == {"district": {}}

    index.put([RETURNED])
    index.refresh()
    assert found(index, "退款") == ["returned"]


def test_an_index_that_was_never_filled_answers_with_nothing(empty: Index) -> None:
    page = empty.query(Query("退款", facets=("district",)))

    assert (page.total, page.hits, page.facets, page.next_cursor) == (0, (), {"district": {}}, "")
    assert not empty.is_built()


def test_a_record_of_another_shape_is_an_error(empty: Index) -> None:
    with pytest.raises(ValueError, match="phone"):
        empty.put([{"id": "x", "phone": "1"}])
    with pytest.raises(ValueError, match="facet"):
        empty.query(Query(facets=("phone",)))


def test_a_new_record_is_found_within_a_second(index: Index) -> None:
    put_at = time.monotonic()
    index.put([{**RETURNED, "id": "fresh", "summary": "刚刚公示的一条"}])
    while not found(index, "刚刚公示") and time.monotonic() - put_at < 5:
        time.sleep(0.02)

    assert found(index, "刚刚公示") == ["fresh"]


def test_many_threads_put_and_read_at_once(empty: Index) -> None:
    failures: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for turn in range(5):
                empty.put([{"id": f"{name}-{turn}", "summary": "并发退款", "district": str(name)}])
                empty.query(Query("退款", facets=("district",)))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    empty.refresh()

    assert failures == []
    page = empty.query(Query("退款", facets=("district",), size=0))
    assert (page.total, page.facets) == (20, {"district": {"0": 5, "1": 5, "2": 5, "3": 5}})


def test_an_embedded_index_is_still_there_for_the_next_process(tmp_path: Path) -> None:
    EmbeddedIndex(SCHEMA, tmp_path).put([RETURNED])

    assert found(EmbeddedIndex(SCHEMA, tmp_path), "退款") == ["returned"]


def test_a_second_writer_of_one_folder_is_told_so(tmp_path: Path) -> None:
    first, second = EmbeddedIndex(SCHEMA, tmp_path), EmbeddedIndex(SCHEMA, tmp_path)
    first.put([RETURNED])

    with pytest.raises(IndexBusy, match="another process"):
        second.put([REPLACED])
    second.refresh()
    assert found(second) == ["returned"]


def test_real_servers_are_never_left_out_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PORTAL_TEST_REAL", "1")

    with pytest.raises(pytest.fail.Exception, match="ELASTICSEARCH_URL"):
        elastic.url_or_skip()
    assert "ELASTICSEARCH_URL" not in os.environ
