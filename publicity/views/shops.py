"""Shops as everybody may look them up: search, one shop, and the page behind the code on a plate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel import access, clock, regions
from portal.kernel.errors import Refused
from publicity import labels
from publicity.forms.shops import ShopSearchForm
from publicity.selectors import badges, pledges, shop_record
from publicity.selectors import shops as selectors
from publicity.sparks import spark


@access.public
@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    """The look-up: name, former name, address or credit code; each hit with its plate as it stands now."""
    form = ShopSearchForm(request.GET)
    wanted = form.wanted()
    try:
        page = selectors.find_shops(
            who=request.user,
            text=wanted["q"],
            district=wanted["district"],
            badge=wanted["plate"],
            after=wanted["after"],
        )
        refused = None
    except Refused as caught:
        page, refused = None, caught
    context = {
        "nav": "shops",
        "wanted": wanted,
        "page": page,
        "refused": refused,
        "districts": regions.city().districts,
    }
    return render(request, "publicity/shops.html", context, status=refused.status if refused else 200)


@access.public
@never_cache
@require_safe
def shop(request: HttpRequest, public_id: str) -> HttpResponse:
    """One shop: its plate as it stands this minute, its promises, its published complaints, the plate's history."""
    found = selectors.shop_of(who=request.user, public_id=public_id)
    if found.public_id != public_id:
        return redirect("publicity:shop", found.public_id)
    record = shop_record.record_of_shop(who=request.user, shop=found)
    context = {
        "nav": "shops",
        "shop": found,
        "place": selectors.place_of(found),
        "trade": next((row.label for row in regions.city().trades if row.code == found.trade), ""),
        "aliases": selectors.aliases_of(found),
        "badge": badges.badge_of(found),
        "record": record,
        "sparks": {name: spark(series) for name, series in record.monthly.items()},
        "history": pledges.history_of(found),
        "words": labels.words(),
        "now": clock.now(),
    }
    return render(request, "publicity/shop.html", context)


@access.public
@never_cache
@require_safe
def badge(request: HttpRequest, serial: str) -> HttpResponse:
    """What the plate with this number is worth at this minute; a number that was never given is said to be none."""
    try:
        found, plate = badges.plate(who=request.user, serial=serial)
    except Refused as refused:
        return render(request, "publicity/badge_unknown.html", {"serial": serial}, status=refused.status)
    context = {
        "nav": "shops",
        "shop": found,
        "badge": plate,
        "newest": badges.badge_of(found),
        "place": selectors.place_of(found),
        "shop_url": reverse("publicity:shop", args=[found.public_id]),
        "now": clock.now(),
    }
    return render(request, "publicity/badge.html", context)
