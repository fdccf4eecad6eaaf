"""A shop's contact applies for the city's pledge scheme and finds the plate to put up."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.kernel import access, documents, regions
from portal.kernel.errors import Refused, into
from publicity.forms.shops import PledgeForm
from publicity.models import Pledge, Shop
from publicity.rules import REAPPLY_MONTHS_AFTER_FRAUD
from publicity.selectors import badges
from publicity.selectors import pledges as selectors
from publicity.selectors.shops import shops_of
from publicity.services import pledges as services

OPEN = (Pledge.State.SUBMITTED, Pledge.State.CHECKED)


@dataclass(frozen=True)
class ShopCard:
    """One of the person's shops: its newest pledge, its plate with the code to scan, and whether it may apply."""

    shop: Shop
    pledge: Pledge | None
    badge: badges.Badge | None
    badge_url: str
    qr: SafeString
    wait_until: date | None
    may_apply: bool


def _card(shop: Shop, pledge: Pledge | None) -> ShopCard:
    badge = badges.badge_of(shop)
    path = reverse("publicity:badge", args=[badge.serial]) if badge else ""
    wait_until = selectors.may_apply_again_on(shop, regions.city().open_scheme.code)
    is_listed = badge is not None and badge.state in (badges.BadgeState.ACTIVE, badges.BadgeState.SUSPENDED)
    is_open = pledge is not None and pledge.state in OPEN
    return ShopCard(
        shop=shop,
        pledge=pledge,
        badge=badge,
        badge_url=path,
        qr=documents.qr_svg(settings.ORIGIN + path, label=_("牌子上的二维码")) if path else SafeString(""),
        wait_until=wait_until,
        may_apply=not (is_open or is_listed or wait_until),
    )


def _page(request: HttpRequest, form: PledgeForm | None = None) -> HttpResponse:
    newest: dict[int, Pledge] = {}
    for pledge in selectors.pledges_of(request.user):
        newest.setdefault(pledge.shop_id, pledge)
    cards = [_card(shop, newest.get(shop.pk)) for shop in shops_of(request.user)]
    free = [card.shop for card in cards if card.may_apply]
    initial: dict[str, Any] = {"shop": free[0].public_id, "trade": free[0].trade} if free else {}
    context = {
        "nav": "pledge",
        "cards": cards,
        "fraud_months": REAPPLY_MONTHS_AFTER_FRAUD,
        "form": form or (PledgeForm(shops=free, initial=initial) if free else None),
    }
    return render(request, "publicity/merchant_pledge.html", context, status=422 if form else 200)


@access.merchant
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merchant_pledge(request: HttpRequest) -> HttpResponse:
    """The shops this person speaks for, where their pledges stand, and the application."""
    if request.method != "POST":
        return _page(request)
    mine = {shop.public_id: shop for shop in shops_of(request.user)}
    form = PledgeForm(request.POST, shops=list(mine.values()))
    if form.is_valid():
        try:
            services.apply(
                shop_id=mine[form.cleaned_data["shop"]].pk,
                scheme=regions.city().open_scheme.code,
                commitments=form.cleaned_data["commitments"],
                trade=form.cleaned_data["trade"],
                who=request.user,
            )
        except Refused as refused:
            into(form, refused)
        else:
            messages.success(request, _("申请已收到。先由经办人初核，再由另一人批准，结果会发到您的消息里。"))
            return redirect("publicity:merchant_pledge")
    return _page(request, form)
