"""What Redis, S3 and clamd have in common as servers of a test: a port, a folder, a process. Standard library only."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.machine import free_port


class Server:
    """One process on a port of loopback with a folder of its own; a context manager."""

    name = ""
    patience = 20.0

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"portal-{self.name.lower()}-"))
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        """What starts it, once what it needs is installed and written; RuntimeError when it cannot be had."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it is ready; OSError is a no."""
        socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        return True

    def start(self) -> Self:
        """Install it where it is missing, start it and wait until it answers."""
        command = self.command()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + self.patience
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if self.answers():
                    return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start: {(self.folder / 'log').read_text()[-800:]}")

    def kill(self) -> None:
        """`kill -9`; `start` brings it back with what it wrote down."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

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
