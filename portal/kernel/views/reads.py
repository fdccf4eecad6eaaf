"""Who looked at which identity, for what, and who was refused: for the person in charge of personal data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel import access, access_log
from portal.kernel.access import Role


@access.staff(Role.AUDITOR)
@never_cache
@require_safe
def reads(request: HttpRequest) -> HttpResponse:
    """The record, newest first, all of it or only what was refused."""
    refused_only = request.GET.get("only") == "refused"
    page = access_log.page_of(who=request.user, refused_only=refused_only, after=request.GET.get("after", "")[:40])
    return render(request, "kernel/desk/reads.html", {"page": page, "refused_only": refused_only})
