"""Public pages are shared among strangers, never with or from anyone else, and never after the content changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.views.decorators.cache import never_cache

from portal.kernel import page_cache, throttle
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from publicity.services import disclosures
from tests.build import a_citizen, staff
from tests.build_register import a_public, settle

pytestmark = pytest.mark.django_db
drawn: list[str] = []


@page_cache.keep
def counted(request: HttpRequest) -> HttpResponse:
    drawn.append(request.get_full_path())
    return HttpResponse(f"{len(drawn)}")


@page_cache.keep
def with_a_form(request: HttpRequest) -> HttpResponse:
    drawn.append("form")
    return HttpResponse('<input name="csrfmiddlewaretoken">')


@page_cache.keep
def with_a_cookie(request: HttpRequest) -> HttpResponse:
    drawn.append("cookie")
    response = HttpResponse("x")
    response.set_cookie("seen", "1")
    return response


@page_cache.keep
def failed(request: HttpRequest) -> HttpResponse:
    drawn.append("failed")
    return HttpResponse("x", status=400)


def not_shared(request: HttpRequest) -> HttpResponse:
    drawn.append("not shared")
    return HttpResponse("x")


urlpatterns = [
    path("counted", counted),
    path("with_a_form", with_a_form),
    path("with_a_cookie", with_a_cookie),
    path("failed", failed),
    path("never", page_cache.keep(never_cache(not_shared))),
    path("not_shared", not_shared),
    path("", include("portal.urls")),
]


@pytest.fixture(autouse=True)
def _our_pages() -> Iterator[None]:
    drawn.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_page_is_drawn_once_for_all_who_ask_the_same_way() -> None:
    assert [Client().get("/counted").content for _ in range(3)] == [b"1"] * 3
    assert drawn == ["/counted"]


def test_another_way_of_asking_is_another_page(client: Client) -> None:
    elder, english = Client(), Client()
    elder.cookies["elder"] = "1"
    english.cookies["language"] = "en"
    answers = [
        client.get("/counted").content,
        client.get("/counted?a=1").content,
        elder.get("/counted").content,
        english.get("/counted").content,
        client.get("/counted", headers={"accept-language": "en"}).content,
        client.get("/counted", secure=True).content,
    ]
    assert answers == [b"1", b"2", b"3", b"4", b"4", b"5"]


def test_who_is_signed_in_or_has_a_message_is_never_answered_from_the_cache(client: Client) -> None:
    person = Client()
    person.force_login(a_citizen())
    client.get("/counted")
    assert person.get("/counted").content == b"2"
    assert client.get("/counted").content == b"1"
    client.cookies["messages"] = "x"
    assert client.get("/counted").content == b"3"


@pytest.mark.parametrize(
    "headers", [{"authorization": "Token x"}, {"hx-request": "true"}], ids=["with a token", "a part of a page"]
)
def test_programs_and_parts_of_pages_pass_by(client: Client, headers: dict[str, str]) -> None:
    assert [client.get("/counted", headers=headers).content for _ in range(2)] == [b"1", b"2"]


@pytest.mark.parametrize("address", ["/with_a_form", "/with_a_cookie", "/failed", "/never", "/not_shared"])
def test_what_is_one_readers_own_is_not_kept(address: str) -> None:
    for _ in range(2):
        assert "ETag" not in Client().get(address).headers
    assert len(drawn) == 2


def test_only_a_plain_get_is_kept(client: Client) -> None:
    client.post("/counted")
    client.head("/counted")
    client.get("/counted?" + "a" * 2100)
    client.get("/counted?" + "a" * 2100)
    assert len(drawn) == 4


def test_an_unchanged_page_is_304_with_nothing_in_it(client: Client) -> None:
    first = client.get("/counted")
    again = client.get("/counted", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Language"} <= {word.strip() for word in first["Vary"].split(",")}
    assert client.get("/counted", headers={"if-none-match": '"other"'}).status_code == 200
    page_cache.changed()
    changed = client.get("/counted", headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, changed.content) == (200, b"2")


def test_no_number_of_pages_pushes_out_what_the_rate_limits_count(client: Client, rf: RequestFactory) -> None:
    caller = rf.get("/")
    throttle.check(caller, "login.try", limit=1, seconds=3600)
    for number in range(700):
        client.get(f"/counted?a={number}")

    with pytest.raises(Refused) as refused:
        throttle.check(caller, "login.try", limit=1, seconds=3600)
    assert refused.value.code == "too_many"


def test_a_lost_version_is_a_new_version(client: Client) -> None:
    before = client.get("/counted").content
    page_cache.changed()
    page_cache.cache.delete(page_cache.VERSION)

    assert client.get("/counted").content != before


class NoCache:
    def __getattr__(self, name: str) -> Any:
        raise ConnectionError("the cache is gone")


def test_without_a_cache_pages_are_drawn(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "cache", NoCache())
    page_cache.changed()
    assert [client.get("/counted").content for _ in range(2)] == [b"1", b"2"]


def test_the_register_costs_nothing_the_second_time_and_a_removed_record_is_gone_at_once(client: Client) -> None:
    row = a_public()
    settle()
    addresses = ["/register/", f"/register/{row.public_id}/"]
    first = [client.get(address) for address in addresses]
    with CaptureQueriesContext(connection) as asked:
        again = [client.get(address) for address in addresses]
    assert len(asked) == 0
    assert [page.content for page in again] == [page.content for page in first]

    disclosures.remove(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version, reason="登记有误")
    assert client.get(addresses[1]).status_code == 404
    settle()
    assert row.public_id not in client.get("/register/").content.decode()


def test_pages_shared_by_strangers_have_every_protective_header(client: Client) -> None:
    for address in ("/", "/register/", "/statistics/", "/who/", "/privacy/", "/api/v1/docs", "/register/log/"):
        answers = [client.get(address) for _ in range(2)]
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy", "X-Frame-Options"):
            assert answers[0][name] == answers[1][name], (address, name)
        assert answers[1]["ETag"] == answers[0]["ETag"]
        page_cache.cache.clear()
