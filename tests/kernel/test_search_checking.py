"""An index is compared with the database, and its lag is told."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.kernel import clock, jobs, search
from portal.kernel.models import Job
from portal.kernel.search import checking
from publicity.selectors import register
from tests.build_register import a_public, settle

pytestmark = pytest.mark.django_db


def _differences() -> dict[str, str]:
    return {found.record_id: found.why for found in checking.differences(register.INDEX, pause_seconds=0)}


def test_an_index_that_says_what_the_database_says_has_no_differences() -> None:
    a_public()
    settle()
    assert _differences() == {}
    call_command("check_portal")


def test_every_record_that_is_lost_changed_or_strange_is_named() -> None:
    lost, changed = a_public(), a_public()
    settle()
    index = search.get_index(register.INDEX)
    index.remove([lost.public_id])
    held = register.record_of(changed)
    index.put([{**held, "summary": "别人改过的话"}, {**held, "id": "nobody"}])

    assert _differences() == {
        lost.public_id: checking.MISSING,
        changed.public_id: checking.OTHER,
        "nobody": checking.STRANGE,
    }
    with pytest.raises(CommandError, match="3"):
        call_command("check_portal")


def test_a_rebuild_mends_what_was_lost(capsys: pytest.CaptureFixture[str]) -> None:
    lost = a_public()
    settle()
    search.get_index(register.INDEX).remove([lost.public_id])

    call_command("rebuild_index", register.INDEX)

    assert _differences() == {}
    assert "register：已重建，共 1 条" in capsys.readouterr().out


def test_the_lag_is_told_until_the_index_knows(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    a_public()
    Job.objects.filter(name="index_disclosure").update(owed_at=clock.now() - timedelta(seconds=40))
    found = checking.lag(register.INDEX)
    assert found.owed == 1
    assert found.oldest >= timedelta(seconds=40)
    call_command("check_portal")
    assert "检索 register 还有 1 处变化没有放入" in capsys.readouterr().out
    assert client.get("/health").json()["parts"]["search"]["lag_seconds"] >= 40

    jobs.drain()
    assert checking.lag(register.INDEX) == checking.Lag(0, timedelta())
