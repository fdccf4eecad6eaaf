"""Two presses at the same moment, on two connections: one case, one number, no gap."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from complaints.models import Case, Draft, FilingKey
from complaints.services import drafts, intake
from portal.kernel import crypto
from portal.kernel.errors import Refused
from portal.kernel.models import Counter, OutgoingMessage, User
from publicity.models import CaseFact
from tests import build
from tests.complaints.person import Person
from tests.complaints.test_drafts import up_to_the_check

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 4


def together(act: Callable[[int], Any], callers: int = CALLERS) -> list[Any]:
    gate = Barrier(callers)

    def run(number: int) -> Any:
        try:
            gate.wait(timeout=20)
            return act(number)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(run, range(callers)))


def test_one_key_pressed_together_makes_one_case() -> None:
    build.a_hub()
    citizen, filing = build.a_citizen(), build.a_filing()

    made = together(lambda _n: intake.file(filing=filing, channel="PORTAL", who=citizen, key="k-1").pk)

    assert len(set(made)) == 1
    assert (Case.objects.count(), CaseFact.objects.count(), FilingKey.objects.count()) == (1, 1, 1)
    assert Counter.objects.get(series__startswith="case.").last == 1


def test_different_filings_together_get_numbers_without_a_gap() -> None:
    build.a_hub()
    citizens = [build.a_citizen() for _ in range(CALLERS)]
    filings = [build.a_filing() for _ in range(CALLERS)]

    made = together(
        lambda n: intake.file(filing=filings[n], channel="PORTAL", who=citizens[n], key="k-1").number,
    )

    assert sorted(number[-6:] for number in made) == ["000001", "000002", "000003", "000004"]


def test_a_refused_filing_among_them_leaves_no_gap() -> None:
    build.a_hub()
    citizens = [build.a_citizen() for _ in range(CALLERS)]
    filings = [build.a_filing(name="" if n == 1 else "林示例") for n in range(CALLERS)]

    made = together(
        lambda n: intake.file(filing=filings[n], channel="PORTAL", who=citizens[n], key="k-1").number,
    )

    assert made[1] == "missing"
    assert sorted(number[-6:] for n, number in enumerate(made) if n != 1) == ["000001", "000002", "000003"]


def test_a_draft_pressed_twice_at_once_is_one_case_and_one_receipt() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    draft = Draft.objects.get()
    sent = OutgoingMessage.objects.filter(name="code.file").latest("created_at")
    digits = re.search(r"\d{6}", crypto.unseal(sent, "text_sealed"))
    assert digits
    cookies = person.client.cookies

    def press(_number: int) -> str:
        client = Client()
        client.cookies.update(cookies)
        answer = client.post(f"/complain/{draft.public_id}/check/", {"is_true": "on", "code": digits[0]})
        assert answer.status_code == 302, answer.content.decode()
        assert client.get(answer["Location"]).status_code == 200
        return answer["Location"]

    receipts = together(press)

    assert set(receipts) == {f"/case/{Case.objects.get().public_id}/receipt/"}
    assert User.objects.filter(kind=User.Kind.CITIZEN).count() == 1


def test_somebody_signed_in_who_presses_twice_files_once() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    draft = Draft.objects.get()
    who = build.a_citizen("13900001111")

    filed = together(
        lambda _n: drafts.file_draft(draft_id=draft.pk, agreed={}, code="", is_true=True, who=who).case.pk, callers=2
    )

    assert len(set(filed)) == 1
    assert person.path.endswith("/check/")
