"""A consumer's own complaints: receipt, progress, what may still be added or taken back."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from complaints.forms.filing import ConsentsForm, SupplementForm, WithdrawForm
from complaints.models import Case
from complaints.rules import CLAIMS, OTHER_ROUTES, OTHER_ROUTES_ARTICLE
from complaints.selectors import mine as selectors
from complaints.selectors.cases import case_open_to, receiver_of
from complaints.selectors.timeline import timeline
from complaints.services import supplements
from complaints.views import holding
from portal.kernel import access, documents, files, throttle
from portal.kernel.errors import Refused, into
from portal.kernel.models import User

AN_HOUR = 3600
ENDED = selectors.ENDED


def _receipt(case: Case) -> dict[str, Any]:
    paper = documents.of(case).filter(kind="receipt").first()
    track = f"{settings.ORIGIN}{reverse('complaints:track')}?number={case}"
    url = documents.verify_url(paper) if paper else track
    return {
        "paper": paper,
        "verify_code": documents.shown_code(paper) if paper else "",
        "qr": documents.qr_svg(url, label=_("扫码核对这件投诉")),
        "claims": [CLAIMS[claim] for claim in case.claims if claim in CLAIMS],
        "evidence": case.evidence.count(),
        "keeper": receiver_of(case) or case.unit or case.hub,
    }


def _about(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {"case": case, "story": timeline(who=request.user, case=case), "nav": "mine", **_receipt(case)}


@access.signed_in
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """The receipt of one's own complaint, to be shown again and printed at any time."""
    case = selectors.own_case(who=request.user, public_id=public_id)
    return render(request, "complaints/receipt.html", _about(request, case))


@access.signed_in
@never_cache
@require_safe
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a complaint stands: whose turn it is, by when, what happened, what can be done."""
    found = selectors.own_case(who=request.user, public_id=public_id)
    context = {
        **_about(request, found),
        "handed_in": selectors.handed_in(who=request.user, case=found),
        "routes": OTHER_ROUTES,
        "routes_article": OTHER_ROUTES_ARTICLE,
        "is_open": found.state not in ENDED,
        "may_withdraw": found.state in ("incomplete", "hub_received", "dispatched", "accepted", "mediating"),
        "has_asked": supplements.has_asked_to_withdraw(found),
    }
    return render(request, "complaints/case.html", context)


@access.public
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All complaints of the person who is signed in; what else to do for everybody else."""
    who = request.user
    is_person = isinstance(who, User) and not who.is_staff and who.is_active
    cases = selectors.my_cases(who) if is_person else []
    context = {"nav": "mine", "cases": cases, "is_person": is_person, "drafts": holding.unfiled(request)}
    return render(request, "complaints/mine.html", context)


@access.party
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add words and files to a case; either side may until it is closed."""
    found = case_open_to(who=request.user, public_id=public_id)
    form = SupplementForm(request.POST or None, use_required_attribute=False)
    if removed := request.POST.get("remove"):
        supplements.remove_waiting(upload_id=removed, who=request.user)
    elif form.is_valid():
        _take_files(request, form)
        if not form.errors and "more" not in request.POST and _added(request, found, form):
            messages.success(request, _("补充的材料已经送到，承办人会看到。"))
            return redirect(_home_of(request, found))
    waiting = selectors.waiting_files(request.user)
    context = {"form": form, "case": found, "files": waiting, "home": _home_of(request, found), "nav": "mine"}
    return render(request, "complaints/supplement.html", context, status=422 if form.errors else 200)


def _home_of(request: HttpRequest, found: Case) -> str:
    is_own = found.consumer.user_id == request.user.pk
    return reverse("complaints:case" if is_own else "complaints:merchant_case", args=[found.public_id])


def _take_files(request: HttpRequest, form: forms.Form) -> None:
    throttle.check(request, "case.upload", limit=120, seconds=AN_HOUR)
    for uploaded in request.FILES.getlist("upload_ids"):
        try:
            files.accept(uploaded, owner=None, who=request.user, field="upload_ids")
        except Refused as refused:
            into(form, refused)


def _added(request: HttpRequest, found: Case, form: SupplementForm) -> bool:
    try:
        supplements.add_supplement(
            case_id=found.pk,
            who=request.user,
            text=form.cleaned_data["text"],
            upload_ids=tuple(row.public_id for row in selectors.waiting_files(request.user)),
        )
    except Refused as refused:
        into(form, refused)
        return False
    return True


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a complaint back, after reading what that means."""
    found = selectors.own_case(who=request.user, public_id=public_id)
    form = WithdrawForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        try:
            supplements.withdraw(case_id=found.pk, who=request.user, version=form.cleaned_data["version"])
        except Refused as refused:
            into(form, refused)
        else:
            return redirect("complaints:case", public_id)
    is_accepted = found.state in ("accepted", "mediating")
    context = {
        "form": form,
        "case": found,
        "is_accepted": is_accepted,
        "is_possible": supplements.may_withdraw(found),
        "nav": "mine",
    }
    return render(request, "complaints/withdraw.html", context, status=409 if form.errors else 200)


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give or take back the two consents."""
    found = selectors.own_case(who=request.user, public_id=public_id)
    as_it_is = {
        "disclosure": found.agrees_to_disclosure,
        "delegation": found.agrees_to_delegation,
        "version": found.version,
    }
    form = ConsentsForm(request.POST or None, initial=as_it_is)
    if form.is_valid():
        try:
            supplements.set_consents(case_id=found.pk, who=request.user, **form.cleaned_data)
        except Refused as refused:
            into(form, refused)
        else:
            messages.success(request, _("您的意愿已经改好。"))
            return redirect("complaints:case", public_id)
    context = {"form": form, "case": found, "nav": "mine"}
    return render(request, "complaints/consents.html", context, status=409 if form.errors else 200)
