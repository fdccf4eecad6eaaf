"""How a reader wants pages to look: 大字版 or 标准版, and in which language."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.kernel import access

ELDER_COOKIE = "elder"
A_YEAR = 365 * 24 * 3600


def is_elder(request: HttpRequest) -> bool:
    """Whether this device asked for large print."""
    return request.COOKIES.get(ELDER_COOKIE) == "1"


def here(request: HttpRequest) -> str:
    """Where to come back to after a switch: this page, or the one whose form led here."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if wanted.startswith("/") and is_ours else "/")


def _switch(view: Callable[[HttpRequest], HttpResponse]) -> access.View:
    """A door for everybody without a token: the worst a stranger's page can do is change the size of print."""
    return csrf_exempt(access.public(require_POST(view)))


@_switch
def text_size(request: HttpRequest) -> HttpResponse:
    """Turn 大字版 on (`size=large`) or off on this device, and go back to the page the reader was on."""
    response = _back(request)
    if request.POST.get("size") == "large":
        response.set_cookie(
            ELDER_COOKIE, "1", max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


@_switch
def language(request: HttpRequest) -> HttpResponse:
    """Read in `language` on this device from now on; an unknown language changes nothing."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response
