"""The whole portal in one process, started and stopped as a person would do it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.bootstrap.environment import ROOT
from tests.services.machine import free_port
from tests.shell.commands import PASSWORD, clean_environment, portal

PATIENCE = 40.0


@contextmanager
def _serving(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _health(port: int, process: subprocess.Popen[str]) -> dict[str, object]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the portal did not start: {process.communicate()[0] if process.poll() is not None else 'too slow'}")


@pytest.fixture(scope="module")
def real_start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A real start that `init` has made ready."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "data").mkdir()
    environment = clean_environment(folder, PORTAL_ORIGIN="http://127.0.0.1:8000", PORTAL_ADMIN_PASSWORD=PASSWORD)
    assert portal("portal", "init", "--username", "root", environment=environment).returncode == 0
    return environment


def test_it_serves_and_stops_cleanly_on_ctrl_c(real_start: dict[str, str]) -> None:
    port = free_port()
    with _serving(real_start, port) as process:
        health = _health(port, process)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=PATIENCE)

    assert health["ok"] is True
    assert process.returncode == 0
    assert time.monotonic() - started < 5
    assert f"http://127.0.0.1:{port}/" in output
    assert output.rstrip().endswith("已停止。(Stopped.)")
    assert "Traceback" not in output


def test_a_second_portal_on_the_same_data_is_refused_in_one_sentence(real_start: dict[str, str]) -> None:
    port = free_port()
    with _serving(real_start, port) as process:
        _health(port, process)
        second = portal("portal.embedded", "--port", str(free_port()), environment=real_start)

    assert second.returncode == 1
    assert "正由另一个已启动的门户使用" in second.stdout
    assert "Traceback" not in second.stdout


def test_a_real_start_has_no_demo(real_start: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        os.environ["PORTAL_DEMO"]
    port = free_port()
    with _serving({**real_start, "PORTAL_DEMO": "1"}, port) as process:
        _health(port, process)
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/demo/", timeout=5)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=PATIENCE)

    assert refusal.value.code == 404
    assert "演示入口" not in output
