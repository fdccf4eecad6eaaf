"""What every page may count on, and the page for a form whose protection has run out."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.access import CASE_ROLES
from portal.kernel import regions
from portal.kernel.access import Allowed
from portal.kernel.views import reading

SEARCHERS = Allowed(roles=frozenset(CASE_ROLES))


def house(request: HttpRequest) -> dict[str, Any]:
    """The city and the portal's name in the reader's language, whether this is a demo, and how the reader reads.

    `here` is where a switch of print or language comes back to.
    """
    city = regions.city()
    return {
        "city": city,
        "portal_name": city.portal_name_en if get_language() == "en" else city.portal_name,
        "is_demo": settings.DEMO,
        "is_elder": reading.is_elder(request),
        "here": reading.here(request),
        "may_search_cases": lambda: SEARCHERS.admits(request.user),
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell the reader in one sentence what to do; the reason stays in the log."""
    sentence = _("这个页面打开太久了，请返回上一页、刷新后再提交。")
    return render(request, "refused.html", {"code": "csrf", "sentence": sentence}, status=403)
