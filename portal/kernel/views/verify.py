"""Is this paper real? Anybody may ask, with the code on it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel import access, documents, throttle

TRIES = 30
WINDOW = 600


@access.public
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code; with `?code=` look it up at its own address."""
    code = "".join(character for character in request.GET.get("code", "") if character.isalnum())
    if code:
        return HttpResponseRedirect(reverse("kernel:verify_code", args=[code[:40]]))
    is_unreadable = "code" in request.GET
    return render(request, "kernel/verify.html", {"is_unknown": is_unreadable}, status=404 if is_unreadable else 200)


@access.public
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the house vouches for; nothing personal, and only so many tries."""
    throttle.check(request, "verify", limit=TRIES, seconds=WINDOW)
    found = documents.vouch(code)
    context = {"paper": found, "code": code[:20], "is_unknown": found is None}
    return render(request, "kernel/verify.html", context, status=404 if found is None else 200)
