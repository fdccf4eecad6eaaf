"""A list of 25 from the API, with words and six facets beside it, and a lean `values()` handler for the same rows."""

from collections.abc import Iterator

from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from publicity.models import Disclosure
from tests.benchmarks import records
from tests.benchmarks.harness import Result, rates

CALLS = 20
FIELDS = ("public_id", "summary", "district", "problem", "outcome", "closed_on", "published_at", "shop__name")


def lean(request: HttpRequest) -> JsonResponse:
    """The same 25 rows with nothing around them."""
    rows = Disclosure.objects.filter(state="published").order_by("-published_at", "-id").values(*FIELDS)[:25]
    return JsonResponse({"results": list(rows)})


urlpatterns = [path("lean", lean)]


def results() -> Iterator[Result]:
    """Lists a second."""
    records.publish(2_000)
    client = Client()

    def portal(turn: int) -> int:
        for _ in range(CALLS):
            assert len(client.get("/api/v1/disclosures").json()["results"]) == 25
        return CALLS

    def floor(turn: int) -> int:
        with override_settings(ROOT_URLCONF=__name__):
            for _ in range(CALLS):
                assert len(client.get("/lean").json()["results"]) == 25
        return CALLS

    yield rates("list of 25 (API, 6 facets)", unit="/s", portal=portal, floor=floor, budget="≥ 0.8", ratio_at_least=0.8)
