"""Monthly releases, as the public reads them."""

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from portal.kernel import access
from portal.kernel.errors import not_found
from publicity.models import Release
from publicity.selectors import releases as selectors
from publicity.views.release_page import ReleasePage


def _page(request: HttpRequest, release: Release) -> HttpResponse:
    context = {
        "release": release,
        "shown": ReleasePage.of(release),
        "editions": selectors.editions(who=request.user, month=release.month),
        "others": selectors.signed(who=request.user).exclude(pk=release.pk)[:12],
    }
    return render(request, "publicity/release.html", context)


@access.public
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """The newest release; before the first one, a page that says so."""
    chosen = request.GET.get("month", "")
    if chosen:
        return redirect("publicity:release", month=chosen)
    newest = selectors.signed(who=request.user).first()
    if newest is None:
        return render(request, "publicity/release_none.html")
    return _page(request, newest)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise not_found() from None


@access.public
@require_GET
def release(request: HttpRequest, month: str) -> HttpResponse:
    """The release in force of one month."""
    return _page(request, selectors.release_of(who=request.user, month=_month(month)))


@access.public
@require_GET
def release_data(request: HttpRequest, month: str) -> JsonResponse:
    """The frozen tables as JSON, with the fingerprint that anyone can recompute."""
    found = selectors.release_of(who=request.user, month=_month(month))
    body = {"month": month, "edition": found.edition, "sha256": found.sha256, "tables": found.tables}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
