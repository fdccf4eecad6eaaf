"""A virus scanner of our own for the length of a test: clamd with EICAR's signature alone. Standard library only."""

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.machine import free_port, install_missing

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PATIENCE = 40.0
PROGRAM = "clamd"


class Clamd:
    """One scanner on loopback; a context manager."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-clamd-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What `CLAMD_URL` is set to."""
        return f"tcp://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Install it where it is missing, start it and wait until it answers."""
        install_missing(**{PROGRAM: "clamav-daemon"})
        binary = shutil.which(PROGRAM)
        if binary is None:
            raise RuntimeError("clamd is not installed")
        signatures = self.folder / "signatures"
        signatures.mkdir(exist_ok=True)
        digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
        (signatures / "eicar.hdb").write_text(f"{digest}:{len(EICAR)}:Eicar-Test-Signature\n")
        settings = self.folder / "clamd.conf"
        lines = [f"DatabaseDirectory {signatures}", f"TCPSocket {self.port}", "TCPAddr 127.0.0.1", "Foreground yes"]
        if os.geteuid() == 0:
            lines.append("User root")
        settings.write_text("\n".join([*lines, "StreamMaxLength 100M", ""]))
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([binary, "--config-file", str(settings)], stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.5) as line:
                    line.sendall(b"zPING\0")
                    if line.recv(16).startswith(b"PONG"):
                        return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"clamd did not start: {(self.folder / 'log').read_text()[-800:]}")

    def kill(self) -> None:
        """`kill -9`; `start` brings it back."""
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
