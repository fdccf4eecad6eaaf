"""A migrated database holds what the models cannot say."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from tests.services.portal import clean_environment
from tests.shell.commands import portal


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    (folder / "data").mkdir()
    environment = clean_environment(folder, PORTAL_DEMO="1")
    done = portal("portal", "manage", "migrate", "-v0", environment=environment)
    assert done.returncode == 0, done.stdout
    return folder / "data" / "portal.sqlite3"


def test_what_is_never_rewritten_has_its_triggers(migrated: Path) -> None:
    with sqlite3.connect(migrated) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}

    assert names == {
        "kernel_accessrecord_no_delete",
        "kernel_accessrecord_no_update",
        "kernel_anchor_no_delete",
        "kernel_anchor_no_update",
        "kernel_event_no_delete",
        "kernel_event_no_update",
        "kernel_lawversion_no_delete",
        "kernel_lawversion_no_update",
        "mediation_entry_legs",
        "mediation_entry_no_delete",
        "mediation_entry_no_update",
        "log_lines_never_change",
        "signed_releases_never_change",
    }


def test_no_model_waits_for_a_migration(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = portal("portal", "manage", "makemigrations", "--check", "--dry-run", environment=clean_environment(tmp_path))
    assert done.returncode == 0, done.stdout


def _sha(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


OLD_EVENT = (
    "INSERT INTO kernel_event (id, name, subject_label, subject_pk, seq, at, payload, previous, hash)"
    " VALUES (?, 'unit.opened', 'kernel.organisation', ?, 1, '2026-11-24 04:00:00', '{}', '', ?)"
)
OLD_CHECKPOINT = (
    "INSERT INTO kernel_anchor (first_event_id, last_event_id, count, digest, at)"
    " VALUES (?, ?, ?, ?, '2026-11-24 04:05:00')"
)
FAULTS = "from portal.kernel import anchors; print('FAULTS', *anchors.faults(1, 2), sep='|')"


@pytest.mark.parametrize("is_touched", [False, True])
def test_checkpoints_from_before_are_carried_over_where_they_still_add_up(tmp_path: Path, is_touched: bool) -> None:
    (tmp_path / "data").mkdir()
    environment = clean_environment(tmp_path, PORTAL_DEMO="1")
    portal("portal", "manage", "migrate", "-v0", "kernel", "0002", environment=environment)
    hashes = [_sha(str(number)) for number in range(4)]
    first = _sha("", *hashes[:2])
    with sqlite3.connect(tmp_path / "data" / "portal.sqlite3") as database:
        for pk, digest in zip((1, 2, 5, 6), hashes, strict=True):
            database.execute(OLD_EVENT, (pk, str(pk), digest))
        database.execute(OLD_CHECKPOINT, (1, 2, 2, first))
        database.execute(OLD_CHECKPOINT, (5, 6, 2, "0" * 64 if is_touched else _sha(first, *hashes[2:])))

    assert portal("portal", "manage", "migrate", "-v0", environment=environment).returncode == 0

    said = portal("portal", "manage", "shell", "-v0", "-c", FAULTS, environment=environment).stdout
    assert said.strip().splitlines()[-1] == ("FAULTS|检查点 2：写下以后被改过" if is_touched else "FAULTS")
    with sqlite3.connect(tmp_path / "data" / "portal.sqlite3") as database:
        kept = list(database.execute("SELECT seq, first_event_id, last_event_id, absent FROM kernel_anchor"))
    assert kept == [(1, 1, 2, "[]"), (2, 3, 6, "[[3, 4]]")]


def test_clocks_that_ran_before_cite_their_law_by_its_full_name(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    environment = clean_environment(tmp_path, PORTAL_DEMO="1")
    assert portal("portal", "manage", "migrate", "kernel", "0002", "-v0", environment=environment).returncode == 0
    clock = {
        "public_id": "", "subject_label": "complaints.case", "code": "D01", "regime": "ORDER121", "measure": "WD",
        "length": 7, "extended_by": 0, "paused_days": 0, "started_on": "2026-11-02", "started_at": "2026-11-02",
        "due_on": "2026-11-11", "provisional": 0, "calendar_version": "x", "ended_as": "",
    }  # fmt: skip
    cites = ("办法第十五条", "旧办法第十四条", "处罚程序规定第十八条", "办法第四十一条，本市目标", "本市目标")
    with sqlite3.connect(tmp_path / "data" / "portal.sqlite3") as database:
        for number, article in enumerate(cites):
            row = {**clock, "public_id": f"clock{number}", "subject_pk": str(number), "article": article}
            places = ", ".join(f":{name}" for name in row)
            database.execute(f"INSERT INTO kernel_clock ({', '.join(row)}) VALUES ({places})", row)  # noqa: S608
    assert portal("portal", "manage", "migrate", "kernel", "0004", "-v0", environment=environment).returncode == 0
    with sqlite3.connect(tmp_path / "data" / "portal.sqlite3") as database:
        found = [article for (article,) in database.execute("SELECT article FROM kernel_clock ORDER BY id")]
    assert found == [
        "《市场监督管理投诉举报处理办法》第十五条",
        "《市场监督管理投诉举报处理暂行办法》第十四条",
        "《市场监督管理行政处罚程序规定》第十八条",
        "《市场监督管理投诉举报处理办法》第四十一条，本市目标",
        "本市目标",
    ]
