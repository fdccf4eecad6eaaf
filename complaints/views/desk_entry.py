"""Entry for the telephone and the window, and completing what came incomplete."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from complaints.access import HUB_ROLES
from complaints.forms.entry import CompleteForm, EntryForm
from complaints.models import Case
from complaints.selectors.cases import case_open_to
from complaints.services import entry
from portal.kernel import access, crypto
from portal.kernel.errors import Refused, into
from publicity.models import Shop
from publicity.selectors.shops import look_up, shop_of

at_the_hub = access.staff(*HUB_ROLES)


@at_the_hub
@require_GET
def desk_entry(request: HttpRequest) -> HttpResponse:
    """First: which shop. It can be looked up or be unknown."""
    return render(request, "complaints/desk/entry_shop.html", _found(request))


def _found(request: HttpRequest) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()
    return {"text": text, "found": look_up(who=request.user, text=text)}


def _shop(request: HttpRequest) -> Shop | None:
    public_id = request.GET.get("shop", "")
    return shop_of(who=request.user, public_id=public_id) if public_id else None


@at_the_hub
@require_http_methods(["GET", "POST"])
@never_cache
def desk_entry_form(request: HttpRequest) -> HttpResponse:
    """Then: everything else, on one page, as the consumer tells it."""
    shop = _shop(request)
    form = EntryForm(request.POST, shop=shop) if request.method == "POST" else EntryForm.fresh(shop)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            case = entry.enter(
                filing=said["filing"],
                channel=said["channel"],
                was_read_back=said["was_read_back"],
                who=request.user,
                key=said["key"],
            )
        except Refused as refused:
            into(form, refused)
        else:
            messages.success(request, _("已登记，编号 {number}。请把编号告诉消费者。").format(number=case.number))
            return redirect("complaints:desk_case", case.public_id)
    status = 422 if form.errors else 200
    return render(request, "complaints/desk/entry.html", {"form": form, "shop": shop}, status=status)


@at_the_hub
@require_http_methods(["GET", "POST"])
@never_cache
def desk_complete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the consumer for what an order lacks, and make it a complaint."""
    case = case_open_to(who=request.user, public_id=public_id)
    shop = _shop(request)
    came = crypto.unseal(case, "facts_sealed")
    form = CompleteForm(request.POST, shop=shop) if request.method == "POST" else CompleteForm.begun(case, came, shop)
    if form.is_bound and form.is_valid():
        try:
            done = entry.complete_incomplete(
                case_id=case.pk,
                filing=form.cleaned_data["filing"],
                was_read_back=form.cleaned_data["was_read_back"],
                who=request.user,
                version=form.cleaned_data["version"],
            )
        except Refused as refused:
            into(form, refused)
        else:
            messages.success(request, _("已补正，编号 {number}，等分送。").format(number=done.number))
            return redirect("complaints:desk_case", public_id)
    if form.is_bound:
        form.renew(_newest(request, public_id).version)
    context = {"form": form, "case": case, "came": came, "shop": shop, **_found(request)}
    return render(request, "complaints/desk/complete.html", context, status=422 if form.errors else 200)


def _newest(request: HttpRequest, public_id: str) -> Case:
    return case_open_to(who=request.user, public_id=public_id)
