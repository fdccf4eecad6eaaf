"""How a reader wants the pages to look."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.kernel import access

COOKIE = "elder"
A_YEAR = 365 * 24 * 3600


@access.public
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Turn 大字版 on (`size=large`) or off, and go back to where the reader was."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if wanted.startswith("/") and is_ours else "/")
    if request.POST.get("size") == "large":
        response.set_cookie(
            COOKIE, "1", max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
