"""`/api/v1/complaints`: the same service behind a key, problems as RFC 9457, and only one's own to read."""

import io
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from knox.models import AuthToken
from PIL import Image
from rest_framework.test import APIClient

from complaints.models import Case
from portal.kernel.access import Role
from portal.kernel.models import Notice, User
from tests import build
from tests.complaints.test_filing import TUESDAY

pytestmark = pytest.mark.django_db
PATH = "/api/v1/complaints"


def api(who: User | None = None) -> APIClient:
    client = APIClient()
    if who is not None:
        _instance, token = AuthToken.objects.create(user=who)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def a_body(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "shop": build.a_shop().public_id,
        "facts": build.STORY,
        "purchased_on": "2026-11-02",
        "paid_fen": 129_900,
        "claims": ["return"],
        "claimed_fen": 129_900,
        "problem": "P02",
        "name": "林示例",
        "phone": "13900001111",
        "address": "天津市河西区示例道 1 号",
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


def post(client: APIClient, body: dict[str, Any], key: str | None = "k-1") -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post(PATH, body, format="json", headers=headers)


@time_machine.travel(TUESDAY, tick=False)
def test_an_agency_files_and_reads_back_where_it_stands() -> None:
    build.a_hub()
    client = api(build.a_client())

    answer = post(client, a_body())

    case = Case.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver{PATH}/{case.public_id}"
    assert case.channel == "API"
    assert case.consumer.user == build.a_citizen("13900001111")
    assert answer.json() == {
        "id": case.public_id,
        "number": "TJ-TS-20261124-000001",
        "received_at": "2026-11-24T10:30:00+08:00",
        "url": answer["Location"],
    }
    told = client.get(answer["Location"]).json()
    assert told["steps"][0] == {
        "state": "past",
        "when": "11 月 24 日 10:30",
        "title": "投诉已登记",
        "text": "渠道：接口。当场得到编号。",
    }
    del told["steps"]
    assert told == {
        "id": case.public_id,
        "number": "TJ-TS-20261124-000001",
        "state": "hub_received",
        "state_text": "登记待分送",
        "received_at": "2026-11-24T10:30:00+08:00",
        "headline": "已经收到，正在送往负责的区局。您现在不用做什么。",
        "whose_turn": "hub",
        "by": "2026-11-25",
        "clock": {"code": "HUB", "due_on": "2026-11-25", "provisional": False},
        "url": f"http://testserver{PATH}/{case.public_id}",
    }


def test_a_replay_answers_the_same_and_another_body_under_the_key_is_refused() -> None:
    build.a_hub()
    client, body = api(build.a_client()), a_body()

    first, again = post(client, body), post(client, body)
    other = post(client, body | {"paid_fen": 1})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert other.json() == {
        "type": "/problems/idempotency_key_reused",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "idempotency_key_reused",
        "detail": "这个防重复标识已经用于另一件投诉。新的投诉请换一个标识。",
    }
    assert other["Content-Type"] == "application/problem+json"
    assert (Case.objects.count(), Notice.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"name": None}, 422, "missing", "name"),
        ({"facts": ""}, 422, "missing", "facts"),
        ({"shop": "nothing"}, 422, "unknown", "shop"),
        ({"shop": None}, 422, "missing", "shop_name"),
        ({"phone": "12"}, 422, "phone", "phone"),
        ({"upload_ids": ["abc"]}, 422, "unknown", "upload_ids"),
        ({"claims": ["triple"]}, 400, "invalid", None),
        ({"paid_fen": "many"}, 400, "invalid", None),
        ({"purchased_on": "02.11.2026"}, 400, "invalid", None),
    ],
)
def test_what_is_wrong_is_a_problem_and_nothing_is_kept(
    changes: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    build.a_hub()

    answer = post(api(build.a_client()), a_body(**changes))

    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (status, code, field)
    assert answer["Content-Type"] == "application/problem+json"
    assert Case.objects.count() == 0


def test_without_a_key_or_a_person_nothing_is_filed() -> None:
    build.a_hub()
    clerk = build.staff(Role.INTAKE)

    answers = [
        post(api(build.a_client()), a_body(), key=None),
        post(api(build.a_client()), a_body(), key="k" * 81),
        post(api(), a_body()),
        post(api(clerk), a_body()),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (400, "idempotency_key"),
        (400, "idempotency_key"),
        (401, "not_authenticated"),
        (403, "permission_denied"),
    ]
    assert Case.objects.count() == 0


def test_only_who_filed_it_or_whose_it_is_may_read_it() -> None:
    build.a_hub()
    client = build.a_client()
    path = post(api(client), a_body()).json()["url"]
    consumer = build.a_citizen("13900001111")

    seen = {
        name: api(who).get(path).status_code
        for name, who in {
            "filer": client,
            "consumer": consumer,
            "other agency": build.a_client(),
            "other citizen": build.a_citizen(),
            "nobody": None,
            "staff": build.staff(Role.DISPATCHER, build.a_hub()),
        }.items()
    }

    assert seen == {
        "filer": 200,
        "consumer": 200,
        "other agency": 404,
        "other citizen": 404,
        "nobody": 401,
        "staff": 403,
    }


def test_a_citizen_is_slowed_down_and_an_agency_is_not(settings: Any) -> None:
    build.a_hub()
    citizen, agency = api(build.a_citizen()), api(build.a_client())

    by_citizen = [post(citizen, {}, key=str(number)).status_code for number in range(61)]
    by_agency = [post(agency, {}, key=str(number)).status_code for number in range(61)]

    assert by_citizen == [422] * 60 + [429]
    assert by_agency == [422] * 61


def test_a_file_is_sent_ahead_and_becomes_evidence() -> None:
    build.a_hub()
    client = api(build.a_client())
    picture = io.BytesIO()
    Image.new("RGB", (10, 10)).save(picture, "PNG")

    sent = client.post("/api/v1/uploads", {"file": SimpleUploadedFile("小票.png", picture.getvalue())})
    nothing = client.post("/api/v1/uploads", {})
    answer = post(client, a_body(upload_ids=[sent.json()["id"]]))

    assert (sent.status_code, sent.json()["kind"], sent.json()["state"]) == (201, "png", "unscanned")
    assert (nothing.status_code, nothing.json()["field"]) == (422, "file")
    assert answer.status_code == 201
    assert [row.upload.public_id for row in Case.objects.get().evidence.all()] == [sent.json()["id"]]
