"""What a load balancer and an operator ask: does the portal live, and which part of it does not."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.kernel import access, calendars, jobs, search
from portal.kernel.jobs.given_up import given_up
from portal.kernel.search import checking

Part = dict[str, Any]


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {"engine": connection.vendor}


def _jobs() -> Part:
    return {"overdue": jobs.overdue_count(), "given_up": given_up().count()}


def _channel_layer() -> Part:
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("no channel layer")
    async_to_sync(layer.group_send)("health", {"type": "health"})
    return {}


def _search() -> Part:
    behind = {name: checking.lag(name) for name in search.sourced()}
    return {
        "unbuilt": search.unbuilt(),
        "owed": sum(found.owed for found in behind.values()),
        "lag_seconds": round(max((found.oldest.total_seconds() for found in behind.values()), default=0.0), 1),
    }


def _calendars() -> Part:
    found = calendars.alarms()
    return {
        "years_without_notice": found.years_without_notice,
        "provisional": found.provisional,
        "overdue": found.overdue,
        "to_recompute": found.stale,
    }


PARTS: dict[str, Callable[[], Part]] = {
    "database": _database,
    "jobs": _jobs,
    "search": _search,
    "channel_layer": _channel_layer,
    "calendars": _calendars,
}


def report() -> dict[str, Any]:
    """Each part with `ok` and what it says of itself; a part that raises is named by its error's class only."""
    parts: dict[str, Part] = {}
    for name, ask in PARTS.items():
        try:
            parts[name] = {"ok": True, **ask()}
        except Exception as error:
            parts[name] = {"ok": False, "error": type(error).__name__}
    return {"ok": all(part["ok"] for part in parts.values()), "parts": parts}


@access.public
def view(request: HttpRequest) -> HttpResponse:
    """200 when every part answers, 503 otherwise; nothing personal in either."""
    found = report()
    return JsonResponse(found, status=200 if found["ok"] else 503)
