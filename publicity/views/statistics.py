"""Monthly releases, as the public reads them."""

import re
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.kernel import access, page_cache
from portal.kernel.errors import not_found
from publicity.models import Release
from publicity.selectors import releases as selectors
from publicity.services import exports
from publicity.views.release_page import ReleasePage
from publicity.views.release_table import rows_of

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
EDITION = re.compile(r"[0-9]{1,4}")


def _page(request: HttpRequest, release: Release) -> HttpResponse:
    context = {
        "nav": "statistics",
        "release": release,
        "shown": ReleasePage.of(release),
        "editions": selectors.editions(who=request.user, month=release.month),
        "months": selectors.signed(who=request.user).values_list("month", flat=True),
    }
    return render(request, "publicity/release.html", context)


@access.public
@page_cache.keep
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """The newest release; before the first one, a page that says so."""
    chosen = request.GET.get("month", "")
    if MONTH.fullmatch(chosen):
        return redirect("publicity:release", month=chosen)
    newest = selectors.signed(who=request.user).first()
    if newest is None:
        return render(request, "publicity/release_none.html", {"nav": "statistics"})
    return _page(request, newest)


def _asked(request: HttpRequest, month: str) -> Release:
    edition = request.GET.get("edition", "")
    try:
        if not MONTH.fullmatch(month) or (edition and not EDITION.fullmatch(edition)):
            raise not_found()
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise not_found() from None
    return selectors.release_of(who=request.user, month=first, edition=int(edition) if edition else None)


@access.public
@page_cache.keep
@require_safe
def release(request: HttpRequest, month: str) -> HttpResponse:
    """The release in force of one month, or an edition of it (`?edition=1`)."""
    return _page(request, _asked(request, month))


@access.public
@require_safe
def release_data(request: HttpRequest, month: str) -> JsonResponse:
    """The frozen tables as JSON, with the fingerprint that anyone can recompute."""
    found = _asked(request, month)
    body = {
        "month": month,
        "edition": found.edition,
        "state": found.state,
        "signed_at": found.signed_at,
        "sha256": found.sha256,
        "tables": found.tables,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@access.public
@require_safe
def release_csv(request: HttpRequest, month: str) -> HttpResponse:
    """The same tables as one long table, with the definition beside every number."""
    found = _asked(request, month)
    response = HttpResponse(exports.table_as_csv(rows_of(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statistics-{month}-{found.edition}.csv"'
    return response
