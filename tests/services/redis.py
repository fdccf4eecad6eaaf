"""A Redis of our own for the length of a test. Standard library only."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.machine import free_port, install_missing

PATIENCE = 20.0
PROGRAM = "redis-server"


class Redis:
    """One server on loopback that writes everything down; a context manager."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-redis-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What `REDIS_URL` is set to."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> Self:
        """Install it where it is missing, start it and wait until it answers."""
        install_missing(**{PROGRAM: PROGRAM})
        binary = shutil.which(PROGRAM)
        if binary is None:
            raise RuntimeError("Redis is not installed")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--appendonly", "yes"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([binary, *options], stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"Redis did not start: {(self.folder / 'log').read_text()[-800:]}")

    def kill(self) -> None:
        """`kill -9`; `start` brings it back with what it wrote down."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def forget(self) -> None:
        """Lose what was written down; `start` brings it back empty."""
        shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)

    def stop(self) -> None:
        """End it and forget its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
