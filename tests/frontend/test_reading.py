"""大字版 and the language: switched by the server, remembered on the device, and back on the same page."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def test_large_print_comes_and_goes_and_leads_back(strict: Client) -> None:
    answer = strict.post("/text-size/", {"size": "large", "next": "/login/?next=%2Fmine%2F"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=%2Fmine%2F")
    page = strict.get("/login/").content.decode()
    assert '<html lang="zh-Hans" data-text="large">' in page
    assert "标准版" in page

    strict.post("/text-size/", {"size": "normal", "next": "/login/"})
    page = strict.get("/login/").content.decode()
    assert "data-text" not in page
    assert "大字版" in page


def test_english_comes_and_goes(strict: Client) -> None:
    strict.post("/language/", {"language": "en", "next": "/login/"})
    assert '<html lang="en">' in strict.get("/login/").content.decode()
    strict.post("/language/", {"language": "zh-hans", "next": "/login/"})
    assert '<html lang="zh-Hans">' in strict.get("/login/").content.decode()


def test_a_language_that_is_not_offered_changes_nothing(strict: Client) -> None:
    answer = strict.post("/language/", {"language": "tlh", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert not answer.cookies


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil", ""])
@pytest.mark.parametrize("switch", ["/text-size/", "/language/"])
def test_nobody_is_led_off_the_site(switch: str, onward: str, strict: Client) -> None:
    assert strict.post(switch, {"size": "large", "language": "en", "next": onward})["Location"] == "/"


@pytest.mark.parametrize("switch", ["/text-size/", "/language/"])
def test_a_link_switches_nothing(switch: str, strict: Client) -> None:
    assert strict.get(switch).status_code == 405


def test_the_page_of_a_refused_form_leads_back_to_the_form(client: Client) -> None:
    page = client.post("/login/", {"phone": "12"}, headers={"referer": "http://testserver/login/?next=%2Fmine%2F"})
    assert page.status_code == 422
    assert 'name="next" value="/login/?next=%2Fmine%2F"' in page.content.decode()

    stranger = client.post("/login/", {"phone": "12"}, headers={"referer": "https://evil.example/"})
    assert 'name="next" value="/"' in stranger.content.decode()


def test_a_page_for_a_stranger_carries_no_token_and_sets_no_cookie(client: Client) -> None:
    page = client.get("/verify/")
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert not page.cookies
