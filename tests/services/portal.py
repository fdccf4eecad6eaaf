"""The portal itself as a process of its own: started, asked, killed as by a power cut, started again, stopped."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from portal.bootstrap.environment import DEMO_SWITCH, REAL_SETTINGS, ROOT
from tests.services.machine import free_port

PATIENCE = 60.0


def clean_environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a machine on which nothing of the portal is set, but for *settings*."""
    strangers = {*REAL_SETTINGS, DEMO_SWITCH, "DJANGO_SETTINGS_MODULE", "PORTAL_LOG_LEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in strangers}
    return {**kept, "DATA_DIR": str(folder / "data"), "KEYS_FILE": str(folder / "keys" / "ring.json"), **settings}


class Portal:
    """The embedded portal on a port of its own; with an empty environment it is a demo. A context manager."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.environment: Mapping[str, str] = clean_environment(folder, **settings)
        self.log = folder / "portal.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        """Everything it has printed so far, over all its lives."""
        return self.log.read_text()

    def start(self, patience: float = PATIENCE) -> Self:
        """Start it and wait until it answers; RuntimeError with its output when it does not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal.embedded", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + patience
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.health()
                return self
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the portal did not start:\n{self.output()[-4000:]}")

    def health(self) -> dict[str, Any]:
        """What it says of itself."""
        with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def kill(self) -> None:
        """`kill -9`, as a power cut would do it; `start` brings it back on the same data."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """Ctrl-C; answers the exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(20)
        finally:
            self.kill()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
