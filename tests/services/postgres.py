"""A PostgreSQL of our own for the length of a run. Standard library only."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.machine import apt_install, free_port, may_install

BINARIES = Path("/usr/lib/postgresql")
PATIENCE = 30.0


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def install() -> Path | None:
    """The binaries, fetched from Debian when they are missing and may be installed."""
    if binaries() is None and may_install():
        apt_install("postgresql")
    return binaries()


class Postgres:
    """One server with one superuser `portal` and an empty database `portal`; a context manager."""

    def __init__(self, *, is_durable: bool = False) -> None:
        self.is_durable = is_durable
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "postgres" if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """What `DATABASE_URL` is set to."""
        return f"postgres://portal@127.0.0.1:{self.port}/portal"

    def start(self) -> Self:
        """Make the cluster if there is none yet, start it and wait until it answers."""
        where = install()
        if where is None:
            raise RuntimeError("PostgreSQL is not installed")
        data = self.folder / "data"
        if not data.exists():
            if self._user:
                shutil.chown(self.folder, self._user)
            self._run(
                where / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
            )
        quick = (
            [] if self.is_durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        )
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            [
                str(where / "postgres"), "-D", str(data), "-p", str(self.port), "-k", str(self.folder),
                "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "shared_buffers=256MB", *quick,
            ],
            stdout=log,
            stderr=log,
            user=self._user,
            cwd=self.folder,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        self._wait()
        psql = (where / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "portal", "-d", "postgres", "-qtAc")
        if self._run(*psql, "SELECT 1 FROM pg_database WHERE datname = 'portal'").strip() != "1":
            self._run(*psql, "CREATE DATABASE portal")
        return self

    def kill(self) -> None:
        """`kill -9` of the whole server, as a power cut would do it; `start` brings it back."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Stop the server and forget its data."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: str | Path) -> str:
        done = subprocess.run(
            [str(word) for word in command],
            user=self._user,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
        return done.stdout

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-800:]}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
