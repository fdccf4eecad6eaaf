"""Shops: registered, named by consumers, verified, merged and found."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.kernel import events, jobs, search
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Event, Job, User
from publicity.models import CaseFact, Shop, ShopAlias, ShopContact
from publicity.selectors import shops as selectors
from publicity.services import pledges, shops
from tests import build, build_publicity

pytestmark = pytest.mark.django_db


def found(text: str, **more: Any) -> list[str]:
    return [str(hit.shop) for hit in selectors.look_up(who=build.a_citizen(), text=text, **more).hits]


def a_provisional(name: str = "老王 水果店") -> Shop:
    return shops.register_provisional(name=name, address="南开区示例路 7 号", district=build.NANKAI)


def test_a_registered_shop_is_found_by_name_signboard_former_name_address_and_code() -> None:
    shop = shops.register(
        name="天津海河示例商贸有限公司",
        uscc=build.a_credit_code(),
        district=build.NANKAI,
        address="南开区长江道 66 号",
        signboard="海河示例数码店",
    )
    shops.add_alias(shop_id=shop.pk, name="蓝帆电脑城", who=build.staff(Role.SCHEME_OFFICER))
    build.a_shop(name="塘沽示例饭店")
    jobs.drain()

    for text in (
        "海河示例数码店",
        "示例数码",
        "海河示例商贸",
        "海河 数码",
        "蓝帆",
        "长江道66号",
        "天津市海河示例数码店",
        "海河示例数码旗舰店",
        "海河示例数码行",
        shop.uscc,
        shop.uscc.lower(),
        f"{shop.uscc[:8]} {shop.uscc[8:14]}",
    ):
        assert "海河示例数码店" in found(text), text


@pytest.mark.parametrize("text", ["", "  ", "！？", '"', "a:b", "没有这家", "-", "z" * 400])
def test_nothing_and_nonsense_find_nothing(text: str) -> None:
    build.a_shop()
    jobs.drain()

    assert found(text) == []


def test_a_limit_is_kept() -> None:
    for _number in range(4):
        build.a_shop()
    jobs.drain()

    assert len(found("海河示例", limit=3)) == 3


def test_what_a_consumer_called_an_unknown_shop_stays_with_staff() -> None:
    shop = a_provisional("骗子林示例的店")
    jobs.drain()

    assert found("林示例") == []
    assert search.get_index("shops").count(search.Query()) == 0
    with pytest.raises(Refused) as refusal:
        selectors.shop_of(who=build.a_citizen(), public_id=shop.public_id)
    assert (refusal.value.code, refusal.value.status) == ("not_found", 404)
    assert selectors.shop_of(who=build.staff(Role.DISPATCHER), public_id=shop.public_id) == shop
    assert list(selectors.unverified(who=build.staff(Role.DISPATCHER), text="林示例")) == [shop]
    assert list(selectors.unverified(who=build.a_citizen())) == []


def test_the_same_unknown_shop_named_twice_is_one_row() -> None:
    first = a_provisional("老王 水果店")

    assert a_provisional("老王（水果店）") == first
    assert a_provisional("老李水果店") != first
    assert Shop.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "  "}, "shop_name", "name"),
        ({"name": "长" * 121}, "too_long", "name"),
        ({"uscc": "91120104MAXX000159"}, "uscc", "uscc"),
        ({"uscc": "120104000012345"}, "uscc", "uscc"),
        ({"district": "110101"}, "district", "district"),
        ({"trade": "banking"}, "trade", "trade"),
        ({"address": "长" * 201}, "too_long", "address"),
    ],
)
def test_a_wrong_registration_is_refused_and_leaves_nothing(changes: dict[str, str], code: str, field: str) -> None:
    told = {"name": "示例店", "uscc": build.a_credit_code(), "district": build.NANKAI, "address": "南开区示例路 1 号"}

    with pytest.raises(Refused) as refusal:
        shops.register(**(told | changes))

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert (Shop.objects.count(), Event.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_one_door_is_registered_once_and_another_door_of_the_same_firm_is_another_shop() -> None:
    told = {"name": "示例店", "uscc": build.a_credit_code(), "district": build.NANKAI, "address": "南开区示例路 1 号"}
    shops.register(**told)

    with pytest.raises(Refused) as refusal:
        shops.register(**told)

    assert refusal.value.code == "shop_known"
    assert Shop.objects.count() == 1
    shops.register(**(told | {"address": "南开区示例路 2 号"}))
    assert Shop.objects.count() == 2


def test_a_contact_is_verified_by_somebody_else_and_comes_in_as_a_merchant() -> None:
    shop, person, keeper = build.a_shop(), build.a_citizen(), build.staff(Role.OFFICER)

    contact = shops.verify_contact(shop_id=shop.pk, user_id=person.pk, method="letter", who=keeper)

    person.refresh_from_db()
    assert (person.kind, contact.verified_by) == (User.Kind.MERCHANT, keeper)
    assert list(selectors.shops_of(person)) == [shop]
    assert list(selectors.contacts_of(shop)) == [person]
    assert shops.verify_contact(shop_id=shop.pk, user_id=person.pk, method="letter", who=keeper) == contact
    assert [event.name for event in events.of(shop)] == ["shop.registered", "shop.contact_verified"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DISCLOSER, Role.SCHEME_APPROVER, Role.FUND_KEEPER])
def test_nobody_without_the_role_verifies_a_contact(role: Role) -> None:
    shop, person = build.a_shop(), build.a_citizen()

    with pytest.raises(Refused) as refusal:
        shops.verify_contact(shop_id=shop.pk, user_id=person.pk, method="letter", who=build.staff(role))

    assert refusal.value.status == 403
    assert ShopContact.objects.count() == 0


def test_knowing_a_number_is_no_verification_and_staff_speak_for_no_shop() -> None:
    shop, keeper = build.a_shop(), build.staff(Role.OFFICER)
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("method", {"shop_id": shop.pk, "user_id": build.a_citizen().pk, "method": "phone"}),
        ("staff", {"shop_id": shop.pk, "user_id": build.staff(Role.OFFICER).pk, "method": "letter"}),
        ("same_person", {"shop_id": shop.pk, "user_id": keeper.pk, "method": "letter"}),
        ("shop_not_verified", {"shop_id": a_provisional().pk, "user_id": build.a_citizen().pk, "method": "letter"}),
    )
    for code, arguments in told:
        with pytest.raises(Refused) as refusal:
            shops.verify_contact(**arguments, who=keeper)
        assert refusal.value.code == code
    assert ShopContact.objects.count() == 0


def test_a_merged_shop_points_to_the_one_it_is_and_brings_its_facts_and_name() -> None:
    kept, gone = build.a_shop(name="海河示例数码店"), a_provisional("海河数码")
    fact = build_publicity.a_closed_fact(gone)

    shops.merge(shop_id=gone.pk, into_id=kept.pk, who=build.staff(Role.DISPATCHER), version=gone.version)
    jobs.drain()

    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == (Shop.State.MERGED, kept)
    assert CaseFact.objects.get(pk=fact.pk).shop == kept
    assert [alias.name for alias in selectors.aliases_of(kept)] == ["海河数码"]
    assert selectors.shop_of(who=build.a_citizen(), public_id=gone.public_id) == kept
    assert found("海河数码") == ["海河示例数码店"]
    merged = events.of(gone).get(name="shop.merged")
    assert (merged.payload["into"], merged.payload["facts"]) == (kept.public_id, [fact.pk])


def test_a_merge_is_refused_and_changes_nothing() -> None:
    keeper, kept, gone = build.staff(Role.DISPATCHER), build.a_shop(), a_provisional()
    pledged = build_publicity.a_listed_pledge().shop
    other = a_provisional("别家")
    told = (
        ("stale", {"shop_id": gone.pk, "into_id": kept.pk, "version": gone.version + 1}),
        ("same_shop", {"shop_id": gone.pk, "into_id": gone.pk, "version": gone.version}),
        ("not_registered", {"shop_id": gone.pk, "into_id": other.pk, "version": gone.version}),
        ("has_pledge", {"shop_id": pledged.pk, "into_id": kept.pk, "version": pledged.version}),
    )
    for code, arguments in told:
        with pytest.raises(Refused) as refusal:
            shops.merge(**arguments, who=keeper)
        assert refusal.value.code == code
    assert not Shop.objects.filter(state=Shop.State.MERGED).exists()
    assert not Event.objects.filter(name="shop.merged").exists()
    assert ShopAlias.objects.count() == 0


def test_a_look_up_says_how_many_it_does_not_list_and_finds_by_district() -> None:
    for number in range(5):
        build.a_shop(name=f"示例百货第{number}店", address=f"示例路 {number} 号")
    build.a_shop(name="示例百货远郊店", district="120116", address="示例街 1 号")
    jobs.drain()
    page = selectors.look_up(who=build.a_citizen(), text="百货", limit=4)
    assert (len(page.hits), page.total, page.more) == (4, 6, 2)
    assert found("滨海 百货") == ["示例百货远郊店"]
    assert selectors.look_up(who=build.a_citizen(), text="  ").more == 0


def test_a_hit_carries_the_plate_as_it_stands_at_this_moment() -> None:
    pledge = build_publicity.a_listed_pledge(build.a_shop(name="五大道示例服饰"))
    jobs.drain()
    hit = selectors.look_up(who=build.a_citizen(), text="五大道").hits[0]
    assert hit.badge is not None
    assert (hit.badge.state, hit.badge.is_live) == ("active", True)

    pledges.suspend(
        pledge_id=pledge.pk, who=build_publicity.a_scheme_officer(), version=pledge.version, reason="两次没有答复投诉"
    )

    hit = selectors.look_up(who=build.a_citizen(), text="五大道").hits[0]
    assert hit.badge is not None
    assert (hit.badge.state, hit.badge.is_live) == ("suspended", False)


def test_the_index_follows_the_register_as_soon_as_its_job_has_run() -> None:
    pledge = build_publicity.a_listed_pledge()
    jobs.drain()
    active = search.Query(filters={"badge": frozenset({"active"})})
    assert search.get_index("shops").count(active) == 1

    pledges.delist(
        pledge_id=pledge.pk, who=build_publicity.a_scheme_approver(), version=pledge.version, reason="拒绝履行退货承诺"
    )
    jobs.drain()

    assert search.get_index("shops").count(active) == 0
    assert search.get_index("shops").count(search.Query()) == 1


def test_the_index_can_be_built_anew_from_the_register() -> None:
    build.a_shop(name="海河示例数码店")
    a_provisional()

    assert search.rebuild("shops") == 1
    assert found("海河") == ["海河示例数码店"]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "merged"}, "merged_shops_point_somewhere"),
        ({"merged_on": "2026-11-01"}, "merged_shops_point_somewhere"),
    ],
)
def test_the_database_knows_what_merged_means(changes: dict[str, str], constraint: str) -> None:
    shop = build.a_shop()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(**changes)


def test_the_database_lets_nobody_verify_themselves() -> None:
    shop, person = build.a_shop(), build.a_citizen()

    with pytest.raises(IntegrityError, match="nobody_verifies_themselves"), transaction.atomic():
        ShopContact.objects.create(
            shop=shop, user=person, verified_by=person, method="letter", verified_at=shop.created_at
        )
