from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.kernel import crypto, people
from portal.kernel.access import SECOND_FACTOR
from portal.kernel.models import OutgoingMessage, User
from tests.messages import code_sent_to

pytestmark = pytest.mark.django_db
PHONE = "13900000001"


def ask(client: Client, phone: str = "139 0000 0001", onward: str = "") -> Any:
    return client.post("/login/", {"phone": phone, "next": onward})


def test_a_phone_and_its_code_are_all_it_takes(client: Client) -> None:
    assert client.get("/login/").status_code == 200
    sent = ask(client, onward="/inbox/")
    assert sent["Location"] == "/login/code/?next=%2Finbox%2F"

    page = client.get(sent["Location"]).content.decode()
    assert "139****0001" in page
    assert PHONE not in page

    done = client.post("/login/code/", {"code": code_sent_to(PHONE), "next": "/inbox/"})
    assert done["Location"] == "/inbox/"
    user = User.objects.get()
    assert (user.kind, crypto.unseal(user, "phone_sealed")) == ("citizen", PHONE)
    assert client.get("/inbox/").status_code == 200


def test_the_same_phone_is_the_same_person_again(client: Client) -> None:
    known = people.citizen(PHONE)
    ask(client)
    client.post("/login/code/", {"code": code_sent_to(PHONE)})

    assert User.objects.get() == known


def test_a_wrong_code_lets_nobody_in(client: Client) -> None:
    ask(client)
    wrong = f"{(int(code_sent_to(PHONE)) + 1) % 1_000_000:06d}"
    page = client.post("/login/code/", {"code": wrong})

    assert page.status_code == 422
    assert "还可以再试 4 次" in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 0


def test_what_is_no_phone_is_said_at_the_field_and_nothing_is_sent(client: Client) -> None:
    for phone in ("", "12345", "abc"):
        page = ask(client, phone)
        assert page.status_code == 422
        assert 'href="#id_phone"' in page.content.decode()
    assert OutgoingMessage.objects.count() == 0


def test_the_phone_does_not_lie_readable_in_the_session(client: Client) -> None:
    ask(client)

    assert PHONE not in str(dict(client.session))


def test_a_second_code_can_be_asked_for_after_a_minute(client: Client) -> None:
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        ask(client)
        assert client.post("/login/", {"again": "1"}).status_code == 422
    with time_machine.travel("2026-11-24 10:02+08:00", tick=False):
        assert client.post("/login/", {"again": "1"})["Location"] == "/login/code/"
    assert OutgoingMessage.objects.count() == 2


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"])
def test_nobody_is_led_off_the_site(onward: str, client: Client) -> None:
    assert ask(client, onward=onward)["Location"] == "/login/code/"
    done = client.post("/login/code/", {"code": code_sent_to(PHONE), "next": onward})

    assert "evil" not in done["Location"]


def test_the_code_page_without_a_phone_begins_at_the_beginning(client: Client) -> None:
    assert client.get("/login/code/?next=/inbox/")["Location"] == "/login/?next=%2Finbox%2F"


def test_a_closed_account_stays_closed(client: Client) -> None:
    user = people.citizen(PHONE)
    User.objects.filter(pk=user.pk).update(is_active=False)
    ask(client)
    page = client.post("/login/code/", {"code": code_sent_to(PHONE)})

    assert page.status_code == 422
    assert "停用" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_one_address_does_not_send_codes_to_the_whole_town(client: Client) -> None:
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        answers = [ask(client, f"1390000{number:04d}").status_code for number in range(22)]

    assert answers == [302] * 20 + [422] * 2


def test_signing_out_takes_a_post(client: Client) -> None:
    client.force_login(people.citizen(PHONE), backend=people.BACKEND)

    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert "_auth_user_id" not in client.session


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client: Client) -> None:
    client.force_login(User.objects.create(kind="staff", username="officer"), backend=people.BACKEND)

    assert "现在设置" in client.get("/second-factor/?next=/inbox/").content.decode()
    session = client.session
    session[SECOND_FACTOR] = "2026-11-24T10:00:00+08:00"
    session.save()
    assert client.get("/second-factor/?next=/inbox/")["Location"] == "/inbox/"


def test_others_are_sent_from_the_second_factor_to_the_staff_door(client: Client) -> None:
    assert client.get("/second-factor/")["Location"].startswith("/desk/login/?next=")
    client.force_login(people.citizen(PHONE), backend=people.BACKEND)
    assert client.get("/second-factor/")["Location"].startswith("/desk/login/?next=")


def test_a_large_print_reader_stays_one(client: Client) -> None:
    answer = client.post("/text-size/", {"size": "large", "next": "/verify/"})
    assert (answer["Location"], client.cookies["elder"].value) == ("/verify/", "1")
    assert 'data-text="large"' in client.get("/verify/").content.decode()

    client.post("/text-size/", {"size": "normal", "next": "//evil.example/"})
    assert 'data-text="large"' not in client.get("/verify/").content.decode()
