"""The merchant's side: what waits for an answer, and each case as far as a shop may know it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints.rules import CLAIMS
from complaints.selectors import mine as selectors
from complaints.selectors.cases import case_open_to
from complaints.selectors.timeline import Side, Whose, timeline
from portal.kernel import access
from portal.kernel.errors import not_found
from publicity.selectors.badges import badge_of
from publicity.selectors.shops import shops_of


@access.merchant
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this person's shops have to do, those due first on top, and what was just finished."""
    told = selectors.cases_of_shops(request.user)
    shops = [(shop, badge_of(shop)) for shop in shops_of(request.user)]
    context = {
        "nav": "merchant",
        "mine": [row for row in told if row.is_due(Whose.SHOP)],
        "others": [row for row in told if row.is_open and not row.is_due(Whose.SHOP)],
        "done": [row for row in told if not row.is_open and not row.is_due(Whose.SHOP)][:10],
        "shops": shops,
    }
    return render(request, "complaints/merchant_home.html", context)


@access.merchant
@never_cache
@require_safe
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case against a shop of this person: the matter, the claim, whose turn it is; never who the consumer is."""
    found = case_open_to(who=request.user, public_id=public_id)
    if found.shop is None or not shops_of(request.user).filter(pk=found.shop.pk).exists():
        raise not_found()
    context = {
        "nav": "merchant",
        "case": found,
        "story": timeline(who=request.user, case=found, side=Side.SHOP),
        "handed_in": selectors.handed_in(who=request.user, case=found),
        "facts": selectors.facts_for(found, masked=True),
        "claims": [CLAIMS[claim] for claim in found.claims if claim in CLAIMS],
        "evidence": found.evidence.count(),
        "is_open": found.state not in selectors.ENDED,
    }
    return render(request, "complaints/merchant_case.html", context)
