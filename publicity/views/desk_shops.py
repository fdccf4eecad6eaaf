"""The desk where staff tell one shop from another: register, verify a contact, name, merge."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import access, identifiers, people, regions
from portal.kernel.errors import Refused, into
from publicity.access import KEEPER_ROLES
from publicity.forms.shops import AliasForm, ContactForm, MergeForm, RegisterShopForm
from publicity.models import Shop
from publicity.selectors import badges
from publicity.selectors import shops as selectors
from publicity.services import shops as services

keepers = access.staff(*KEEPER_ROLES)
SHOWN = 50


@keepers
@require_safe
def desk_shops(request: HttpRequest) -> HttpResponse:
    """Registered shops by name or code, and the provisional ones that still need somebody to look."""
    text = request.GET.get("q", "")[:100]
    unverified = selectors.unverified(who=request.user, text=text)
    context = {
        "q": text,
        "found": selectors.look_up(who=request.user, text=text, limit=20),
        "waiting": unverified.count(),
        "provisional": unverified[:SHOWN],
        "districts": {row.code: row.label for row in regions.city().districts},
    }
    return render(request, "publicity/desk/shops.html", context)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def desk_shop_new(request: HttpRequest) -> HttpResponse:
    """Register a shop from its licence."""
    form = RegisterShopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            shop = services.register(**form.cleaned_data)
        except Refused as refused:
            into(form, refused)
        else:
            messages.success(request, _("已登记，一分钟内可以查到。"))
            return redirect("publicity:desk_shop", shop.public_id)
    return render(request, "publicity/desk/shop_new.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, shop: Shop, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "shop": shop,
        "badge": badges.badge_of(shop),
        "place": selectors.place_of(shop),
        "aliases": selectors.aliases_of(shop),
        "contacts": selectors.contact_rows(who=request.user, shop=shop),
        "contact_form": ContactForm(),
        "alias_form": AliasForm(),
        "merge_form": MergeForm(initial={"version": shop.version}),
        **forms,
    }
    return render(request, "publicity/desk/shop.html", context, status=status)


@keepers
@require_safe
def desk_shop(request: HttpRequest, public_id: str) -> HttpResponse:
    """One shop with its names and contacts."""
    shop = selectors.shop_of(who=request.user, public_id=public_id)
    if shop.public_id != public_id:
        return redirect("publicity:desk_shop", shop.public_id)
    return _page(request, shop)


@keepers
@require_POST
def desk_shop_contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a person speak for the shop."""
    shop = selectors.shop_of(who=request.user, public_id=public_id)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            services.verify_contact(
                shop_id=shop.pk,
                user_id=people.citizen(form.cleaned_data["phone"]).pk,
                method=form.cleaned_data["method"],
                who=request.user,
            )
        except Refused as refused:
            into(form, refused)
        else:
            messages.success(request, _("联系人已核对，可以用这个手机号登录商家页面。"))
            return redirect("publicity:desk_shop", shop.public_id)
    return _page(request, shop, status=422, contact_form=form)


@keepers
@require_POST
def desk_shop_contact_end(request: HttpRequest, public_id: str, contact: str) -> HttpResponse:
    """A person no longer speaks for the shop."""
    shop = selectors.shop_of(who=request.user, public_id=public_id)
    services.end_contact(shop_id=shop.pk, contact_id=contact, who=request.user)
    return redirect("publicity:desk_shop", shop.public_id)


@keepers
@require_POST
def desk_shop_alias(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another name."""
    shop = selectors.shop_of(who=request.user, public_id=public_id)
    form = AliasForm(request.POST)
    if form.is_valid():
        try:
            services.add_alias(shop_id=shop.pk, name=form.cleaned_data["alias"], who=request.user)
            return redirect("publicity:desk_shop", shop.public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, shop, status=422, alias_form=form)


@keepers
@require_POST
def desk_shop_merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """This shop is that one."""
    shop = selectors.shop_of(who=request.user, public_id=public_id)
    form = MergeForm(request.POST)
    if form.is_valid():
        try:
            into_id = selectors.only_shop_of_code(identifiers.credit_code(form.cleaned_data["into"], field="into").code)
            kept = services.merge(
                shop_id=shop.pk, into_id=into_id, who=request.user, version=form.cleaned_data["version"]
            )
        except Refused as refused:
            into(form, refused)
            shop.refresh_from_db()
            form.take_version(shop.version)
        else:
            messages.success(request, _("已并入。原来的页面会转到这里。"))
            return redirect("publicity:desk_shop", kept.public_id)
    return _page(request, shop, status=422, merge_form=form)
