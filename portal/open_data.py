"""The page of open data and interfaces, drawn from the very schema that the API answers to."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from portal.kernel.access import public
from portal.kernel.page_cache import keep


@public
@keep
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What anybody may take away, and how a program asks for it; without a script."""
    operations = _operations(get_language())
    context = {
        "free": [row for row in operations if not row["needs_token"]],
        "closed": [row for row in operations if row["needs_token"]],
    }
    return render(request, "open_data.html", context)


@cache
def _operations(_language: str) -> list[dict[str, Any]]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": str(told["summary"]),
            "parameters": [row for row in told.get("parameters", []) if row["in"] != "path"],
            "needs_token": {} not in told["security"],
            "answers": [(code, answer.get("description", "")) for code, answer in sorted(told["responses"].items())],
        }
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    ]
