"""Filing and counting from outside, as another program would: over HTTP and at the console."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Protocol

from tests.shell.commands import portal


class House(Protocol):
    """A running portal, embedded or cluster."""

    @property
    def address(self) -> str: ...

    @property
    def environment(self) -> Mapping[str, str]: ...


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
from portal.kernel import events, proof
cases = list(Case.objects.order_by("pk"))
print("STATE", json.dumps({
    "numbers": [case.number for case in cases],
    "receipts": sorted(Counter(Document.objects.filter(kind="receipt").values_list("subject_pk", flat=True)).values()),
    "made": Document.objects.filter(kind="receipt", state="made").count(),
    "open_jobs": Job.objects.filter(done_at=None, given_up_at=None, due_at__lte=events.clock.now()).count(),
    "given_up": Job.objects.filter(given_up_at__isnull=False).count(),
    "messages": sorted(Counter(OutgoingMessage.objects.values_list("idempotency_key", flat=True)).values()),
    "filed": sorted(len(events.of(case).filter(name="case.filed")) for case in cases),
    "broken": [str(fault) for fault in proof.faults()],
}))
"""


def run(house: House, code: str, word: str) -> str:
    """Run *code* at the console of *house* and answer the line that begins with *word*."""
    done = portal("portal", "manage", "shell", "-v0", "-c", code, environment=house.environment)
    lines = [line for line in done.stdout.splitlines() if line.startswith(word)]
    assert lines, done.stdout
    return lines[0].removeprefix(word).strip()


def file(house: House, token: str, place: int) -> str:
    """File the complaint of *place* and answer its number; the same place again is the same complaint."""
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
        f"{house.address}/api/v1/complaints",
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
