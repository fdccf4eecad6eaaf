"""The anonymous register page warm and cold, and how much script a citizen's page brings along."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path

from portal.kernel import page_cache
from publicity.models import Disclosure
from tests.benchmarks import records
from tests.benchmarks.harness import Result, absolute, latencies, rates

CALLS = 20
COLD = 60
MOST_SCRIPT = 30 * 1024
ADDRESS = "/register/"
LEAN = """{% extends "base.html" %}{% load portal %}{% block main %}<ol>{% for row in rows %}
<li><h3><a href="{% url 'publicity:disclosure' row.public_id %}">{{ row.shop }}</a></h3><p>{{ row.summary }}</p>
<p>{{ row.outcome }} {{ row.district }} {{ row.problem }} <time>{{ row.published_at|shortday }}</time></p></li>
{% endfor %}</ol>{% endblock %}"""
_bytes = b""


def same_bytes(request: HttpRequest) -> HttpResponse:
    """The page's own bytes with nothing around them but the middleware."""
    return HttpResponse(_bytes)


def lean(request: HttpRequest) -> HttpResponse:
    """The same rows in a plain list."""
    rows = Disclosure.objects.filter(state="published").select_related("shop").order_by("-published_at", "-pk")[:20]
    return HttpResponse(engines["django"].from_string(LEAN).render({"rows": rows}, request))


urlpatterns = [path("same", same_bytes), path("lean", lean), path("", include("portal.urls"))]


def results() -> Iterator[Result]:
    """Pages a second from the cache, the cost of drawing one, and the weight of the script."""
    global _bytes
    records.publish(2_000)
    client = Client()
    _bytes = client.get(ADDRESS).content

    def warm(turn: int) -> int:
        for _ in range(CALLS):
            assert client.get(ADDRESS).status_code == 200
        return CALLS

    def floor(turn: int) -> int:
        for _ in range(CALLS):
            assert len(client.get("/same").content) == len(_bytes)
        return CALLS

    def cold(turn: int) -> None:
        page_cache.cache.clear()
        assert client.get(ADDRESS).status_code == 200

    with override_settings(ROOT_URLCONF=__name__):
        yield rates(
            "anonymous page, from the cache",
            unit="/s",
            portal=warm,
            floor=floor,
            budget="≥ 0.5 of a view with the same bytes",
            ratio_at_least=0.5,
        )
        yield latencies(
            "anonymous page, cold",
            portal=cold,
            floor=lambda _turn: client.get("/lean"),
            budget="≤ 2 × a lean template, same rows",
            ratio_at_most=2,
            samples=COLD,
            percentile=50,
        )
    yield _weight()


def _weight() -> Result:
    scripts = [Path(found) for found in (settings.DIST_DIR / "assets").glob("main-*.js")]
    weight = sum(len(gzip.compress(script.read_bytes())) for script in scripts)
    return absolute(
        "script of a citizen's page (gzip)",
        unit="bytes",
        value=weight,
        floor=None,
        budget="≤ 30 kB",
        at_most=MOST_SCRIPT,
    )
