"""A Redis of our own for the length of a test. Standard library only."""

import shutil
from collections.abc import Sequence

from tests.services.machine import install_missing
from tests.services.server import Server

PROGRAM = "redis-server"


class Redis(Server):
    """One server on loopback that writes everything down; a context manager."""

    name = "Redis"

    @property
    def url(self) -> str:
        """What `REDIS_URL` is set to."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str]:
        install_missing(**{PROGRAM: PROGRAM})
        binary = shutil.which(PROGRAM)
        if binary is None:
            raise RuntimeError("Redis is not installed")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--appendonly", "yes"]
        return [binary, *options]

    def forget(self) -> None:
        """Lose what was written down; `start` brings it back empty."""
        shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)
