"""File a complaint through the API with all checks, beside a lean handler that does the same inserts and seals."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from knox.models import AuthToken

from complaints.models import Case, FilingKey, Party, Respondent
from portal import opening
from portal.kernel import clock, crypto, ids, numbers
from portal.kernel.models import Clock, Event, Job, Notice, Organisation, OutgoingMessage, User
from publicity.models import CaseFact, Shop
from publicity.services import shops
from tests.benchmarks.harness import Result, rates

FILINGS = 20
FACTS = "买的空气净化器噪声很大，店员说三十天可以退，去退时说拆了包装不能退，小票和聊天记录都在。"
_serial = itertools.count(1)


def _body(shop: Shop) -> dict[str, Any]:
    return {
        "shop": shop.public_id,
        "district": "120104",
        "facts": FACTS,
        "purchased_on": "2026-10-01",
        "paid_fen": 129_900,
        "claims": ["refund"],
        "claimed_fen": 129_900,
        "name": "林示例",
        "phone": f"138{next(_serial):08d}",
        "address": "天津市河西区示例里 1 号",
    }


def results() -> Iterator[Result]:
    """Filings a second."""
    opening.open_city()
    caller = User.objects.create(kind=User.Kind.CLIENT, username="bench-filing")
    token = AuthToken.objects.create(caller)[1]
    shop = shops.register(
        name="天津示例商贸有限公司", uscc="91120101MAXX000158", district="120104", address="示例道 1 号"
    )
    client = Client(headers={"Authorization": f"Token {token}"})

    def portal(turn: int) -> int:
        for _ in range(FILINGS):
            answer = client.post(
                "/api/v1/complaints",
                json.dumps(_body(shop)),
                content_type="application/json",
                headers={"Idempotency-Key": ids.new_id()},
            )
            assert answer.status_code == 201, answer.content
        return FILINGS

    def floor(turn: int) -> int:
        with override_settings(ROOT_URLCONF=__name__):
            for _ in range(FILINGS):
                answer = client.post("/lean", json.dumps(_body(shop)), content_type="application/json")
                assert answer.status_code == 201
        return FILINGS

    written = _rows_written(portal)
    assert _rows_written(floor) == written, "the floor writes other rows than the portal"
    yield rates("file a complaint (API)", unit="/s", portal=portal, floor=floor, budget="≥ 0.6", ratio_at_least=0.6)


def _rows_written(work: Callable[[int], int]) -> dict[str, int]:
    """How many rows one round adds to each table, after a round that makes what is made once a day."""
    work(-2)
    before = {model._meta.label: model.objects.count() for model in apps.get_models()}  # type: ignore[attr-defined]
    work(-1)
    return {
        model._meta.label: model.objects.count() - before[model._meta.label]  # type: ignore[attr-defined]
        for model in apps.get_models()
    }


@csrf_exempt
@transaction.atomic
def lean(request: HttpRequest) -> JsonResponse:
    """The same inserts, seals and gap-free number with nothing around them."""
    body = json.loads(request.body)
    caller = User.objects.get(username="bench-filing")
    shop = Shop.objects.get(public_id=body["shop"])
    hub = Organisation.objects.get(kind="hub")
    now = clock.now()
    public_id = ids.new_id()
    fact = CaseFact.objects.create(
        kind="complaint", shop=shop, district="120104", channel="API", regime="ORDER121", received_on=now.date()
    )
    citizen = User.objects.create(
        public_id=ids.new_id(),
        kind="citizen",
        phone_sealed=crypto.Plain(body["phone"]),
        phone_index=crypto.blind_index("phone", body["phone"]),
    )
    case = Case.objects.create(
        public_id=public_id,
        number=f"LEAN-{numbers.next_number('lean')}",
        channel="API",
        shop=shop,
        district="120104",
        hub=hub,
        title="示例",
        facts_sealed=crypto.Plain(body["facts"]),
        purchased_on=date.fromisoformat(body["purchased_on"]),
        submitted_at=now,
        hub_received_at=now,
        fact=fact,
    )
    Party.objects.create(
        case=case,
        user=citizen,
        name=crypto.Plain(body["name"]),
        phone=crypto.Plain(body["phone"]),
        address=crypto.Plain(body["address"]),
        phone_index=crypto.blind_index("phone", body["phone"]),
        name_index=crypto.blind_index("name", body["name"]),
    )
    Respondent.objects.create(case=case, name=shop.name, address=shop.address)
    FilingKey.objects.create(caller=caller, key=public_id, body_sha256="0" * 64, case=case, at=now)
    Clock.objects.create(
        subject_label="complaints.case",
        subject_pk=str(case.pk),
        code="HUB",
        regime="STANDING",
        article="",
        measure="WD",
        length=1,
        unit=hub,
        started_on=now.date(),
        started_at=now,
        due_on=now.date(),
    )
    Event.objects.create(
        name="case.filed", subject_label="complaints.case", subject_pk=str(case.pk), seq=1, at=now, hash=public_id
    )
    for name in ("receipt", "index", "deliver"):
        Job.objects.create(name=f"lean.{name}", priority=5, owed_at=now, due_at=now, done_at=now)
    notice = Notice.objects.create(user=citizen, name="case.filed", created_at=now)
    OutgoingMessage.objects.create(
        name="case.filed",
        notice=notice,
        channel="sms",
        idempotency_key=public_id,
        address_sealed=crypto.Plain(body["phone"]),
        text_sealed=crypto.Plain("示例"),
        created_at=now,
    )
    return JsonResponse({"number": case.number}, status=201)


urlpatterns = [path("lean", lean)]
