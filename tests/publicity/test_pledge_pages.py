"""Pledges in the browser: the merchant applies, the scheme office decides, staff keep shops apart."""

from typing import Any

import pytest
from django.test import Client

from portal.kernel import jobs
from portal.kernel.access import Role
from portal.kernel.models import User
from publicity.models import Pledge, Shop, ShopContact
from publicity.services import shops
from tests import build
from tests.build_publicity import (
    COMMITMENTS,
    a_checked_pledge,
    a_listed_pledge,
    a_scheme_approver,
    a_scheme_officer,
    an_application,
    signed_in,
)

pytestmark = pytest.mark.django_db
APPLY = "/merchant/pledge/"


def applied(who: User, shop: Shop, **changes: str) -> Any:
    told = {"shop": shop.public_id, "trade": "catering", "commitments": COMMITMENTS, "agrees": "on"}
    return signed_in(who).post(APPLY, {key: value for key, value in (told | changes).items() if value})


def desk(pledge: Pledge, step: str = "") -> str:
    return f"/desk/pledges/{pledge.public_id}/{step}"


def test_a_merchant_applies_and_reads_where_it_stands() -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    assert "提交申请" in signed_in(merchant).get(APPLY).content.decode()

    response = applied(merchant, shop)

    pledge = Pledge.objects.get()
    assert (response.status_code, response["Location"]) == (302, APPLY)
    assert (pledge.shop, pledge.applied_by, pledge.commitments) == (shop, merchant, COMMITMENTS)
    text = signed_in(merchant).get(APPLY).content.decode()
    assert "申请在等初核，您现在不用做什么。" in text
    assert "提交申请" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"agrees": ""}, "请先确认这一条。"),
        ({"commitments": ""}, "请填写这一项。"),
        ({"commitments": "诚信"}, "承诺写 10 到 600 个字"),
        ({"trade": ""}, "请选择行业"),
        ({"commitments": "身份证 11010519491231002X 的店长保证退货"}, "请去掉里面的个人信息"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(changes: dict[str, str], sentence: str) -> None:
    shop = build.a_shop()

    response = applied(build.a_merchant(shop), shop, **changes)

    assert response.status_code == 422
    text = response.content.decode()
    assert sentence in text
    assert ("接到投诉两个工作日内答复</textarea>" in text) == ("commitments" not in changes)
    assert Pledge.objects.count() == 0


def test_a_merchant_applies_for_no_shop_but_their_own() -> None:
    stranger, shop = build.a_merchant(build.a_shop()), build.a_shop()

    assert applied(stranger, shop).status_code == 422
    assert Pledge.objects.count() == 0


def test_the_application_is_for_merchants() -> None:
    assert Client().get(APPLY).status_code == 302
    assert signed_in(build.a_citizen()).get(APPLY).status_code == 403
    assert signed_in(a_scheme_officer()).get(APPLY).status_code == 403


def test_a_listed_shop_finds_the_code_for_its_plate() -> None:
    pledge = a_listed_pledge()

    text = signed_in(pledge.applied_by).get(APPLY).content.decode()

    assert "牌子有效，到" in text
    assert f"/badge/{pledge.serial}/" in text
    assert 'class="qr' in text


def test_the_office_checks_and_approves_in_the_browser() -> None:
    pledge = an_application()
    officer, approver = signed_in(a_scheme_officer()), signed_in(a_scheme_approver())

    assert "等您审的承诺店 1 家" in officer.get("/desk/pledges/").content.decode()
    assert officer.post(desk(pledge, "check/"), {"version": pledge.version}).status_code == 302
    pledge.refresh_from_db()
    assert "等您审的承诺店 0 家" in officer.get("/desk/pledges/").content.decode()
    assert "批准，列入名录" in approver.get(desk(pledge)).content.decode()
    assert approver.post(desk(pledge, "approve/"), {"version": pledge.version}).status_code == 302

    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.ACTIVE
    assert pledge.serial in approver.get("/desk/pledges/?state=active").content.decode()
    assert pledge.serial not in approver.get("/desk/pledges/?state=delisted").content.decode()


def test_a_stale_press_is_answered_with_the_sentence_and_changes_nothing() -> None:
    pledge = an_application()
    signed_in(a_scheme_officer()).post(desk(pledge, "check/"), {"version": 1})

    response = signed_in(a_scheme_officer()).post(desk(pledge, "check/"), {"version": 1})

    assert response.status_code == 422
    assert "这件事刚刚被别人改过" in response.content.decode()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.version) == (Pledge.State.CHECKED, 2)


def test_after_a_stale_press_the_same_reason_can_be_sent_again() -> None:
    pledge, approver = a_listed_pledge(), signed_in(a_scheme_approver())
    told = {"version": pledge.version - 1, "reason": "没有兑现承诺"}

    text = approver.post(desk(pledge, "suspend/"), told).content.decode()

    assert 'value="没有兑现承诺"' in text
    assert f'name="version" value="{pledge.version}"' in text


@pytest.mark.parametrize("step", ["approve/", "restore/", "delist/"])
def test_the_officer_does_not_do_what_the_approver_does(step: str) -> None:
    pledge = a_checked_pledge() if step == "approve/" else a_listed_pledge()
    before = pledge.state

    response = signed_in(a_scheme_officer()).post(desk(pledge, step), {"version": pledge.version, "reason": "示例"})

    assert response.status_code == 403
    pledge.refresh_from_db()
    assert pledge.state == before


