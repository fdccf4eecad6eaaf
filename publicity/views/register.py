"""The public register: list, record, log, export."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel import access, clock, page_cache
from portal.kernel.errors import Refused
from publicity import labels
from publicity.forms.register import PERIODS, wanted
from publicity.selectors import log as log_selectors
from publicity.selectors import register as selectors
from publicity.services import exports
from publicity.views.facets import chips_of, facet_groups, turning

VERIFIER = Path(__file__).parents[1] / "verify_log.py"
LINES = 50
MOST_DIGITS = 15


@access.public
@page_cache.keep
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The list with words, six facets, order and a cursor; what cannot be read is answered with its sentence."""
    context = {"nav": "register", "query": request.GET, "periods": PERIODS, "page_size": selectors.PAGE_SIZE}
    try:
        chosen = wanted(request.GET)
        page = selectors.find(who=request.user, wanted=chosen)
    except Refused as refused:
        return render(request, "publicity/register.html", {**context, "refused": refused}, status=refused.status)
    words = labels.words()
    shop_name = selectors.shop_name(who=request.user, public_id=chosen.shop_id)
    context |= {
        "wanted": chosen,
        "page": page,
        "groups": facet_groups(chosen, page, words),
        "chosen": chips_of(request.GET, chosen, words, shop_name=shop_name),
        "turning": turning(request.GET, chosen, page.next_cursor),
        "words": words,
    }
    return render(request, "publicity/register.html", context)


@access.public
@page_cache.keep
@require_safe
def disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """One record, with the shop, the bureau and its place in the transparency log."""
    record = selectors.record(who=request.user, public_id=public_id)
    leaf = log_selectors.commitment_of(who=request.user, record=record)
    context = {"nav": "register", "record": record, "leaf": leaf, "words": labels.words()}
    return render(request, "publicity/disclosure.html", context)


@access.public
@page_cache.keep
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The lines of the transparency log, the newest first, and how to verify them."""
    before = _whole(request.GET.get("before", ""))
    lines = log_selectors.newest(who=request.user, before=before, size=LINES)
    context = {
        "nav": "register",
        "leaves": lines,
        "head": lines[0] if lines and before is None else None,
        "older": lines[-1].index if len(lines) == LINES and lines[-1].index > 1 else None,
        "is_first": before is None,
    }
    return render(request, "publicity/log.html", context)


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else None


@access.public
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that verifies the log and a record from the outside."""
    response = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{VERIFIER.name}"'
    return response


@access.public
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every record that the filter finds, as streamed CSV."""
    records = selectors.walk(who=request.user, wanted=wanted(request.GET))
    response = StreamingHttpResponse(
        exports.register_as_csv(records, labels.words()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="register-{clock.today():%Y%m%d}.csv"'
    response["X-Accel-Buffering"] = "no"
    return response
