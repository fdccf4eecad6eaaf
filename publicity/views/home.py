"""The portal's front page, who answers for what, and the privacy notice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel import access, page_cache, regions
from publicity.models import Release
from publicity.selectors import releases, who_answers
from publicity.views.home_figures import home_figures

SPARK_MONTHS = 13


@access.public
@page_cache.keep
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where everything starts; its figures are those of the newest release alone."""
    signed: list[Release] = list(releases.signed(who=request.user)[:SPARK_MONTHS])
    district = request.GET.get("district", "")
    context = {
        "nav": "home",
        "release": signed[0] if signed else None,
        "figures": home_figures(signed),
        "districts": regions.city().districts,
        "district": district,
        "callee": who_answers.bureau_of(district),
    }
    return render(request, "publicity/home.html", context)


@access.public
@page_cache.keep
@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Topic by topic: which department, which number, when that was last checked."""
    text, district = request.GET.get("q", "")[:50], request.GET.get("district", "")
    rows = who_answers.answerers(text)
    context = {
        "q": text,
        "ours": [row for row in rows if row.is_bureau],
        "others": [row for row in rows if not row.is_bureau],
        "districts": regions.city().districts,
        "district": district,
        "callee": who_answers.bureau_of(district),
    }
    return render(request, "publicity/who_answers.html", context)


@access.public
@page_cache.keep
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which personal data the portal keeps, why, how long, and what their owners may demand."""
    return render(request, "publicity/privacy.html", {"hub": regions.city().hub})