def test_whoever_checked_finds_no_button_and_no_way_round_it() -> None:
    both = build.staff(Role.SCHEME_OFFICER, None, Role.SCHEME_APPROVER)
    pledge = a_checked_pledge(officer=both)

    assert "由另一位审批人批准" in signed_in(both).get(desk(pledge)).content.decode()
    assert signed_in(both).post(desk(pledge, "approve/"), {"version": pledge.version}).status_code == 403
    pledge.refresh_from_db()
    assert (pledge.state, pledge.serial) == (Pledge.State.CHECKED, "")


@pytest.mark.parametrize(("step", "state"), [("suspend/", "suspended"), ("delist/", "delisted")])
def test_taking_a_plate_away_in_the_browser(step: str, state: str) -> None:
    pledge, approver = a_listed_pledge(), signed_in(a_scheme_approver())

    empty = approver.post(desk(pledge, step), {"version": pledge.version, "reason": " "})
    assert empty.status_code == 422
    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.ACTIVE

    assert approver.post(desk(pledge, step), {"version": pledge.version, "reason": "没有兑现承诺"}).status_code == 302
    pledge.refresh_from_db()
    assert (pledge.state, pledge.reason) == (state, "没有兑现承诺")
    assert "没有兑现承诺" in signed_in(pledge.applied_by).get(APPLY).content.decode()


def test_suspended_and_restored_in_the_browser() -> None:
    pledge, approver = a_listed_pledge(), signed_in(a_scheme_approver())
    approver.post(desk(pledge, "suspend/"), {"version": pledge.version, "reason": "没有兑现承诺"})
    pledge.refresh_from_db()

    assert "恢复使用牌子" in approver.get(desk(pledge)).content.decode()
    assert approver.post(desk(pledge, "restore/"), {"version": pledge.version}).status_code == 302
    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.ACTIVE


def test_a_refusal_in_the_browser() -> None:
    pledge = an_application()

    response = signed_in(a_scheme_officer()).post(
        desk(pledge, "refuse/"), {"version": pledge.version, "reason": "承诺说不清怎样核对"}
    )

    assert response.status_code == 302
    text = signed_in(pledge.applied_by).get(APPLY).content.decode()
    assert "申请没有批准" in text
    assert "承诺说不清怎样核对" in text
    assert "提交申请" in text


def test_the_scheme_desk_is_for_the_scheme_office() -> None:
    pledge = an_application()

    for who in (build.staff(Role.OFFICER), build.staff(Role.AUDITOR), build.a_merchant(pledge.shop)):
        for path in ("/desk/pledges/", desk(pledge)):
            assert signed_in(who).get(path).status_code == 403
    assert Client().get("/desk/pledges/").status_code == 302
    assert signed_in(a_scheme_officer()).get("/desk/pledges/abcdefgh/").status_code == 404


def test_staff_register_a_shop_and_verify_who_speaks_for_it() -> None:
    keeper = signed_in(build.staff(Role.OFFICER))
    told = {"name": "示例店", "uscc": build.a_credit_code(), "district": build.NANKAI, "address": "南开区示例路 1 号"}

    wrong = keeper.post("/desk/shops/new/", told | {"uscc": "123"})
    assert wrong.status_code == 422
    assert "应是 18 位" in wrong.content.decode()
    assert Shop.objects.count() == 0

    keeper.post("/desk/shops/new/", told)
    shop = Shop.objects.get()
    path = f"/desk/shops/{shop.public_id}/"
    assert keeper.post(f"{path}contact/", {"phone": "13900001234"}).status_code == 422
    assert ShopContact.objects.count() == 0
    assert keeper.post(f"{path}contact/", {"phone": "13900001234", "method": "licence"}).status_code == 302
    assert ShopContact.objects.get().user.kind == User.Kind.MERCHANT
    assert "营业执照由工作人员核对" in keeper.get(path).content.decode()
    end = f"{path}contact/{ShopContact.objects.get().public_id}/end/"
    assert signed_in(build.staff(Role.ANALYST)).post(end).status_code == 403
    assert ShopContact.objects.get().ended_at is None
    assert keeper.post(end).status_code == 302
    assert keeper.post("/desk/shops/new/", told).status_code == 422
    assert ShopContact.objects.get().ended_at is not None
    assert keeper.post(f"{path}alias/", {"alias": "老店"}).status_code == 302
    jobs.drain()
    assert "示例店" in keeper.get("/desk/shops/?q=老店").content.decode()


def test_staff_find_out_which_shop_a_consumer_meant() -> None:
    keeper, kept = signed_in(build.staff(Role.DISPATCHER)), build.a_shop()
    gone = shops.register_provisional(name="海河数码", address="南开区示例路 7 号", district=build.NANKAI)
    path = f"/desk/shops/{gone.public_id}/"
    assert "海河数码" in keeper.get("/desk/shops/").content.decode()

    for code in ("123", build.a_credit_code()):
        assert keeper.post(f"{path}merge/", {"into": code, "version": gone.version}).status_code == 422
        gone.refresh_from_db()
        assert gone.state == Shop.State.PROVISIONAL

    response = keeper.post(f"{path}merge/", {"into": kept.uscc, "version": gone.version})
    assert response["Location"] == f"/desk/shops/{kept.public_id}/"
    assert keeper.get(path)["Location"] == f"/desk/shops/{kept.public_id}/"


def test_the_desk_of_shops_is_for_those_who_keep_them() -> None:
    for role in (Role.ANALYST, Role.SCHEME_APPROVER, Role.DISCLOSER):
        assert signed_in(build.staff(role)).get("/desk/shops/").status_code == 403
    assert signed_in(build.a_citizen()).get("/desk/shops/").status_code == 403
