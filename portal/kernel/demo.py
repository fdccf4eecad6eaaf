"""The demo's own door: who can be entered as, and what was sent to whom. It exists in a demo start on loopback only."""

import time
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth import login
from django.db.models import Count
from django.http import HttpRequest

from portal.kernel import access, clock, crypto, numbers, people, phones
from portal.kernel.errors import not_found
from portal.kernel.models.notice import OutgoingMessage
from portal.kernel.models.user import Membership, User

MOST_MESSAGES = 40
MOST_OF_A_KIND = 6
NAMES_OF_HERE = ("127.0.0.1", "localhost", "[::1]")
NEW_PHONES = "demo:phones"


def is_open_to(request: HttpRequest) -> bool:
    """Whether this is a demo start and the request comes from this very machine."""
    try:
        is_here = ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return settings.DEMO and is_here and name in NAMES_OF_HERE and not request.META.get("HTTP_X_FORWARDED_FOR")


def require_open(request: HttpRequest) -> None:
    """Refuse as not found everywhere but in the demo."""
    if not is_open_to(request):
        raise not_found()


@dataclass(frozen=True)
class Person:
    """Somebody who can be entered as."""

    public_id: str
    name: str
    where: str
    username: str
    code: str


@dataclass(frozen=True)
class Door:
    """A role and those who hold it; the first is entered with one click."""

    title: str
    first: Person
    others: tuple[Person, ...]


@dataclass(frozen=True)
class Sent:
    """One message that left the house, as its reader sees it."""

    at: datetime
    channel: str
    state: str
    address: str
    title: str
    text: str


def doors() -> list[Door]:
    """One door per role that somebody holds, in the order of the roles."""
    held: dict[str, list[Person]] = {}
    secrets = {row.user_id: row.data["secret"] for row in Authenticator.objects.filter(type=Authenticator.Type.TOTP)}
    memberships = Membership.objects.filter(user__is_active=True, organisation__is_active=True)
    for row in memberships.select_related("user", "organisation").order_by("organisation_id", "user_id"):
        code = _code_of(secrets[row.user_id]) if row.user_id in secrets else ""
        person = Person(
            row.user.public_id, row.user.display_name, row.organisation.short_name, row.user.username or "", code
        )
        held.setdefault(row.role, []).append(person)
    return [Door(str(role.label), held[role][0], tuple(held[role][1:])) for role in access.Role if held.get(role)]


def _code_of(secret: str) -> str:
    now = int(time.time()) // 30
    return str(totp.format_hotp_value(totp.hotp_value(decrypt(secret), now)))


def phone_holders(kind: str) -> list[Person]:
    """Citizens or merchants of the demo city, those with most messages first."""
    users = User.objects.filter(kind=kind, is_active=True).annotate(told=Count("notices")).order_by("-told", "id")
    return [
        Person(user.public_id, phones.mask(crypto.unseal(user, "phone_sealed")), "", "", "")
        for user in users[:MOST_OF_A_KIND]
    ]


def sent() -> list[Sent]:
    """The latest messages that left, newest first."""
    return [
        Sent(
            row.created_at,
            str(OutgoingMessage.Channel(row.channel).label),
            str(OutgoingMessage.State(row.state).label),
            crypto.unseal(row, "address_sealed"),
            row.title,
            crypto.unseal(row, "text_sealed"),
        )
        for row in OutgoingMessage.objects.order_by("-created_at")[:MOST_MESSAGES]
    ]


def enter(request: HttpRequest, public_id: str) -> User:
    """Open a session as somebody of the demo city, with the second factor where one is needed."""
    require_open(request)
    user = User.objects.filter(public_id=public_id, is_active=True).exclude(kind=User.Kind.CLIENT).first()
    if user is None:
        raise not_found()
    login(request, user, backend=people.BACKEND)
    if user.is_staff:
        request.session[access.SECOND_FACTOR] = clock.now().isoformat()
    return user


def new_citizen() -> User:
    """A consumer with a phone nobody in the demo city has. Call inside a transaction."""
    while True:
        phone = f"199{numbers.next_number(NEW_PHONES):08d}"
        known = User.objects.count()
        user = people.citizen(phone)
        if User.objects.count() > known:
            return user
