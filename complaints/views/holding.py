"""Which drafts this device holds: one signed cookie each, so that neither signing in nor a second press lets go."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from complaints.filing_rules import DRAFT_DAYS
from complaints.models import Draft
from complaints.selectors import drafts as selectors

SALT = "complaints.draft"
PATH = "/complain/"


def _name(public_id: str) -> str:
    return f"draft-{public_id}"


def hold(response: HttpResponse, draft: Draft) -> HttpResponse:
    """Let the device that gets *response* hold the draft for as long as it lives."""
    response.set_signed_cookie(
        _name(draft.public_id),
        draft.public_id,
        salt=SALT,
        max_age=DRAFT_DAYS * 86400,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def held_draft(request: HttpRequest, public_id: str) -> Draft:
    """The draft of that public id when this device holds it; otherwise refused as not found."""
    cookie = request.get_signed_cookie(_name(public_id), default=None, salt=SALT, max_age=DRAFT_DAYS * 86400)
    return selectors.draft_held(held={cookie} if cookie else set(), public_id=public_id)


def unfiled(request: HttpRequest) -> list[Draft]:
    """The drafts that may be gone on with on this device."""
    names = [name for name in request.COOKIES if name.startswith("draft-")]
    found = [request.get_signed_cookie(name, default=None, salt=SALT, max_age=DRAFT_DAYS * 86400) for name in names]
    return selectors.unfiled(held=[public_id for public_id in found if public_id])
