"""The portal as the cluster runs it, on one machine: real PostgreSQL and Redis, each process on its own."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.bootstrap.environment import ROOT
from tests.services.machine import free_port
from tests.services.portal import clean_environment
from tests.services.postgres import Postgres
from tests.services.redis import Redis

PATIENCE = 60.0
PASSWORD = "correct horse battery staple"


class Cluster:
    """Web and live processes, a worker and the timetable over PostgreSQL and Redis. A context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: Mapping[str, str] = {}
        self.web_port = free_port()
        self.live_port = free_port()
        self._open = ExitStack()

    @property
    def address(self) -> str:
        """Where the HTTP workers answer."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def live_address(self) -> str:
        """Where the socket workers answer."""
        return f"http://127.0.0.1:{self.live_port}"

    def start(self) -> Self:
        """Start everything, make keys and an administrator, and wait until both sides answer."""
        self.environment = clean_environment(
            self.folder,
            DATABASE_URL=self._open.enter_context(Postgres()).url,
            REDIS_URL=self._open.enter_context(Redis()).url,
            PORTAL_ORIGIN="http://127.0.0.1:8000",
            PORTAL_ADMIN_PASSWORD=PASSWORD,
            DJANGO_SETTINGS_MODULE="portal.settings",
        )
        self._run("init", "portal", "init", "--username", "root").wait()
        web = ("granian", "--interface", "wsgi", "--blocking-threads", "4", "portal.wsgi:application")
        self._keep("web", *web, "--port", str(self.web_port))
        self._keep("live", "uvicorn", "--lifespan", "off", "--port", str(self.live_port), "portal.asgi:application")
        self._keep("worker", "celery", "-A", "portal.celery", "worker", "--loglevel", "WARNING", "--concurrency", "2")
        self._keep("beat", "celery", "-A", "portal.celery", "beat", "--schedule", str(self.folder / "beat"))
        self._wait_for(self.address)
        self._wait_for(self.live_address)
        return self

    def said(self) -> str:
        """The last words of every process."""
        return "\n".join(f"── {log.stem}\n{log.read_text()[-1500:]}" for log in sorted(self.folder.glob("*.log")))

    def _run(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _keep(self, name: str, *arguments: str) -> None:
        process = self._run(name, *arguments)
        self._open.callback(process.wait, 20)
        self._open.callback(process.terminate)

    def _wait_for(self, address: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"{address} did not answer\n{self.said()}")

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self._open.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
