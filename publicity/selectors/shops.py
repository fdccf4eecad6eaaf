"""Finding shops by name, alias or credit code, with their live badge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from portal.kernel import search
from portal.kernel.access import Who
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import User
from publicity.models import Shop, ShopAlias, ShopContact
from publicity.selectors.badges import Badge, badges_of
from publicity.shop_rules import FEWEST_CHARS, search_key

INDEX = "shops"

search.declare(INDEX, text=("names", "address"), facets=("district",), dates=("created_on",), stored=("names",))


@dataclass(frozen=True)
class ShopHit:
    """One shop found, and what its plate says now."""

    shop: Shop
    badge: Badge | None


def record_of(shop: Shop) -> dict[str, Any]:
    """What the index of shops holds of one shop."""
    names = " ".join([shop.signboard, shop.name, shop.uscc, *(alias.name for alias in shop.aliases.all())])
    return {
        "id": shop.public_id,
        "version": shop.version,
        "names": names,
        "address": shop.address,
        "district": shop.district,
        "created_on": shop.created_at.date(),
    }


def all_records() -> Iterator[dict[str, Any]]:
    """Every shop that can be found, for building the index anew."""
    rows = Shop.objects.exclude(state=Shop.State.MERGED).prefetch_related("aliases").order_by("pk")
    return (record_of(row) for row in rows.iterator(chunk_size=1000))


search.source(INDEX, all_records)


def search_shops(*, who: Who, text: str, limit: int = 10) -> list[ShopHit]:
    """Shops whose name, alias, credit code or address fits, the closest first; provisional ones are not shown.

    Fewer than two characters find nothing. The badge is read from the register at this moment.
    """
    key = search_key(text)
    if len(key) < FEWEST_CHARS:
        return []
    public = Shop.objects.filter(state=Shop.State.KNOWN)
    close = list(public.filter(search_key__startswith=key).order_by("search_key", "pk")[:limit])
    if len(close) < limit:
        aliases = ShopAlias.objects.filter(search_key__contains=key, shop__state=Shop.State.KNOWN)
        close += list(public.filter(pk__in=aliases.values("shop_id")[: limit * 2]).order_by("pk"))
    if len(close) < limit:
        close += _from_the_index(public, text, limit)
    unique = list({shop.pk: shop for shop in close}.values())[:limit]
    badges = badges_of([shop.pk for shop in unique])
    return [ShopHit(shop, badges.get(shop.pk)) for shop in unique]


def _from_the_index(public: QuerySet[Shop], text: str, limit: int) -> list[Shop]:
    words = " ".join(part.replace(":", " ").replace('"', " ").lstrip("-") for part in text.split())
    try:
        page = search.get_index(INDEX).query(search.Query(text=words, sort="relevance", size=limit * 2))
    except Refused:
        return []
    order = {hit.id: place for place, hit in enumerate(page.hits)}
    return sorted(public.filter(public_id__in=order), key=lambda shop: order[shop.public_id])


def shop_of(*, who: Who, public_id: str) -> Shop:
    """One public shop; a merged one answers with where it went; a provisional one is not public."""
    aliases = Prefetch("aliases", ShopAlias.objects.order_by("pk"))
    shop = Shop.objects.prefetch_related(aliases).filter(public_id=public_id).first()
    while shop is not None and shop.merged_into is not None:
        shop = shop.merged_into
    if shop is None or shop.state != Shop.State.KNOWN:
        raise not_found()
    return shop


def shops_of(user: Who) -> QuerySet[Shop]:
    """The shops for which this person speaks."""
    if not isinstance(user, User):
        return Shop.objects.none()
    return Shop.objects.filter(contacts__user=user, contacts__ended_at=None).distinct().order_by("pk")


def contacts_of(shop: Shop | None) -> QuerySet[ShopContact]:
    """The verified people who speak for a shop today."""
    return ShopContact.objects.filter(shop=shop, ended_at=None, shop__isnull=False).select_related("user")
