"""The pages everybody may read: front page, look-up, shop, plate, who answers, privacy."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from portal.kernel import jobs
from portal.kernel.access import Role
from portal.kernel.models import User
from publicity.models import Shop
from publicity.selectors.shop_record import record_of_shop
from publicity.services import pledges, releases, shops
from tests import build
from tests.build_publicity import a_closed_fact, a_listed_pledge, a_published_record, a_scheme_approver, signed_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def page(path: str, *, status: int = 200, who: User | None = None) -> str:
    response = (signed_in(who) if who else Client()).get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_front_page_of_an_empty_city_says_honestly_that_there_is_nothing() -> None:
    text = page("/")

    assert "还没有发布过统计" in text
    assert 'href="/complain/"' in text
    assert 'action="/shops/"' in text


def test_the_front_page_shows_the_signed_release_and_nothing_of_the_register() -> None:
    with time_machine.travel(datetime(2026, 10, 20, 4, tzinfo=UTC), tick=False):
        shop = build.a_shop(name="海河示例数码店")
        for _number in range(12):
            a_closed_fact(shop)
    with time_machine.travel(NOON, tick=False):
        release = releases.compute(month=date(2026, 10, 1), who=build.staff(Role.ANALYST))
        assert "还没有发布过统计" in page("/")
        releases.sign(release_id=release.pk, who=build.staff(Role.STATISTICS_APPROVER))
        record = a_published_record(shop)
        text = page("/")

    assert "2026 年 10 月的统计" in text
    assert "2026 年 11 月 24 日签发" in text
    assert "全部投诉都算，不论是否公示" in text
    assert 'href="/register/"' in text
    assert record.public_id not in text
    assert "公示不代表认定商家违法" in text


def test_a_hidden_figure_says_that_it_is_hidden() -> None:
    with time_machine.travel(NOON, tick=False):
        release = releases.compute(month=date(2026, 10, 1), who=build.staff(Role.ANALYST))
        releases.sign(release_id=release.pk, who=build.staff(Role.STATISTICS_APPROVER))

        assert "数量太少，为保护个人信息不显示" in page("/")


def test_the_bureau_of_a_district_is_found_without_script() -> None:
    text = page("/?district=120104")

    assert "天津市南开区市场监督管理局" in text
    assert 'href="tel:0220000' in text
    assert "天津市南开区市场监督管理局" not in page("/?district=999999")


def test_who_answers_for_what_with_number_and_last_check() -> None:
    text = page("/who/")
    for expected in ("供热、燃气", "12319", "天津市城市管理委员会", "还没有核对过", "2026 年 11 月 23 日", "110"):
        assert expected in text

    only = page("/who/?q=快递")
    assert "12305" in only
    assert "12319" not in only
    assert "没有找到“外星人”" in page("/who/?q=外星人")


def test_privacy_names_who_keeps_what_and_how_long() -> None:
    text = page("/privacy/")

    for expected in ("天津市12315投诉举报中心", "第十条", "办结后 10 年", "30 日后删除", "收回"):
        assert expected in text


def test_the_look_up_shows_shops_with_their_plates() -> None:
    pledge = a_listed_pledge(build.a_shop(name="海河示例数码店", district=build.NANKAI))
    other = build.a_shop(name="海河示例饭庄", district=build.HEPING, address="和平区示例路 3 号")
    jobs.drain()

    both = page("/shops/?q=海河示例")
    assert "找到 2 家" in both
    assert pledge.shop.public_id in both
    assert "承诺店，牌子有效" in both
    assert other.public_id in both

    assert other.public_id not in page("/shops/?q=海河示例&district=120104")
    assert other.public_id not in page("/shops/?plate=active")
    assert pledge.shop.public_id in page("/shops/?plate=active")
    assert other.public_id in page(f"/shops/?q={other.uscc[:12]}")
    assert "没有找到“别的店”" in page("/shops/?q=别的店")


def test_the_look_up_reads_nonsense_as_nothing_asked() -> None:
    build.a_shop(name="海河示例数码店")
    jobs.drain()

    assert "海河示例数码店" in page("/shops/?district=110101&plate=gold")
    assert page("/shops/?after=nonsense", status=400)
    assert "没有找到" in page('/shops/?q="a:b" -c')


def test_a_shop_page_shows_the_plate_as_it_stands_and_what_became_of_it() -> None:
    with time_machine.travel(NOON, tick=False):
        pledge = a_listed_pledge(build.a_shop(name="海河示例数码店"))
        path = f"/shops/{pledge.shop.public_id}/"
        text = page(path)
        assert "在期，牌子有效" in text
        assert "CX-2026-0001" in text
        assert "2029 年 11 月 23 日" in text
        assert "价格当场标清，结账不加价" in text
        assert "首次列入名录" in text

        pledges.delist(
            pledge_id=pledge.pk, who=a_scheme_approver(), version=pledge.version, reason="拒绝履行退货承诺三次"
        )
        text = page(path)
        assert "已摘牌，牌子无效" in text
        assert 'class="tag bad"' in text
        assert "原因：拒绝履行退货承诺三次" in text
        assert "在期，牌子有效" not in text


def test_a_shop_without_a_plate_says_so() -> None:
    assert "这家店没有承诺店牌子" in page(f"/shops/{build.a_shop().public_id}/")


def test_counts_are_of_published_records_and_a_rate_needs_ten() -> None:
    shop = build.a_shop()
    a_closed_fact(shop, agrees=False)
    for _number in range(7):
        a_published_record(shop)
    a_published_record(shop, outcome="self_settled")
    a_published_record(shop, outcome="merchant_refused")
    a_published_record(shop, outcome="not_agreed")

    record = record_of_shop(who=build.a_citizen(), shop=shop)
    assert (record.published, record.settled, record.ended, record.self_settled) == (10, 7, 2, 1)
    assert (record.has_rate, record.success, record.missing_for_a_rate) == (False, None, 1)
    assert "不足 10 件，不算比率" in page(f"/shops/{shop.public_id}/")

    a_published_record(shop, outcome="not_agreed")
    record = record_of_shop(who=build.a_citizen(), shop=shop)
    assert (record.has_rate, record.success) == (True, 70.0)
    text = page(f"/shops/{shop.public_id}/")
    assert "7 件成功，3 件终止" in text
    assert f'href="/register/?shop={shop.public_id}"' in text
    assert "公示不代表认定商家违法" in text


def test_records_of_another_shop_do_not_count() -> None:
    a_published_record(build.a_shop())

    assert record_of_shop(who=build.a_citizen(), shop=build.a_shop()).published == 0


def test_an_unknown_and_a_provisional_shop_look_alike_to_the_public() -> None:
    shop = shops.register_provisional(name="骗子店", address="南开区示例路 7 号", district=build.NANKAI)

    hidden, absent = page(f"/shops/{shop.public_id}/", status=404), page("/shops/abcdefgh/", status=404)
    assert "骗子店" not in hidden
    assert ("没有找到这个页面" in hidden) == ("没有找到这个页面" in absent) is True


def test_a_merged_shop_leads_to_the_one_it_is() -> None:
    kept = build.a_shop()
    gone = shops.register_provisional(name="海河数码", address="南开区示例路 7 号", district=build.NANKAI)
    shops.merge(shop_id=gone.pk, into_id=kept.pk, who=build.staff(Role.DISPATCHER), version=gone.version)

    response = Client().get(f"/shops/{gone.public_id}/")

    assert (response.status_code, response["Location"]) == (302, f"/shops/{kept.public_id}/")


@pytest.mark.parametrize(
    ("act", "heading", "mark"),
    [
        ("none", "这块牌子有效，属于海河示例数码店。", "在期，牌子有效"),
        ("suspend", "这块牌子暂停使用，海河示例数码店现在不能挂。", "暂停使用，牌子现在无效"),
        ("delist", "这块牌子已摘牌，海河示例数码店不能再挂。", "已摘牌，牌子无效"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_the_code_on_a_plate_opens_its_state_at_this_minute(act: str, heading: str, mark: str) -> None:
    pledge = a_listed_pledge(build.a_shop(name="海河示例数码店"))
    if act != "none":
        getattr(pledges, act)(
            pledge_id=pledge.pk, who=a_scheme_approver(), version=pledge.version, reason="没有兑现承诺"
        )

    response = Client().get("/badge/CX-2026-0001/")
    text = response.content.decode()

    assert heading in text
    assert mark in text
    assert ("没有兑现承诺" in text) == (act != "none")
    assert "no-store" in response["Cache-Control"]
    assert "/badge/CX-2026-0001/" not in page("/badge/cx-2026-0001/")


def test_a_number_that_was_never_given_is_called_so() -> None:
    a_listed_pledge()

    text = page("/badge/CX-1999-0007/", status=404)

    assert "名录里没有这块牌子" in text
    assert "CX-1999-0007" in text


def test_an_old_plate_names_the_new_one() -> None:
    with time_machine.travel(NOON, tick=False):
        old = a_listed_pledge(build.a_shop(name="海河示例数码店"))
    with time_machine.travel(datetime(2029, 12, 3, 4, tzinfo=UTC), tick=False):
        new = a_listed_pledge(Shop.objects.get(pk=old.shop_id))
        text = page(f"/badge/{old.serial}/")

    assert "这块牌子已到期" in text
    assert f"这家店现在的牌子是 {new.serial}，在期" in text


@pytest.mark.parametrize("path", ["/", "/who/", "/privacy/", "/shops/"])
def test_public_pages_take_no_other_method(path: str) -> None:
    assert Client().post(path).status_code == 405
    assert Client().head(path).status_code == 200
