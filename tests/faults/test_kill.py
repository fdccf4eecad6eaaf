"""`kill -9` with twenty acknowledged filings and twenty jobs in flight: nothing lost, nothing doubled."""

import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.services.portal import Portal
from tests.shell.commands import PASSWORD, portal

FILINGS = 20
PATIENCE = 90.0

MAKE_CLIENT = """
from knox.models import AuthToken
from complaints.services import routing
from portal.kernel import bodies
from portal.kernel.models import User
bodies.sync()
routing.seed_routing()
client = User.objects.create(kind=User.Kind.CLIENT, username="fault-client")
print("TOKEN", AuthToken.objects.create(client)[1])
"""

COUNT = """
import json
from collections import Counter
from complaints.models import Case
from portal.kernel.models import Document, Job, OutgoingMessage
from portal.kernel import events
cases = list(Case.objects.order_by("pk"))
print("STATE", json.dumps({
    "numbers": [case.number for case in cases],
    "receipts": sorted(Counter(Document.objects.filter(kind="receipt").values_list("subject_pk", flat=True)).values()),
    "made": Document.objects.filter(kind="receipt", state="made").count(),
    "open_jobs": Job.objects.filter(done_at=None, given_up_at=None, due_at__lte=events.clock.now()).count(),
    "given_up": Job.objects.filter(given_up_at__isnull=False).count(),
    "messages": sorted(Counter(OutgoingMessage.objects.values_list("idempotency_key", flat=True)).values()),
    "filed": sorted(len(events.of(case).filter(name="case.filed")) for case in cases),
    "broken": [broken.why for broken in events.broken_chains()],
}))
"""


def _run(house: Portal, code: str, word: str) -> str:
    done = portal("portal", "manage", "shell", "-v0", "-c", code, environment=house.environment)
    lines = [line for line in done.stdout.splitlines() if line.startswith(word)]
    assert lines, done.stdout
    return lines[0].removeprefix(word).strip()


def _file(portal: Portal, token: str, place: int) -> str:
    body = {
        "shop_name": f"示例第{place}店",
        "shop_address": "南开区示例道 1 号",
        "district": "120104",
        "facts": "买的东西有质量问题，商家不肯退，小票和照片都在。",
        "purchased_on": "2026-10-01",
        "paid_fen": 10_000,
        "claims": ["refund"],
        "claimed_fen": 10_000,
        "name": "林示例",
        "phone": f"1380001{place:04d}",
        "address": "天津市河西区示例里 1 号",
    }
    request = urllib.request.Request(
        f"{portal.address}/api/v1/complaints",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Token {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"fault-{place}",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 201
        return str(json.load(answer)["number"])


@pytest.fixture
def house(tmp_path: Path) -> Portal:
    (tmp_path / "data").mkdir()
    made = Portal(tmp_path, PORTAL_ORIGIN="http://127.0.0.1:8000", PORTAL_ADMIN_PASSWORD=PASSWORD)
    assert portal("portal", "init", "--username", "root", environment=made.environment).returncode == 0
    return made


def test_what_was_acknowledged_survives_and_is_done_once(house: Portal) -> None:
    token = _run(house, MAKE_CLIENT, "TOKEN")
    with house:
        with ThreadPoolExecutor(8) as crowd:
            acknowledged = list(crowd.map(lambda place: _file(house, token, place), range(FILINGS)))
        house.kill()
        in_flight = json.loads(_run(house, COUNT, "STATE"))
        assert in_flight["open_jobs"] >= FILINGS, "the kill came after the work was done"

        house.start()
        again = [_file(house, token, place) for place in range(FILINGS)]
        state = _until_nothing_is_owed(house)

    assert sorted(acknowledged) == sorted(state["numbers"])
    assert again == acknowledged
    assert [int(number[-6:]) for number in sorted(state["numbers"])] == list(range(1, FILINGS + 1))
    assert state["filed"] == [1] * FILINGS
    assert state["receipts"] == [1] * FILINGS
    assert state["made"] == FILINGS
    assert state["messages"] == [1] * FILINGS
    assert state["given_up"] == 0
    assert state["broken"] == []


def _until_nothing_is_owed(house: Portal) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        state: dict[str, Any] = json.loads(_run(house, COUNT, "STATE"))
        if state["open_jobs"] == 0:
            return state
        time.sleep(1)
    pytest.fail("work was still owed")
