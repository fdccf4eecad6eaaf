"""How a reader wants pages to look: 大字版 or 标准版."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.kernel import access

ELDER_COOKIE = "elder"
A_YEAR = 365 * 24 * 3600


@access.public
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Remember the size of print on this device and go back to the page the reader was on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.POST.get("size") == "large":
        response.set_cookie(ELDER_COOKIE, "1", max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response
