"""The shops of the demo city, who speaks for them, and their plates."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from stdnum.cn import uscc

from portal.demo.people import People
from portal.demo.words import SHOPS, ShopWords
from portal.kernel import clock, identifiers, people
from portal.kernel.models import User
from publicity.models import Shop
from publicity.services import pledges, shops

COMMITMENTS = (
    "明码标价，结账金额与标价一致。\n商品与宣传一致，假一赔三。\n售出商品七日内完好无损可以退换。\n"
    "消费者投诉当天答复，五日内办结。"
)


@dataclass
class DemoShop:
    """One shop with the person who speaks for it."""

    shop: Shop
    contact: User


def _code(district: str, number: int) -> str:
    body = f"MADEM{number:03d}"
    first = f"91{district}{body}{identifiers.organisation_check(body)}"
    return first + str(uscc.calc_check_digit(first))


def _plate(row: DemoShop, crowd: People, at: datetime) -> None:
    with clock.standing_at(at):
        pledge = pledges.apply(shop_id=row.shop.pk, scheme="honest", commitments=COMMITMENTS, who=row.contact)
    with clock.standing_at(at + timedelta(days=6)):
        pledge = pledges.check(pledge_id=pledge.pk, who=crowd.staff["scheme-officer"], version=pledge.version)
    with clock.standing_at(at + timedelta(days=9)):
        pledges.approve(pledge_id=pledge.pk, who=crowd.staff["scheme-approver"], version=pledge.version)


def open_shops(crowd: People, now: datetime, chance: random.Random) -> list[DemoShop]:
    """Register every shop, verify its contact, hang the plates; one is suspended, one taken down, one applied for."""
    found: list[DemoShop] = []
    opened = now - timedelta(days=420)
    for number, words in enumerate(SHOPS, 1):
        with clock.standing_at(opened):
            row = _open(words, number, crowd)
        found.append(row)
    pledged = [row for row, words in zip(found, SHOPS, strict=True) if words.has_pledge]
    for place, row in enumerate(pledged[:-1]):
        _plate(row, crowd, opened + timedelta(days=20 + 9 * place))
    _change(pledged, crowd, now)
    return found


def _open(words: ShopWords, number: int, crowd: People) -> DemoShop:
    shop = shops.register(
        name=words.name,
        uscc=_code(words.district, number),
        district=words.district,
        address=words.address,
        signboard=words.signboard,
        trade=words.trade,
        phone=f"022-0000-{1000 + number}",
    )
    if words.alias:
        shops.add_alias(shop_id=shop.pk, name=words.alias, who=crowd.staff["scheme-officer"])
    contact = people.citizen(f"1390000{number:04d}")
    shops.verify_contact(shop_id=shop.pk, user_id=contact.pk, method="licence", who=crowd.staff["scheme-officer"])
    contact.refresh_from_db()
    return DemoShop(shop, contact)


def _change(pledged: list[DemoShop], crowd: People, now: datetime) -> None:
    suspended, delisted, applying = pledged[2], pledged[3], pledged[-1]
    with clock.standing_at(now - timedelta(days=12)):
        row = suspended.shop.pledges.get()
        pledges.suspend(
            pledge_id=row.pk,
            who=crowd.staff["scheme-officer"],
            version=row.version,
            reason="两次没有按时答复投诉，整改中",
        )
    with clock.standing_at(now - timedelta(days=40)):
        row = delisted.shop.pledges.get()
        pledges.delist(
            pledge_id=row.pk,
            who=crowd.staff["scheme-approver"],
            version=row.version,
            reason="违反承诺，拒绝履行退货承诺三次",
        )
    with clock.standing_at(now - timedelta(days=3)):
        pledges.apply(shop_id=applying.shop.pk, scheme="honest", commitments=COMMITMENTS, who=applying.contact)
