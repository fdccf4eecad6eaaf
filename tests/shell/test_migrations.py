"""A migrated database holds what the models cannot say."""

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
