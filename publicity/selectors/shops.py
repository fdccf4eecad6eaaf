"""Shops as the public, merchants and staff find them. What consumers wrote about an unknown shop stays with staff."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from portal.kernel import regions, search
from portal.kernel.access import Who
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import User
from publicity import access
from publicity.models import Pledge, Shop, ShopAlias, ShopContact
from publicity.rules import code_prefix, core_of, search_key
from publicity.selectors.badges import Badge, badges_of

INDEX = "shops"
PAGE_SIZE = 20
MOST_WORDS = 12
SHORTEST_START = 3
MOST_STARTS = 4
AFTER_EVERY_CODE = "~"

search.declare(
    INDEX,
    text=("name", "others", "key", "address"),
    facets=("district", "badge"),
    dates=("since",),
    suggests=("name",),
)


@dataclass(frozen=True)
class ShopHit:
    """A shop that was found, with its plate as it stands at this moment."""

    shop: Shop
    badge: Badge | None

    @property
    def place(self) -> str:
        return place_of(self.shop)


@dataclass(frozen=True)
class ShopPage:
    """One page of shops, how many there are in all, and where the next page begins."""

    total: int
    hits: tuple[ShopHit, ...]
    next_cursor: str = ""

    @property
    def more(self) -> int:
        """How many were found beyond those on a first page."""
        return self.total - len(self.hits)


def place_of(shop: Shop) -> str:
    """Where a shop is, in words: its address, after the district where the address does not name it."""
    if regions.district_name(shop.district) in shop.address:
        return shop.address
    return "，".join(filter(None, (regions.district_label(shop.district), shop.address)))


def _with_names(shops: QuerySet[Shop]) -> QuerySet[Shop]:
    plates = Pledge.objects.exclude(serial="").order_by("valid_from", "pk")
    return shops.prefetch_related("aliases", Prefetch("pledges", queryset=plates, to_attr="plates"))


def record_of(shop: Any) -> dict[str, Any]:
    """What the public index holds of a known shop (from `_with_names`)."""
    aliases = [alias.name for alias in shop.aliases.all()]
    newest = shop.plates[-1] if shop.plates else None
    return {
        "id": shop.public_id,
        "name": str(shop),
        "others": " / ".join([shop.name, *aliases]),
        "key": search_key(shop.name, shop.signboard, *aliases),
        "address": f"{regions.district_name(shop.district)} {shop.address}",
        "district": shop.district,
        "badge": newest.state if newest else "",
        "since": newest.valid_from if newest else None,
    }


def records_of(shop_ids: Iterable[int]) -> list[dict[str, Any]]:
    """The index records of those of these shops that the public may find."""
    return [record_of(shop) for shop in _with_names(Shop.objects.filter(pk__in=shop_ids, state=Shop.State.KNOWN))]


def all_records() -> Iterator[dict[str, Any]]:
    """Every shop the public may find, for building the index anew."""
    shops = _with_names(Shop.objects.filter(state=Shop.State.KNOWN).order_by("pk"))
    return (record_of(shop) for shop in shops.iterator(chunk_size=1000))


search.source(INDEX, all_records, fed_by=("publicity.index_shops",))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))[:MOST_WORDS]


def _attempts(text: str) -> list[str]:
    words = _words(text[:100])
    cores = [core_of(word) for word in words]
    shorter = (
        [cores[0][:length] for length in range(len(cores[0]) - 1, SHORTEST_START - 1, -1)] if len(cores) == 1 else []
    )
    return list(dict.fromkeys(filter(None, [" ".join(words), " ".join(cores), *shorter[:MOST_STARTS]])))


def _hits(shops: list[Shop]) -> tuple[ShopHit, ...]:
    badges = badges_of(shops)
    return tuple(ShopHit(shop, badges.get(shop.pk)) for shop in shops)


def find_shops(
    *, who: Who, text: str, district: str = "", badge: str = "", after: str = "", size: int = PAGE_SIZE
) -> ShopPage:
    """One page of registered shops by name, former name, signboard, address or credit code.

    A credit code or its beginning is looked up exactly. Of words each must occur somewhere; where nothing has them all,
    the city before a name and the kind of company behind it do not count, then the end of a single name does not.
    Without words: all shops, those with a plate first, the newest plates in front.
    """
    code = code_prefix(text)
    if code:
        shops = Shop.objects.filter(state=Shop.State.KNOWN, uscc__gte=code, uscc__lt=code + AFTER_EVERY_CODE)
        found = list(shops.order_by("uscc", "pk")[:size])
        if found:
            return ShopPage(shops.count(), _hits(found))
    filters = {name: frozenset({value}) for name, value in (("district", district), ("badge", badge)) if value}
    page = search.Page(0, (), {})
    for words in _attempts(text) if text.strip() else [""]:
        query = search.Query(text=words, filters=filters, sort="relevance" if words else "date", after=after, size=size)
        page = search.get_index(INDEX).query(query)
        if page.hits:
            break
    by_id = {
        shop.public_id: shop
        for shop in Shop.objects.filter(public_id__in=[hit.id for hit in page.hits], state=Shop.State.KNOWN)
    }
    ordered = [by_id[hit.id] for hit in page.hits if hit.id in by_id]
    return ShopPage(page.total, _hits(ordered), page.next_cursor)


def suggest(*, who: Who, text: str) -> list[str]:
    """Names of registered shops that hold *text*."""
    return search.get_index(INDEX).suggest(text)


def look_up(*, who: Who, text: str, limit: int = 10) -> ShopPage:
    """The best matches for a look-up field and how many there are in all; nothing for an empty text."""
    return find_shops(who=who, text=text, size=limit) if text.strip() else ShopPage(0, ())


def shop_of(*, who: Who, public_id: str) -> Shop:
    """The shop of that public id, or the one it was merged into; a provisional one only for staff who verify shops."""
    shop = Shop.objects.filter(public_id=public_id).order_by().first()
    while shop is not None and shop.merged_into is not None:
        shop = shop.merged_into
    if shop is None or (shop.state == Shop.State.PROVISIONAL and not access.keeps_shops(who)):
        raise not_found()
    return shop


def known_shop(*, who: Who, public_id: str) -> Shop | None:
    """The shop that a link names, as `shop_of` finds it; None where the link names none."""
    try:
        return shop_of(who=who, public_id=public_id) if public_id else None
    except Refused:
        return None


def shops_of(user: Who) -> QuerySet[Shop]:
    """The shops for which *user* is a verified contact."""
    if not isinstance(user, User):
        return Shop.objects.none()
    return Shop.objects.filter(access.spoken_for_by(user)).order_by("name", "pk")


def contacts_of(shop: Shop | int) -> QuerySet[User]:
    """The people who speak for a shop (or the shop of that key) today."""
    return User.objects.filter(shop_contacts__shop=shop, shop_contacts__ended_at=None).distinct().order_by("pk")


def contact_rows(*, who: Who, shop: Shop) -> QuerySet[ShopContact]:
    """For staff who verify shops: who speaks for it, how that was verified, by whom."""
    rows = ShopContact.objects.select_related("user", "verified_by").filter(shop=shop)
    return rows.order_by("-verified_at") if access.keeps_shops(who) else rows.none()


def aliases_of(shop: Shop) -> QuerySet[ShopAlias]:
    """The other names of a shop."""
    return ShopAlias.objects.filter(shop=shop).order_by("name")


def unverified(*, who: Who, text: str = "") -> QuerySet[Shop]:
    """For staff: shops that consumers named and nobody has verified yet, the newest first."""
    if not access.keeps_shops(who):
        return Shop.objects.none()
    rows = Shop.objects.filter(state=Shop.State.PROVISIONAL).order_by("-created_at", "-pk")
    return rows.filter(search_key__contains=search_key(text)) if search_key(text) else rows


def only_shop_of_code(uscc: str) -> int:
    """The one registered shop of a credit code. Refused (field into): `unknown_code`, `several_doors`."""
    found = list(Shop.objects.filter(uscc=uscc, state=Shop.State.KNOWN).values_list("pk", flat=True)[:2])
    if not found:
        raise Refused("unknown_code", _("没有登记过这个代码的商家，请先登记。"), field="into")
    if len(found) > 1:
        raise Refused("several_doors", _("这个代码有几家门店，请到要保留的那家店的页面上并入。"), field="into")
    return found[0]
