"""What every search engine behind the port promises; each test runs against each of them."""

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.kernel.errors import Refused
from portal.kernel.search import Index, Query, Schema
from portal.kernel.search.elastic import ElasticIndex
from portal.kernel.search.embedded import EmbeddedIndex, IndexBusy
from tests.services import elastic

SCHEMA = Schema(
    "contract",
    text=("summary", "shop"),
    facets=("district", "result"),
    dates=("published_on",),
    stored=("number",),
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
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_a_sentence(index: Index, text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        index.query(Query(text))

    assert refusal.value.code == code
    assert refusal.value.field == "q"
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


@pytest.mark.parametrize("after", ["d", "x1", "r25", "d1'", "d-1"])
def test_a_cursor_that_does_not_belong_here_is_refused(index: Index, after: str) -> None:
    with pytest.raises(Refused, match="bad_cursor"):
        index.query(Query(after=after))


def test_nobody_reads_beyond_the_thousandth_by_relevance(index: Index) -> None:
    with pytest.raises(Refused, match="too_deep"):
        index.query(Query("退款", sort="relevance", after="r1000"))


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
