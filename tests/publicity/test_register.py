"""The register's list, facets, export and API say the same for every question."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.http import QueryDict
from django.test import Client

from portal.kernel import clock, search
from portal.kernel.errors import Refused
from publicity.forms.register import wanted
from publicity.selectors import register
from tests.build import a_shop, a_unit
from tests.build_register import a_public, indexed, settle

pytestmark = pytest.mark.django_db


def listed(client: Client, **query: Any) -> tuple[int, list[str], str]:
    """What the page says: how many, which records on this page, and its text."""
    answer = client.get("/register/", query)
    assert answer.status_code == 200
    page = answer.content.decode()
    total = re.search(r"找到 ([\d,]+) 件", page)
    assert total is not None
    ids = re.findall(r'<h3><a href="/register/([^/"]+)/"', page)
    return int(total[1].replace(",", "")), ids, unescape(page)


def rows_of(client: Client, **query: Any) -> list[list[str]]:
    """The export without its column names."""
    answer = client.get("/register.csv", query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))[1:]


def put(*records: dict[str, Any]) -> None:
    index = search.get_index(register.INDEX)
    index.put(records)
    index.refresh()


@pytest.fixture
def three_and_a_stranger() -> list[str]:
    unit = a_unit()
    shop = a_shop(name="塘沽示例电器行")
    rows = [
        a_public(unit=unit, shop=shop, object_class="G01", sale_mode="platform"),
        a_public(unit=unit, problem="", summary="手机换屏后触控失灵，要求退货，已退货退款。"),
        a_public(district="120101", outcome="not_agreed", summary="衣物洗后褪色，双方没有达成一致。"),
    ]
    settle()
    return [row.public_id for row in rows]


def test_words_narrow_and_are_marked(client: Client, three_and_a_stranger: list[str]) -> None:
    total, ids, page = listed(client, q="退货 净化器")
    assert (total, ids) == (1, three_and_a_stranger[:1])
    assert "<mark>净化器</mark>" in page
    assert "<mark>退货</mark>" in page
    assert listed(client, q="退货 -净化器")[1] == three_and_a_stranger[1:2]
    assert listed(client, q="商家:塘沽")[1] == three_and_a_stranger[:1]
    assert listed(client, q="商家：塘沽")[1] == three_and_a_stranger[:1]
    assert listed(client)[0] == 3


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"d": ["120104"]}, [0, 1]),
        ({"d": ["120104", "120101"]}, [0, 1, 2]),
        ({"p": [""]}, [1]),
        ({"p": ["P02"]}, [0, 2]),
        ({"k": ["G01"]}, [0]),
        ({"k": [""], "r": ["settled"]}, [1]),
        ({"r": ["not_agreed", "settled"], "d": ["120101"]}, [2]),
        ({"m": ["platform"]}, [0]),
        ({"t": ["30"]}, [0, 1, 2]),
        ({"d": ["120199"]}, []),
        ({"d": ["南开区"]}, []),
        ({"q": ["退货"], "d": ["120104"], "sort": ["relevance"]}, [0, 1]),
    ],
)
def test_list_facets_export_and_api_agree(
    client: Client, three_and_a_stranger: list[str], query: dict[str, list[str]], places: list[int]
) -> None:
    expected = {three_and_a_stranger[place] for place in places}

    total, ids, _page = listed(client, **query)
    api = client.get("/api/v1/disclosures", query).json()
    rows = rows_of(client, **query)

    assert total == api["total"] == len(expected)
    assert set(ids) == {row["id"] for row in api["results"]} == {row[0] for row in rows} == expected
    short = {"district": "d", "problem": "p", "object_class": "k", "outcome": "r", "sale_mode": "m", "unit": "u"}
    for facet, name in short.items():
        counts = api["facets"][facet]
        chosen = query.get(name) or list(counts)
        assert sum(counts.get(value, 0) for value in chosen) == total, facet


def test_a_query_that_cannot_be_read_is_answered_with_its_place_and_what_was_typed(client: Client) -> None:
    typed = "（退款 或 换货"
    page = client.get("/register/", {"q": typed})
    api = client.get("/api/v1/disclosures", {"q": typed})

    assert page.status_code == api.status_code == 400
    said = "第 1 个字的“(”后面没有“)”与它成对。"
    assert said in page.content.decode()
    assert f'value="{typed}"' in page.content.decode()
    assert (api.json()["code"], api.json()["detail"], api.json()["place"]) == ("query_bracket", said, 1)


def test_words_join_as_they_are_written(client: Client, three_and_a_stranger: list[str]) -> None:
    everyone = {"净化器 或 商家:不存在": 1, "(净化器 或 退货) 非 净化器": 1, "退貨": 2, "净化器 AND 退货": 1}
    assert {text: listed(client, q=text)[0] for text in everyone} == everyone


def test_a_trend_adds_up_to_the_list_for_any_filter(client: Client, three_and_a_stranger: list[str]) -> None:
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    for step, start in (("day", today), ("week", monday), ("month", today.replace(day=1))):
        answer = client.get("/api/v1/disclosures", {"trend": step, "by": "outcome", "d": "120104"}).json()
        assert answer["total"] == 2
        assert answer["trend"] == [{"start": start.isoformat(), "count": 2, "parts": {"settled": 2}}]
    assert client.get("/api/v1/disclosures").json()["trend"] == []
    for wrong in ({"trend": "hour"}, {"trend": "day", "by": "shop_id"}):
        assert client.get("/api/v1/disclosures", wrong).status_code == 400


def test_a_page_address_that_was_tampered_with_is_refused(client: Client, three_and_a_stranger: list[str]) -> None:
    index = search.get_index(register.INDEX)
    cursor = index.query(search.Query(size=1)).next_cursor
    assert client.get("/register/", {"after": cursor}).status_code == 200
    for address, after in (("/register/", cursor[:-1] + "x"), ("/api/v1/disclosures", f"d1_{cursor[2:]}")):
        refused = client.get(address, {"after": after})
        assert refused.status_code == 400
        assert "这个翻页地址已经失效" in refused.content.decode()
    assert client.get("/register/", {"after": cursor, "q": "退货"}).status_code == 400


def test_names_are_suggested_from_public_records_and_registered_shops(
    client: Client, three_and_a_stranger: list[str]
) -> None:
    search.get_index("shops").refresh()
    offered = client.get("/api/v1/suggestions/register", {"q": "塘沽"}).json()
    assert offered == {"results": ["塘沽示例电器行"]}
    assert client.get("/api/v1/suggestions/shops", {"q": "塘沽"}).json() == offered
    assert client.get("/api/v1/suggestions/register", {"q": ""}).json() == {"results": []}
    assert client.get("/api/v1/suggestions/register", {"q": "？" * 99}).json() == {"results": []}


def test_an_unfilled_value_is_a_value_that_can_be_chosen(client: Client, three_and_a_stranger: list[str]) -> None:
    page = listed(client)[2]
    assert '<input type="checkbox" name="k" value="">未填<span class="count">2</span>' in page
    _total, ids, chosen = listed(client, k="")
    assert set(ids) == set(three_and_a_stranger[1:])
    assert '<input type="checkbox" name="k" value="" checked>未填' in chosen


def test_chips_say_what_narrows_and_take_it_away(client: Client, three_and_a_stranger: list[str]) -> None:
    shop = client.get("/api/v1/disclosures", {"k": "G01"}).json()["results"][0]["shop_id"]
    page = listed(client, q="退货", d=["120104", "120101"], t="30", shop=shop)[2]

    chips = dict(re.findall(r'<a href="(\?[^"]*)">([^<]+)<svg', page))
    assert list(chips.values()) == ["塘沽示例电器行", "南开区", "和平区", "最近三十天"]
    left = [parse_qs(urlparse(address).query, keep_blank_values=True) for address in chips]
    assert left[0] == {"q": ["退货"], "d": ["120104", "120101"], "t": ["30"]}
    assert left[1] == {"q": ["退货"], "d": ["120101"], "t": ["30"], "shop": [shop]}
    assert left[3] == {"q": ["退货"], "d": ["120104", "120101"], "shop": [shop]}
    assert "缩小范围，已选 4 个" in page
    assert 'href="/register/?q=%E9%80%80%E8%B4%A7">全部清除' in page


def test_nothing_found_says_why_and_what_to_do(client: Client, three_and_a_stranger: list[str]) -> None:
    total, ids, page = listed(client, q="飞机票", d="120104")
    assert (total, ids) == (0, [])
    assert "没有找到“飞机票”" in page
    assert "去掉一个条件：" in page
    assert "没有公示不等于没有投诉" in page
    assert "导出 CSV" not in page


def test_before_the_first_record_the_page_says_so(client: Client) -> None:
    page = listed(client)[2]
    assert "还没有公示过投诉" in page


UNREADABLE = [
    ({"q": '"退货'}, "query_unbalanced", "引号要成对"),
    ({"q": "退" * 201}, "query_too_long", "200 个字以内"),
    ({"q": "退" * 401}, "bad_q", "200 个字以内"),
    ({"q": "退\0货"}, "bad_q", "200 个字以内"),
    ({"q": "没有:这个"}, "query_unknown_field", "没有“没有”这个栏目"),
    ({"t": "7"}, "bad_t", "三十天"),
    ({"sort": "name"}, "bad_sort", "最新或者最相关"),
    ({"after": "x"}, "bad_cursor", "翻页地址"),
    ({"after": "d" * 90}, "bad_after", "翻页地址"),
    ({"after": "r20"}, "bad_cursor", "翻页地址"),
    ({"d": [str(number) for number in range(61)]}, "too_many_values", "最多选 60 个"),
]


@pytest.mark.parametrize(("query", "code", "sentence"), UNREADABLE)
def test_what_cannot_be_read_is_refused_everywhere_and_never_passed_over(
    client: Client, query: dict[str, Any], code: str, sentence: str, three_and_a_stranger: list[str]
) -> None:
    page = client.get("/register/", query)
    api = client.get("/api/v1/disclosures", query)

    assert page.status_code == api.status_code == 400
    assert sentence in page.content.decode()
    assert "找到" not in page.content.decode()
    assert api.json()["code"] == code
    assert api.headers["Content-Type"] == "application/problem+json"
    if "after" not in query:
        export = client.get("/register.csv", query)
        assert export.status_code == 400
        assert not export.streaming


def test_a_query_that_cannot_be_read_stays_as_typed(client: Client) -> None:
    body = client.get("/register/", {"q": '"退货 <b>'}).content.decode()
    assert 'value="&quot;退货 &lt;b&gt;"' in body
    assert 'aria-invalid="true"' in body


def walked(client: Client, meanwhile: Callable[[int], None] = lambda page: None, **query: Any) -> list[str]:
    """Every record met by following 下一页 to the end, something else happening after every page."""
    seen: list[str] = []
    address: str | None = "/register/?" + QueryDict(mutable=True).urlencode()
    pages = 0
    first = dict(query)
    while address:
        answer = client.get(address, first if pages == 0 else None)
        page = unescape(answer.content.decode())
        seen += re.findall(r'<h3><a href="/register/([^/"]+)/"', page)
        pages += 1
        meanwhile(pages)
        following = re.search(r'<a href="(\?[^"]*)" rel="next">', page)
        address = f"/register/{following[1]}" if following else None
    return seen


def test_the_cursor_meets_every_record_once_while_others_are_published(client: Client) -> None:
    there = [indexed(number) for number in range(70)]
    put(*there)

    def publish_more(page: int) -> None:
        put(*(indexed(1000 + 10 * page + more) for more in range(10)))

    seen = walked(client, publish_more)

    assert len(seen) == len(set(seen))
    assert {record["id"] for record in there} <= set(seen)


def test_the_cursor_does_not_lose_its_place_when_records_leave(client: Client) -> None:
    there = [indexed(number) for number in range(70)]
    put(*there)
    gone = {there[5]["id"], there[66]["id"]}

    def remove(page: int) -> None:
        if page == 1:
            search.get_index(register.INDEX).remove(gone)

    seen = walked(client, remove)
    assert len(seen) == len(set(seen))
    assert {record["id"] for record in there} - gone <= set(seen)


def test_one_goes_back_as_one_came(client: Client) -> None:
    put(*(indexed(number) for number in range(70)))
    pages = ["/register/?d=120104"]
    for _ in range(3):
        page = unescape(client.get(pages[-1]).content.decode())
        following = re.search(r'<a href="(\?[^"]*)" rel="next">', page)
        assert following is not None
        pages.append(f"/register/{following[1]}")
    shown = [re.findall(r'<h3><a href="/register/([^/"]+)/"', client.get(page).content.decode()) for page in pages]
    assert [len(ids) for ids in shown] == [20, 20, 20, 10]

    address = pages[-1]
    for place in (2, 1, 0):
        page = unescape(client.get(address).content.decode())
        back = re.search(r'<a href="(\?[^"]*)" rel="prev">', page)
        assert back is not None
        address = f"/register/{back[1]}"
        before = client.get(address).content.decode()
        assert re.findall(r'<h3><a href="/register/([^/"]+)/"', before) == shown[place]
    assert 'rel="prev"' not in client.get(address).content.decode()


def test_the_api_pages_to_the_end_with_the_same_total(client: Client) -> None:
    put(*(indexed(number) for number in range(60)))
    seen: list[str] = []
    after = ""
    while True:
        page = client.get("/api/v1/disclosures", {"after": after} if after else {}).json()
        assert page["total"] == 60
        seen += [row["id"] for row in page["results"]]
        after = page["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 60


def test_the_newest_records_come_first(client: Client) -> None:
    put(*(indexed(number) for number in range(40)))
    results = client.get("/api/v1/disclosures").json()["results"]
    days = [row["published_on"] for row in results]
    assert days == sorted(days, reverse=True)
    assert days[0] == "2026-11-20"


def test_one_record_has_its_own_page_with_what_is_shown_and_what_is_not(
    client: Client, three_and_a_stranger: list[str]
) -> None:
    page = client.get(f"/register/{three_and_a_stranger[0]}/").content.decode()
    assert "塘沽示例电器行" in page
    assert "公示不代表认定商家违法" in page
    assert "日志第 1 行" in page
    assert "13800000001" not in page
    assert client.get("/register/abcdefghjkmnpqrstvwx/").status_code == 404


def test_the_pages_answer_a_head_and_take_no_post(client: Client, three_and_a_stranger: list[str]) -> None:
    for address in ("/register/", f"/register/{three_and_a_stranger[0]}/", "/register/log/", "/statistics/"):
        assert client.head(address).status_code == 200, address
        assert client.post(address).status_code == 405, address


def test_only_what_the_index_holds_is_read_by_the_list(client: Client, django_assert_max_num_queries: Any) -> None:
    put(*(indexed(number) for number in range(40)))
    client.get("/register/")
    with django_assert_max_num_queries(2):
        client.get("/register/")


def test_the_filter_is_read_from_the_query_string() -> None:
    found = wanted(QueryDict("q=退货&d=120104&d=&t=90&sort=relevance&shop=abc&utm_source=x"))
    assert found.text == "退货"
    assert found.chosen == {"district": frozenset({"120104", ""})}
    assert (found.sort, found.shop_id) == ("relevance", "abc")
    with pytest.raises(Refused):
        wanted(QueryDict("t=1"))
    assert wanted(QueryDict("d=%E2%88%85")).chosen == {"district": frozenset({"?"})}
