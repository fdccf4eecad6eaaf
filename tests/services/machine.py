"""What every service needs of the machine: Debian packages, a free port. Standard library only."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping


def may_install() -> bool:
    """Whether this process may install Debian packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Install Debian packages quietly; RuntimeError with the last line when that fails."""
    environment: Mapping[str, str] = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"apt-get install {' '.join(packages)}: {done.stderr.strip()[-300:]}")


def install_missing(**packages: str) -> None:
    """Install the Debian package of each program that is not on the machine."""
    missing = [package for program, package in packages.items() if shutil.which(program) is None]
    if missing and may_install():
        apt_install(*missing)


def free_port() -> int:
    """A port of loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
