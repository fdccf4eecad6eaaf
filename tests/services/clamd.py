"""A virus scanner of our own for the length of a test: clamd with EICAR's signature alone. Standard library only."""

import hashlib
import os
import shutil
import socket
from collections.abc import Sequence

from tests.services.machine import install_missing
from tests.services.server import Server

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PROGRAM = "clamd"


class Clamd(Server):
    """One scanner on loopback; a context manager."""

    name = "clamd"
    patience = 40.0

    @property
    def url(self) -> str:
        """What `CLAMD_URL` is set to."""
        return f"tcp://127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
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
        return [binary, "--config-file", str(settings)]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 0.5) as line:
            line.sendall(b"zPING\0")
            return line.recv(16).startswith(b"PONG")
