"""Offers from a party's side: all of them, one of them, a new one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mediation.forms.talks import OfferForm
from mediation.models import Offer
from mediation.selectors import offer_pages
from mediation.selectors.offer_pages import OfferPage
from mediation.services import offers as services
from portal.kernel import access, money
from portal.kernel.errors import Refused, into


def _try(form: OfferForm, act: Callable[..., Offer], **target: object) -> Offer | None:
    if not form.is_valid():
        return None
    try:
        said = dict(form.cleaned_data)
        amount_fen = money.fen_from_yuan(said.pop("amount"))
        return act(amount_fen=amount_fen, **said, **target)
    except Refused as refused:
        into(form, refused)
        return None


@access.party
@require_GET
def offers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every offer so far, and how far apart the two sides are."""
    page = offer_pages.table_open_to(who=request.user, public_id=public_id)
    return render(request, "mediation/offers.html", {"page": page, "nav": page.nav})


@access.party
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new offer."""
    page = offer_pages.table_open_to(who=request.user, public_id=public_id)
    form = OfferForm(request.POST or None)
    made = _try(form, services.make, mediation_id=page.mediation.pk, who=request.user) if request.POST else None
    if made is not None:
        return redirect("mediation:room", public_id)
    return _form(request, page, form)


@access.party
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another offer in place of the one that waits for an answer."""
    page = offer_pages.offer_page_open_to(who=request.user, public_id=public_id)
    form = OfferForm(request.POST or None)
    made = _try(form, services.counter, offer_id=page.offer_id, who=request.user) if request.POST else None
    if made is not None:
        return redirect("mediation:room", page.mediation.public_id)
    return _form(request, page, form)


def _form(request: HttpRequest, page: OfferPage, form: OfferForm) -> HttpResponse:
    context = {"page": page, "form": form, "nav": page.nav}
    return render(request, "mediation/offer_form.html", context, status=422 if form.errors else 200)


@access.party
@require_GET
def offer(request: HttpRequest, public_id: str) -> HttpResponse:
    """One offer: what it says, and what the reader may do with it."""
    page = offer_pages.offer_page_open_to(who=request.user, public_id=public_id)
    return render(request, "mediation/offer.html", {"page": page, "nav": page.nav})


def _answer(request: HttpRequest, public_id: str, act: Callable[..., Offer]) -> HttpResponse:
    page = offer_pages.offer_page_open_to(who=request.user, public_id=public_id)
    act(offer_id=page.offer_id, who=request.user)
    return redirect("mediation:room", page.mediation.public_id)


@access.party
@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept the other side's offer."""
    return _answer(request, public_id, services.accept)


@access.party
@require_POST
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do not accept the other side's offer."""
    return _answer(request, public_id, services.decline)


@access.party
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own offer back."""
    return _answer(request, public_id, services.withdraw)
