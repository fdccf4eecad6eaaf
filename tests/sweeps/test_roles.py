"""Every address and method, for every role of `access.py`: nobody comes in by a door that was not opened to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from portal.kernel import access, clock, crypto
from portal.kernel.access import Role, Who
from portal.kernel.errors import Refused
from portal.kernel.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db

SAMPLES: dict[str, Any] = {
    "slug": "abcdefghjkmnpqrstvwx",
    "str": "2026-01",
    "int": 1,
    "uuid": UUID(int=7),
    "path": "x",
}
NOT_OURS = ("account_", "mfa_", "schema", "docs")
WRITES = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Door:
    """One address with sample arguments, and whom its view says it is for."""

    name: str
    path: str
    allowed: access.Allowed | None

    def __str__(self) -> str:
        return self.name


def _walk(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern


def doors() -> list[Door]:
    """Every named address of the house's own rooms."""
    found = []
    for name, pattern in _walk(get_resolver().url_patterns):
        if name.startswith(NOT_OURS):
            continue
        kinds = pattern.pattern.converters
        kwargs = {
            key: SAMPLES[type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")]
            for key, converter in kinds.items()
        }
        kwargs |= {key: "x" for key in pattern.pattern.regex.groupindex if key not in kwargs}
        found.append(Door(name, reverse(name, kwargs=kwargs), getattr(pattern.callback, "allowed", None)))
    return found


@pytest.fixture
def people() -> dict[str, User | None]:
    unit = Organisation.objects.create(code="sweep", name="示例局", short_name="示例", kind="bureau", district="120101")
    found: dict[str, User | None] = {"anonymous": None}
    for kind in (User.Kind.CITIZEN, User.Kind.MERCHANT):
        found[kind.value] = User.objects.create(kind=kind, phone_index=crypto.blind_index("phone", kind.value))
    found["client"] = User.objects.create(kind=User.Kind.CLIENT, username="sweep-client")
    for role in Role:
        user = User.objects.create(kind=User.Kind.STAFF, username=f"sweep-{role.value}", display_name="示例")
        Membership.objects.create(user=user, organisation=unit, role=role)
        found[role.value] = user
    return found


def _client(user: User | None, *, second_factor: bool = True) -> Client:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if second_factor:
            session = client.session
            session[access.SECOND_FACTOR] = clock.now().isoformat()
            session.save()
    return client


def test_every_door_says_whom_it_is_for() -> None:
    assert [door.name for door in doors() if door.allowed is None] == []


def test_there_are_doors_to_sweep() -> None:
    assert len(doors()) > 60


def _is_turned_away(status: int, location: str) -> bool:
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        return True
    return status == HTTPStatus.FOUND and ("/login" in location or "/second-factor" in location)


def _knock(door: Door, method: str, user: Who) -> tuple[int, str]:
    """Call the view behind a door as it is called after all middleware; quick enough for every person and method."""
    request = getattr(RequestFactory(), method)(door.path)
    request.user = user
    request.session = SessionBase()
    request.session[access.SECOND_FACTOR] = clock.now().isoformat()
    request.csrf_processing_done = True
    match = resolve(door.path)
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Refused as refused:
        return refused.status, ""
    return response.status_code, response.headers.get("Location", "")


def test_nobody_comes_in_where_they_are_not_admitted(people: dict[str, User | None]) -> None:
    wrong: list[str] = []
    tried = 0
    for name, person in people.items():
        user: Who = person if person is not None else AnonymousUser()
        for door in doors():
            assert door.allowed is not None
            if door.allowed.admits(user):
                continue
            for method in ("get", *WRITES):
                tried += 1
                status, location = _knock(door, method, user)
                if not _is_turned_away(status, location):
                    wrong.append(f"{name} {method} {door.name}: {status}")
    assert wrong == []
    assert tried > 5000


def test_a_stranger_at_the_desk_is_sent_to_sign_in(client: Client) -> None:
    wrong = [
        door.name
        for door in doors()
        if door.path.startswith("/desk/") and door.allowed is not None and not door.allowed.anyone
        if "/desk/login/" not in client.get(door.path).headers.get("Location", "")
    ]
    assert wrong == []


SEE_PUBLIC_PAGES = ("anonymous", "citizen", "merchant", "officer")


def test_those_who_are_admitted_meet_no_broken_page(people: dict[str, User | None]) -> None:
    wrong: list[str] = []
    for name, user in people.items():
        client = _client(user)
        for door in doors():
            assert door.allowed is not None
            if door.allowed.anyone and name not in SEE_PUBLIC_PAGES:
                continue
            if not door.allowed.admits(user if user is not None else AnonymousUser()):
                continue
            for method in ("get", "post"):
                response = getattr(client, method)(door.path)
                if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    wrong.append(f"{name} {method} {door.name}: {response.status_code}")
                if door.name == "kernel:logout":
                    client = _client(user)
    assert wrong == []


def test_the_desk_stays_shut_without_the_second_factor(people: dict[str, User | None]) -> None:
    wrong: list[str] = []
    for door in doors():
        if door.allowed is None or door.allowed.anyone or not door.allowed.roles:
            continue
        role = sorted(door.allowed.roles)[0]
        response = _client(people[role.value], second_factor=False).get(door.path)
        if not _is_turned_away(response.status_code, response.headers.get("Location", "")):
            wrong.append(f"{role.value} {door.name}: {response.status_code}")
    assert wrong == []
