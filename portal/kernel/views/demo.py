"""The page of a demo start: in as anybody with one click, and everything that was sent."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import access, demo
from portal.kernel.models.user import User
from portal.kernel.views.login import home_of


@access.public
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Doors and messages."""
    demo.require_open(request)
    context = {
        "doors": demo.doors(),
        "citizens": demo.phone_holders(User.Kind.CITIZEN),
        "merchants": demo.phone_holders(User.Kind.MERCHANT),
        "sent": demo.sent(),
        "nav": "demo",
    }
    return render(request, "kernel/demo.html", context)


@access.public
@require_POST
def enter(request: HttpRequest, public_id: str) -> HttpResponse:
    """In as somebody."""
    return HttpResponseRedirect(home_of(demo.enter(request, public_id)))


@access.public
@require_POST
def enter_new(request: HttpRequest) -> HttpResponse:
    """In as a consumer who was never here."""
    demo.require_open(request)
    with transaction.atomic():
        user = demo.new_citizen()
    return HttpResponseRedirect(home_of(demo.enter(request, user.public_id)))
