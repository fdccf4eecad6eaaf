"""The transparency log proves itself to anybody who asks, and notices what was changed behind it."""

import hashlib
import re
import subprocess
import sys
from html import unescape

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from portal.kernel.access import Role
from publicity.models import Disclosure, LogLeaf
from publicity.services import disclosures, shops, transparency
from publicity.views.register import VERIFIER
from tests.build import a_shop, staff
from tests.build_register import a_passed, a_public, settle, without_triggers


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def removed(row: Disclosure) -> Disclosure:
    return disclosures.remove(
        disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version, reason="法院判决认定身份有误"
    )


@pytest.mark.django_db
def test_a_leaf_and_every_head_can_be_computed_from_what_the_api_hands_out(client: Client) -> None:
    first, second = a_public(), a_public(summary="衣物洗后褪色，要求赔偿，双方没有达成一致。")
    removed(first)
    record = client.get(f"/api/v1/disclosures/{second.public_id}").json()
    log = client.get("/api/v1/transparency-log").json()

    proof = record["proof"]
    assert proof["leaf"] == sha256(f"{proof['salt']}|{proof['kind']}|{record['content']}")
    assert proof["head"] == sha256(f"{proof['previous']}|{proof['leaf']}")
    assert [(line["index"], line["kind"]) for line in log["results"]] == [
        (1, "published"),
        (2, "published"),
        (3, "removed"),
    ]
    head = ""
    for line in log["results"]:
        assert line["previous"] == head
        head = sha256(f"{head}|{line['leaf']}")
        assert line["head"] == head
    assert log["results"][proof["index"] - 1]["leaf"] == proof["leaf"]
    assert log["next"] is None
    assert "salt" not in log["results"][0]


@pytest.mark.django_db
def test_the_log_is_read_on_from_any_line(client: Client) -> None:
    for number in range(3):
        a_public(summary=f"空气净化器第 {number} 次拆封后要求退货，已退款。")
    assert [line["index"] for line in client.get("/api/v1/transparency-log?after=2").json()["results"]] == [3]
    assert client.get("/api/v1/transparency-log?after=3").json() == {"results": [], "next": None}
    for wrong in ("-1", "x", "1.5", "9" * 40, "²"):
        answer = client.get("/api/v1/transparency-log", {"after": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_after"), wrong


@pytest.mark.django_db
def test_a_changed_public_record_is_found() -> None:
    row = a_public()
    Disclosure.objects.filter(pk=row.pk).update(summary="改过的话，看上去没有人会发现。")
    assert list(transparency.broken_log()) == ["leaf 1: the public record differs from what was published"]


@pytest.mark.django_db
def test_a_changed_a_missing_and_a_swapped_line_are_found() -> None:
    for _ in range(3):
        a_public()
    leaf = LogLeaf.objects.get(index=2)
    without_triggers()
    LogLeaf.objects.filter(pk=leaf.pk).update(leaf_hash="0" * 64)
    assert list(transparency.broken_log()) == [
        "leaf 2: does not follow its predecessor",
        "leaf 2: the public record differs from what was published",
    ]
    LogLeaf.objects.filter(pk=leaf.pk).delete()
    assert list(transparency.broken_log()) == [
        "leaf 3: does not follow its predecessor",
        f"record {leaf.disclosure.public_id}: is public without a leaf",
    ]


@pytest.mark.django_db
def test_a_line_cut_off_at_the_end_is_found() -> None:
    a_public()
    last = a_public()
    LogLeaf.objects.filter(index=2).delete()
    assert list(transparency.broken_log()) == [
        "leaf 2: is missing at the end",
        f"record {last.public_id}: is public without a leaf",
    ]


@pytest.mark.django_db
def test_a_record_hidden_behind_the_log_is_found() -> None:
    row = a_public()
    Disclosure.objects.filter(pk=row.pk).update(state=Disclosure.State.EXPIRED)
    assert list(transparency.broken_log()) == ["leaf 1: says public what is not"]


@pytest.mark.django_db
def test_two_shops_that_become_one_add_a_line_and_the_record_stays_provable(client: Client) -> None:
    gone, kept = a_shop(), a_shop()
    row, waiting = a_public(shop=gone), a_passed()
    shops.merge(shop_id=gone.pk, into_id=kept.pk, who=staff(Role.DISPATCHER), version=gone.version)
    settle()

    row.refresh_from_db()
    assert row.shop == kept
    assert [leaf.kind for leaf in LogLeaf.objects.order_by("index")] == ["published", "moved"]
    assert list(transparency.broken_log()) == []
    record = client.get(f"/api/v1/disclosures/{row.public_id}").json()
    proof = record["proof"]
    assert (proof["index"], proof["kind"], record["shop_id"]) == (2, "moved", kept.public_id)
    assert proof["leaf"] == sha256(f"{proof['salt']}|moved|{record['content']}")
    listed = client.get("/api/v1/disclosures", {"shop": kept.public_id}).json()
    assert [found["id"] for found in listed["results"]] == [row.public_id]
    waiting.refresh_from_db()
    assert waiting.version == 2


@pytest.mark.django_db
def test_the_page_shows_the_head_the_lines_and_the_way_to_verify(client: Client) -> None:
    assert "还没有公示过" in client.get("/register/log/").content.decode()
    row = removed(a_public())
    public = a_public()
    page = client.get("/register/log/").content.decode()

    assert LogLeaf.objects.get(index=3).head in page
    assert f"/register/{public.public_id}/" in page
    assert f"/register/{row.public_id}/" not in page
    assert [int(number) for number in re.findall(r'<td class="n">(\d+)</td>', page)] == [3, 2, 1]
    older = client.get("/register/log/?before=2").content.decode()
    assert [int(number) for number in re.findall(r'<td class="n">(\d+)</td>', older)] == [1]
    assert LogLeaf.objects.get(index=3).head not in older
    assert "再往前没有了" in client.get("/register/log/?before=1").content.decode()
    assert client.get("/register/log/?before=abc").status_code == 200
    program = client.get("/register/log/verify_log.py")
    assert program.content == VERIFIER.read_bytes()
    assert program.headers["Content-Disposition"] == 'attachment; filename="verify_log.py"'


@pytest.mark.django_db(transaction=True)
def test_the_program_on_the_log_page_verifies_a_running_portal(live_server: LiveServer, client: Client) -> None:
    first, second = a_public(), a_public()
    settle()
    page = unescape(client.get("/register/log/").content.decode())
    assert "python3 verify_log.py" in page
    seen = LogLeaf.objects.get(index=1).head

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(VERIFIER), live_server.url, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    done = run(first.public_id, second.public_id, "--seen", seen)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{first.public_id}: as published, line 1",
        f"{second.public_id}: as published, line 2",
        f"2 lines, each locks the ones before it; head {LogLeaf.objects.get(index=2).head}",
    ]
    rewritten = run("--seen", "0" * 64)
    assert (rewritten.returncode, rewritten.stdout) == (1, "")
    assert "it was rewritten" in rewritten.stderr

    Disclosure.objects.filter(pk=first.pk).update(summary="改过的话，看上去没有人会发现。")
    changed = run(first.public_id)
    assert changed.returncode == 1
    assert "differs from what was published" in changed.stderr
