"""The agreement from a party's side: read it, get a code, sign it, say that it was performed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mediation.forms.talks import CodeForm
from mediation.selectors import agreements as selectors
from mediation.selectors.agreements import Page
from mediation.services import agreements as services
from mediation.services import performance
from portal.kernel import access
from portal.kernel.errors import Refused, into


def _page(request: HttpRequest, page: Page, form: CodeForm, *, has_code: bool, status: int = 200) -> HttpResponse:
    text = services.open_text(agreement_id=page.agreement.pk, who=request.user)
    context = {"page": page, "text": text, "form": form, "has_code": has_code, "nav": page.nav}
    return render(request, "mediation/agreement.html", context, status=status)


@access.party
@never_cache
@require_GET
def agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole text with its hash, who signed, and the next step for this party."""
    page = selectors.page_open_to(who=request.user, public_id=public_id)
    form = CodeForm(initial={"sha256": page.agreement.sha256})
    return _page(request, page, form, has_code="code" in request.GET)


@access.party
@require_POST
def send_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send this party a code that signs this text."""
    page = selectors.page_open_to(who=request.user, public_id=public_id)
    try:
        services.send_code(agreement_id=page.agreement.pk, who=request.user)
    except Refused as refused:
        form = CodeForm({"sha256": page.agreement.sha256, "code": ""})
        form.errors.clear()
        into(form, refused)
        return _page(request, page, form, has_code=True, status=refused.status)
    return redirect(f"{reverse('mediation:agreement', args=[public_id])}?code=sent#sign")


@access.party
@require_POST
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign with the code."""
    page = selectors.page_open_to(who=request.user, public_id=public_id)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            services.sign(agreement_id=page.agreement.pk, who=request.user, **form.cleaned_data)
            return redirect("mediation:agreement", public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, page, form, has_code=True, status=422)


@access.party
@require_POST
def performed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The consumer says that the shop did what was agreed."""
    page = selectors.page_open_to(who=request.user, public_id=public_id)
    performance.mark_performed(agreement_id=page.agreement.pk, who=request.user)
    return redirect("mediation:agreement", public_id)
