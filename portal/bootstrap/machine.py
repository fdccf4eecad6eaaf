"""What the machine must have, and the virtual environment that is made on it. Standard library only."""

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from portal.bootstrap.environment import ROOT
from portal.bootstrap.steps import NO_SPACE, PlainError, run, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "portal" / "requirements"
SPACE_NEEDED = 1_500_000_000


def check_venv_module() -> None:
    """Refuse a Python that was installed without the parts that make virtual environments."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise PlainError(
            "这台机器的 Python 缺少 venv，请先安装 python3-venv。(This Python lacks venv: install python3-venv first.)"
        )


def check_port(host: str, port: int) -> None:
    """Refuse a port that something else listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PlainError(
                f"端口 {port} 已被占用，请换一个：python3 -m portal run --port {port + 1}"
                f" (Port {port} is in use: choose another one.)"
            ) from error


def is_inside() -> bool:
    """Whether this very process already runs in the portal's own environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def _marker(lock: str) -> tuple[Path, str]:
    digest = hashlib.sha256((LOCKS / f"{lock}.lock").read_bytes()).hexdigest()
    return VENV / f".installed-{lock}", f"{digest} {sys.version_info.major}.{sys.version_info.minor}"


def is_installed(lock: str) -> bool:
    """Whether the lock in its present form is installed."""
    marker, wanted = _marker(lock)
    return marker.exists() and marker.read_text() == wanted and PYTHON.exists()


def _works() -> bool:
    if not PYTHON.exists():
        return False
    probe = subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False)
    return probe.returncode == 0


def make_venv() -> None:
    """Make the virtual environment unless there is a working one."""
    check_venv_module()
    if _works():
        return
    with step("建立虚拟环境 (virtual environment)"):
        import venv

        venv.create(VENV, clear=VENV.exists(), with_pip=True)


def install(lock: str, title: str) -> None:
    """Install exactly what the lock names, each file checked against its hash; nothing happens the second time."""
    if is_installed(lock):
        return
    if shutil.disk_usage(ROOT).free < SPACE_NEEDED:
        raise NO_SPACE
    make_venv()
    path = LOCKS / f"{lock}.lock"
    total = sum("==" in line for line in path.read_text().splitlines())
    seen = 0
    with step(title) as running:

        def progress(line: str) -> None:
            nonlocal seen
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                running.note(f"{min(seen, total)}/{total}")
            elif line.startswith("Installing collected packages"):
                running.note(f"{total}/{total}，正在写入")

        quiet = ("--no-input", "--progress-bar=off", "--disable-pip-version-check")
        run(PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", *quiet, "-r", path, on_line=progress)
        running.note(f"{total}/{total}")
    marker, digest = _marker(lock)
    marker.write_text(digest)


def become(*arguments: str) -> None:
    """Go on as the portal's own Python; this never returns."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606
