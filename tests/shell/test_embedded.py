"""The whole portal in one process, started and stopped as a person would do it."""

import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.services.machine import free_port
from tests.services.portal import Portal
from tests.shell.commands import PASSWORD, portal

REAL = {"PORTAL_ORIGIN": "http://127.0.0.1:8000", "PORTAL_ADMIN_PASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real start that `init` has made ready."""
    folder = tmp_path_factory.mktemp("real")
    made = portal("portal", "init", "--username", "root", environment=Portal(folder, **REAL).environment)
    assert made.returncode == 0, made.stdout
    return folder


def test_it_serves_and_stops_cleanly_on_ctrl_c(folder: Path) -> None:
    with Portal(folder, **REAL) as server:
        health = server.health()
        started = time.monotonic()
        status = server.stop()

    assert health["ok"] is True
    assert status == 0
    assert time.monotonic() - started < 5
    assert f"{server.address}/" in server.output()
    assert server.output().rstrip().endswith("已停止。(Stopped.)")
    assert "Traceback" not in server.output()


def test_a_second_portal_on_the_same_data_is_refused_in_one_sentence(folder: Path) -> None:
    with Portal(folder, **REAL) as server:
        second = portal("portal.embedded", "--port", str(free_port()), environment=server.environment)

    assert second.returncode == 1
    assert "正由另一个已启动的门户使用" in second.stdout
    assert "Traceback" not in second.stdout


def test_a_real_start_has_no_demo(folder: Path) -> None:
    with Portal(folder, **REAL, PORTAL_DEMO="1") as server:
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(f"{server.address}/demo/", timeout=5)

        assert refusal.value.code == 404
        assert "演示入口" not in server.output().rpartition("启动 Django")[2]
