"""What the person at the keyboard is told: one plain sentence for each thing that can be wrong."""

import errno
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal.bootstrap import steps
from portal.bootstrap.environment import REAL_SETTINGS, ROOT, MissingSecret, read_secrets, real_settings
from tests.services.portal import clean_environment
from tests.shell.commands import PASSWORD, portal


def test_a_port_in_use_is_one_sentence_that_names_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = portal("portal", "run", "--port", str(port), environment=clean_environment(tmp_path))

    assert ended.returncode == 1
    assert ended.stdout == (
        f"✗ 端口 {port} 已被占用，请换一个：python3 -m portal run --port {port + 1}"
        f" (Port {port} is in use: choose another one.)\n"
    )
    assert not (tmp_path / "data").exists()


def test_an_old_python_is_one_sentence() -> None:
    script = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_module('portal', run_name='__main__')"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert (
        ended.stderr == "需要 Python 3.11 或更新的版本，这里是 3.9。 (Python 3.11 or newer is needed, this is 3.9.)\n"
    )


def test_a_python_without_venv_is_one_sentence() -> None:
    script = (
        "import sys; sys.modules['ensurepip'] = None; from portal.bootstrap import machine; machine.check_venv_module()"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.stderr.rstrip().endswith(
        "这台机器的 Python 缺少 venv，请先安装 python3-venv。(This Python lacks venv: install python3-venv first.)"
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", steps.NO_SPACE),
        ("npm error code ENOSPC", steps.NO_SPACE),
        ("Failed to establish a new connection: [Errno 111] Connection refused", steps.NO_NETWORK),
        ("[Errno -3] Temporary failure in name resolution", steps.NO_NETWORK),
        ("npm error code ENOTFOUND", steps.NO_NETWORK),
    ],
)
def test_what_an_installer_says_becomes_one_sentence(said: str, sentence: steps.PlainError) -> None:
    assert steps.explain("pip install", ["Collecting django", said, ""]) is sentence


def test_a_full_disk_and_a_locked_folder_are_one_sentence_each() -> None:
    assert steps.of_os_error(OSError(errno.ENOSPC, "No space left on device")) is steps.NO_SPACE
    assert "没有权限写 /data/x" in str(steps.of_os_error(PermissionError(errno.EACCES, "Permission denied", "/data/x")))


def test_an_unknown_command_is_one_sentence(tmp_path: Path) -> None:
    ended = portal("portal", "fly", environment=clean_environment(tmp_path))

    assert ended.returncode == 1
    assert ended.stdout.startswith("✗ 没有“fly”这个命令")


@pytest.mark.parametrize("name", REAL_SETTINGS)
def test_each_real_setting_makes_a_real_start(name: str) -> None:
    assert real_settings({name: "x"}) == [name]
    assert real_settings({f"{name}_FILE": "/run/secrets/x"}) == [name]


def test_folders_and_ports_alone_leave_it_a_demo() -> None:
    assert real_settings({"DATA_DIR": "/x", "KEYS_FILE": "/y", "PATH": "/bin", "PIP_INDEX_URL": "x"}) == []


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgres://portal:secret@db/portal\n")
    environ = {"DATABASE_URL_FILE": str(tmp_path / "url"), "REDIS_URL": "redis://kept"}

    read_secrets(environ)

    assert environ["DATABASE_URL"] == "postgres://portal:secret@db/portal"
    assert environ["REDIS_URL"] == "redis://kept"


def test_a_secret_whose_file_is_gone_is_named() -> None:
    with pytest.raises(MissingSecret, match=r"REDIS_URL_FILE: /nowhere"):
        read_secrets({"REDIS_URL_FILE": "/nowhere"})


def test_a_real_start_without_keys_names_the_command_to_run(tmp_path: Path) -> None:
    ended = portal("portal", "run", environment=clean_environment(tmp_path, PORTAL_HOST="complain.example"))

    assert ended.returncode == 1
    assert ended.stdout == (
        "✗ 这里还没有密钥和管理员，请先运行：python3 -m portal init"
        " (There are no keys and no administrator yet: run python3 -m portal init first.)\n"
    )
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "keys").exists()


def test_init_makes_keys_and_an_administrator_once(tmp_path: Path) -> None:
    real = clean_environment(tmp_path, PORTAL_HOST="complain.example")
    keys = tmp_path / "keys" / "ring.json"

    refused = portal(
        "portal", "init", "--username", "root", environment={**real, "PORTAL_ADMIN_PASSWORD": "1234567890"}
    )
    still_refused = portal("portal.embedded", environment={**real, "PORTAL_ADMIN_PASSWORD": ""})
    made = portal("portal", "init", "--username", "root", environment={**real, "PORTAL_ADMIN_PASSWORD": PASSWORD})
    ring = keys.read_text()
    again = portal("portal", "init", "--username", "other", environment={**real, "PORTAL_ADMIN_PASSWORD": PASSWORD})

    assert refused.returncode == 1
    assert still_refused.returncode == 1
    assert "python3 -m portal init" in still_refused.stdout
    assert made.returncode == 0
    assert "管理员 root 已建立" in made.stdout
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert again.returncode == 0
    assert "已有管理员，没有改动" in again.stdout
    assert keys.read_text() == ring


def test_a_listener_on_every_address_is_never_a_demo(tmp_path: Path) -> None:
    ended = portal("portal", "run", "--host", "0.0.0.0", environment=clean_environment(tmp_path))

    assert ended.returncode == 1
    assert "python3 -m portal init" in ended.stdout
