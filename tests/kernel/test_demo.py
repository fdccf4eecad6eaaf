from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from portal.kernel import codes, jobs, people
from portal.kernel.access import SECOND_FACTOR
from portal.kernel.models import Membership, Organisation, OutgoingMessage, User
from tests.messages import code_sent_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1:8000"})


@pytest.fixture
def officer() -> User:
    bureau = Organisation.objects.create(code="demo", name="示例局", short_name="示例局", kind="bureau")
    user = User.objects.create(kind="staff", username="officer", display_name="沈示例")
    Membership.objects.create(user=user, organisation=bureau, role="officer")
    return user


@pytest.mark.usefixtures("demo")
def test_one_click_enters_as_a_role_with_its_second_factor(officer: User, client: Client) -> None:
    text = client.get("/demo/").content.decode()
    assert "承办人" in text
    assert "沈示例" in text

    assert client.post(f"/demo/enter/{officer.public_id}/").status_code == 302
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert client.session[SECOND_FACTOR]


@pytest.mark.usefixtures("demo")
def test_one_click_makes_a_new_consumer_each_time(client: Client) -> None:
    people.citizen("19900000001")
    for _turn in range(2):
        assert client.post("/demo/enter/").status_code == 302

    assert User.objects.filter(kind="citizen").count() == 3
    assert SECOND_FACTOR not in client.session


@pytest.mark.usefixtures("demo")
def test_codes_and_one_time_passwords_can_be_read_there(officer: User, client: Client) -> None:
    secret = generate_totp_secret()
    totp = TOTP.activate(officer, secret)
    codes.issue("13900000001", "login")
    jobs.drain()

    text = client.get("/demo/").content.decode()
    assert code_sent_to("13900000001") in text
    assert OutgoingMessage.objects.get().state == "sent"
    shown = text.split("动态口令 ")[1][:6]
    assert totp.validate_code(shown)


@pytest.mark.usefixtures("demo")
def test_entering_takes_a_post_and_a_person_of_the_city(client: Client, officer: User) -> None:
    agency = User.objects.create(kind="client", username="agency")

    assert client.get(f"/demo/enter/{officer.public_id}/").status_code == 405
    assert client.post(f"/demo/enter/{agency.public_id}/").status_code == 404
    assert client.post("/demo/enter/nobody/").status_code == 404


@pytest.mark.parametrize(
    ("is_demo", "more"),
    [
        (False, {}),
        (True, {"REMOTE_ADDR": "203.0.113.7"}),
        (True, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}),
        (True, {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "portal.example.cn"}),
    ],
)
def test_there_is_no_such_page_anywhere_else(
    is_demo: bool, more: dict[str, str], officer: User, client: Client, settings: Any
) -> None:
    settings.DEMO = is_demo
    settings.ALLOWED_HOSTS = ["*"]

    assert client.get("/demo/", **more).status_code == 404  # type: ignore[arg-type]
    assert client.post(f"/demo/enter/{officer.public_id}/", **more).status_code == 404  # type: ignore[arg-type]
    assert client.post("/demo/enter/", **more).status_code == 404  # type: ignore[arg-type]
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1
