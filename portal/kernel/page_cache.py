"""Public pages kept for a minute: the same bytes for every stranger who asks the same way.

A view opts in with `keep`. What is kept is found again by address, query, language, size of print and version of the
public content; `changed` makes another version. Nothing correct depends on it: without a cache, pages are drawn. It is
a cache of its own: however many pages are asked for, they push out nothing that rate limits count.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.connection import ConnectionProxy

from portal.kernel.views import reading

logger = logging.getLogger(__name__)

cache = ConnectionProxy(caches, "pages")

SECONDS = 60
LONGEST_ADDRESS = 2000
VERSION = "pages:version"
PERSONAL_COOKIES = ("session", "messages")
VARIES = ("Cookie", "Accept-Language")
MARKS_OF_A_FORM = (b"csrfmiddlewaretoken", b"nonce=")
View = TypeVar("View", bound=Callable[..., HttpResponse])


def keep(view: View) -> View:
    """Let strangers share the pages of *view*. They must depend on nothing but address, language and size of print."""
    view.is_kept = True  # type: ignore[attr-defined]
    return view


def changed() -> None:
    """Public content is another: no page kept before is handed out again.

    Said at once and again when the transaction is committed, for a page drawn in between still shows what was.
    """
    _next_version()
    transaction.on_commit(_next_version)


def _next_version() -> str:
    version = secrets.token_hex(8)
    _without_a_cache(lambda: cache.set(VERSION, version, timeout=None))
    return version


def _version() -> str:
    """The version in force; one that was lost is never guessed, a new one begins."""
    return _without_a_cache(lambda: cache.get(VERSION)) or _next_version()


class PageCacheMiddleware:
    """Answer strangers from the cache; stands outside sessions and sign-in, which cost more than the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        kept = _without_a_cache(lambda: cache.get(key)) if key else None
        response = self.get_response(request) if kept is None else _restored(kept)
        if key and kept is None and _may_be_kept(request, response):
            response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            response.headers["Cache-Control"] = "no-cache"
            patch_vary_headers(response, VARIES)
            _without_a_cache(lambda: cache.set(key, (response.content, dict(response.headers)), SECONDS))
        return _unless_known(request, response)


def _key(request: HttpRequest) -> str:
    """What the page is kept under; empty when this reader is no stranger, or asks for more than a page."""
    if request.method != "GET" or any(name in request.COOKIES for name in PERSONAL_COOKIES):
        return ""
    address = request.get_full_path()
    if len(address) > LONGEST_ADDRESS or "Authorization" in request.headers or "HX-Request" in request.headers:
        return ""
    language = translation.get_language_from_request(request)
    asked = [request.scheme, request.get_host(), address, language, reading.is_elder(request), _version()]
    return f"pages:{hashlib.sha256(repr(asked).encode()).hexdigest()}"


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and getattr(match.func, "is_kept", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not any(mark in response.content for mark in MARKS_OF_A_FORM)
    )


def _restored(kept: tuple[bytes, dict[str, str]]) -> HttpResponse:
    content, headers = kept
    return HttpResponse(content, headers=headers)


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 for a reader who has these very bytes."""
    etag = response.headers.get("ETag")
    if etag is None:
        return response
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer


def _without_a_cache(ask: Callable[[], Any]) -> Any:
    """What the cache answers, or None when it cannot be asked."""
    try:
        return ask()
    except Exception:
        logger.warning("the page cache did not answer", exc_info=True)
        return None
