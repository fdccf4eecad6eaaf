"""Shops: registered by staff and imports, provisional by consumers, merged when two turn out to be one."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.kernel import clock, events, identifiers, jobs, regions
from portal.kernel.access import Who, require
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User
from publicity.access import KEEPER_ROLES
from publicity.models import CaseFact, Disclosure, Pledge, Shop, ShopAlias, ShopContact
from publicity.rules import search_key
from publicity.services import disclosures

LIVE_PLEDGES = (Pledge.State.SUBMITTED, Pledge.State.CHECKED, Pledge.State.ACTIVE, Pledge.State.SUSPENDED)
INDEX_BATCH = 200


def reindex(shop_ids: Iterable[int]) -> None:
    """Owe the public index a fresh look at these shops."""
    ids = list(shop_ids)
    for start in range(0, len(ids), INDEX_BATCH):
        jobs.owe("publicity.index_shops", shop_ids=ids[start : start + INDEX_BATCH])


def _tidy(text: str, *, field: str, most: int, needed: bool = False) -> str:
    tidied = " ".join(text.split())
    if needed and not tidied:
        raise Refused("shop_name", _("请写商家的名称。"), field=field)
    if len(tidied) > most:
        raise Refused("too_long", _("最多写 {most} 个字。").format(most=most), field=field)
    return tidied


def _known_district(district: str) -> str:
    if district not in regions.city().district_codes:
        raise Refused("district", _("请选择商家所在的区。"), field="district")
    return district


@transaction.atomic
def register_provisional(*, name: str, address: str, district: str, phone: str = "") -> Shop:
    """The shop a consumer names when the register does not know it: kept as written, shown to staff until verified.

    The same name at the same address in the same district is the same provisional shop.
    """
    name = _tidy(name, field="shop_name", most=120, needed=True)
    address = _tidy(address, field="shop_address", most=200)
    key = search_key(name)
    alike = Shop.objects.filter(state=Shop.State.PROVISIONAL, search_key=key, district=_known_district(district))
    for shop in alike.order_by("pk"):
        if search_key(shop.address) == search_key(address):
            return shop
    shop = Shop.objects.create(
        name=name,
        address=address,
        district=district,
        phone=_tidy(phone, field="shop_phone", most=40),
        search_key=key,
        created_at=clock.now(),
    )
    events.record("shop.named", shop, district=district)
    return shop


@transaction.atomic
def register(
    *,
    name: str,
    uscc: str,
    district: str,
    address: str,
    signboard: str = "",
    trade: str = "",
    phone: str = "",
) -> Shop:
    """A shop whose credit code is known. The public finds it within a minute.

    Refused: `uscc`, `shop_name`, `too_long`, `district`, `trade` (each on its field), `shop_known` when this door is
    already registered under that code.
    """
    shop = enter(
        name=name, uscc=uscc, district=district, address=address, signboard=signboard, trade=trade, phone=phone
    )
    reindex([shop.pk])
    return shop


@transaction.atomic
def enter(
    *, name: str, uscc: str, district: str, address: str, signboard: str = "", trade: str = "", phone: str = ""
) -> Shop:
    """What `register` does, for callers who tell the index of many shops at once."""
    if trade and trade not in {row.code for row in regions.city().trades}:
        raise Refused("trade", _("没有这个行业。"), field="trade")
    shop = Shop(
        state=Shop.State.KNOWN,
        name=_tidy(name, field="name", most=120, needed=True),
        signboard=_tidy(signboard, field="signboard", most=120),
        uscc=identifiers.credit_code(uscc).code,
        district=_known_district(district),
        address=_tidy(address, field="address", most=200),
        phone=_tidy(phone, field="phone", most=40),
        trade=trade,
        created_at=clock.now(),
    )
    shop.search_key = search_key(shop.name, shop.signboard)
    try:
        with transaction.atomic():
            shop.save(force_insert=True)
    except IntegrityError:
        raise Refused("shop_known", _("这家店已经登记过：同一个代码、招牌和地址。"), field="uscc") from None
    events.record("shop.registered", shop, uscc=shop.uscc, district=district)
    return shop


@transaction.atomic
def add_alias(*, shop_id: int, name: str, who: Who) -> ShopAlias:
    """Another name under which people look for the shop; adding the same one again changes nothing."""
    keeper = require(who, *KEEPER_ROLES)
    shop = Shop.objects.select_for_update().get(pk=shop_id)
    name = _tidy(name, field="alias", most=120, needed=True)
    alias, is_new = ShopAlias.objects.get_or_create(shop=shop, name=name, defaults={"search_key": search_key(name)})
    if is_new:
        events.record("shop.alias_added", shop, actor=keeper, alias=alias.pk)
        reindex([shop.pk])
    return alias


@transaction.atomic
def verify_contact(*, shop_id: int, user_id: int, method: str, who: Who) -> ShopContact:
    """Let a person speak for a shop, after a code sent by letter or a licence that *who* has seen.

    From then on they come in as a merchant and find every open matter of the shop. Verifying the same person again
    answers the first row. Refused: `method`, `shop_not_verified` for a provisional shop, `same_person`, `staff`.
    """
    keeper = require(who, *KEEPER_ROLES)
    shop = Shop.objects.select_for_update().get(pk=shop_id)
    user = User.objects.select_for_update().get(pk=user_id)
    if method not in ShopContact.Method.values:
        raise Refused("method", _("请选择核对的方式。"), field="method")
    if shop.state != Shop.State.KNOWN:
        raise Refused("shop_not_verified", _("这家店还没有核实，先核实或者并入已登记的商家。"))
    if user.pk == keeper.pk:
        raise Refused("same_person", _("不能给自己核对。"))
    if user.kind not in (User.Kind.CITIZEN, User.Kind.MERCHANT):
        raise Refused("staff", _("工作人员和接口账户不能代表商家。"), field="phone")
    known = ShopContact.objects.filter(shop=shop, user=user, ended_at=None).first()
    if known is not None:
        return known
    if user.kind == User.Kind.CITIZEN:
        user.kind = User.Kind.MERCHANT
        user.save(update_fields=["kind"])
    contact = ShopContact.objects.create(
        shop=shop, user=user, method=method, verified_by=keeper, verified_at=clock.now()
    )
    events.record("shop.contact_verified", shop, actor=keeper, contact=contact.pk, user=user.public_id, method=method)
    return contact


@transaction.atomic
def end_contact(*, shop_id: int, contact_id: str, who: Who) -> ShopContact:
    """Let a person no longer speak for a shop; from now on they see none of its matters.

    *contact_id* is the public id of the contact. Refused: `not_found` when the shop has no such contact.
    """
    keeper = require(who, *KEEPER_ROLES)
    shop = Shop.objects.select_for_update().get(pk=shop_id)
    contact = ShopContact.objects.filter(public_id=contact_id, shop=shop).first()
    if contact is None:
        raise not_found()
    if contact.ended_at is None:
        contact.ended_at = clock.now()
        contact.save(update_fields=["ended_at"])
        events.record("shop.contact_ended", shop, actor=keeper, contact=contact.pk)
    return contact


@transaction.atomic
def merge(*, shop_id: int, into_id: int, who: Who, version: int) -> Shop:
    """Two shops are one: the first becomes a signpost to the second and its facts and records go over.

    The event names what went over, so that the step can be taken back. Its names become aliases. Refused: `same_shop`,
    `stale`, `shop_merged` when either was merged before, `not_registered` when the second is not a known shop,
    `has_pledge` while the first holds or asks for a plate.
    """
    keeper = require(who, *KEEPER_ROLES)
    if shop_id == into_id:
        raise Refused("same_shop", _("不能把一家店并入它自己。"), field="into")
    rows = {row.pk: row for row in Shop.objects.select_for_update().filter(pk__in=(shop_id, into_id)).order_by("pk")}
    gone, kept = rows[shop_id], rows[into_id]
    check_version(gone, version)
    if Shop.State.MERGED in (gone.state, kept.state):
        raise Refused("shop_merged", _("其中一家已经并入别的商家，请刷新页面。"), field="into")
    if kept.state != Shop.State.KNOWN:
        raise Refused("not_registered", _("只能并入已核实的商家。"), field="into")
    if Pledge.objects.filter(shop=gone, state__in=LIVE_PLEDGES).exists():
        raise Refused("has_pledge", _("这家店有承诺店牌子或者申请，不能并入别家。"))
    facts = list(CaseFact.objects.filter(shop=gone).order_by("pk").values_list("pk", flat=True))
    records = list(Disclosure.objects.filter(shop=gone).order_by("pk").values_list("pk", flat=True))
    CaseFact.objects.filter(pk__in=facts).update(shop=kept)
    disclosures.move_to_shop(disclosure_ids=records, shop=kept)
    for name in filter(None, (gone.name, gone.signboard)):
        _keep_name(kept, name)
    gone.state = Shop.State.MERGED
    gone.merged_into = kept
    gone.merged_on = clock.today()
    gone.version += 1
    gone.save()
    events.record("shop.merged", gone, actor=keeper, into=kept.public_id, facts=facts, records=records)
    reindex([gone.pk, kept.pk])
    return kept


def _keep_name(shop: Shop, name: str) -> None:
    key = search_key(name)
    already = Q(search_key=key) & Q(shop=shop)
    if key in shop.search_key.split() or ShopAlias.objects.filter(already).exists():
        return
    ShopAlias.objects.create(shop=shop, name=name, search_key=key)
