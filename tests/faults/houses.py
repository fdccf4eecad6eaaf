"""Two houses that do jobs, the embedded portal and the cluster's worker, behind one set of handles for the tests."""

import json
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

from portal.bootstrap.environment import ROOT
from tests.services.machine import free_port
from tests.services.portal import clean_environment
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.shell.commands import PASSWORD, portal

PATIENCE = 90.0


class Process:
    """One process with a process group of its own, so that it can be killed with its children."""

    def __init__(self, log: Path, environment: Mapping[str, str], *arguments: str) -> None:
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def terminate(self) -> int:
        """SIGTERM, as a service manager sends it; answers the exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """`kill -9` of the process and all its children."""
        if not self.is_dead():
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class House(ABC):
    """A house whose jobs are the countable ones of `works`. A context manager; its worker is started and ended apart.

    `console` owes and counts, in a process that outlives every worker.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marks = folder / "marks"
        self.marks.mkdir()
        (folder / "data").mkdir()
        self.worker: Process | None = None
        self._console: subprocess.Popen[str] | None = None
        self.open = ExitStack()

    @abstractmethod
    def services(self) -> dict[str, str]:
        """Start what the house needs and answer its settings."""

    @abstractmethod
    def start(self) -> None:
        """Start the worker."""

    @abstractmethod
    def lose_the_broker(self) -> None:
        """What carries the bells comes back with nothing it knew."""

    @property
    def environment(self) -> Mapping[str, str]:
        return self._environment

    def __enter__(self) -> Self:
        try:
            self._environment = clean_environment(
                self.folder,
                PORTAL_ORIGIN="http://127.0.0.1:8000",
                PORTAL_ADMIN_PASSWORD=PASSWORD,
                DJANGO_SETTINGS_MODULE="tests.faults.works.settings",
                WORKS_DIR=str(self.marks),
                **self.services(),
            )
            done = portal("portal", "init", "--username", "root", environment=self.environment)
            assert done.returncode == 0, done.stdout
            self._console = self._started_console()
        except BaseException:
            self.open.close()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        self.kill()
        if self._console is not None:
            self._console.kill()
            self._console.wait()
        self.open.close()

    def _started_console(self) -> "subprocess.Popen[str]":
        with (self.folder / "console.log").open("ab") as log:
            console = subprocess.Popen(
                [sys.executable, "-m", "django", "works_console"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert _pipe(console.stdout).readline().strip() == "ready", (self.folder / "console.log").read_text()[-2000:]
        return console

    def ask(self, act: str, **request: Any) -> Any:
        """Have the console do something and answer what it says."""
        assert self._console is not None
        print(json.dumps({"act": act, **request}), file=_pipe(self._console.stdin), flush=True)
        answer = _pipe(self._console.stdout).readline()
        assert answer, (self.folder / "console.log").read_text()[-2000:]
        return json.loads(answer)

    def owe(self, works: Sequence[tuple[str, str]]) -> None:
        """Owe jobs, each a name and a word."""
        self.ask("owe", works=works)

    def state(self) -> dict[str, Any]:
        """What the console counts."""
        found: dict[str, Any] = self.ask("state")
        return found

    def die_at(self, point: str) -> None:
        """The next worker that comes to *point* is killed there."""
        (self.marks / "point").write_text(point)

    def has_died(self) -> bool:
        """Whether the worker is dead, killed where it was to die."""
        assert self.worker is not None
        return self.worker.is_dead() and not (self.marks / "point").exists()

    def has_mark(self, mark: str) -> bool:
        """Whether a job has left that mark."""
        return (self.marks / f"mark-{mark}").exists()

    def kill(self) -> None:
        """`kill -9` of the worker."""
        if self.worker is not None:
            self.worker.kill()
            self.worker = None

    def said(self) -> str:
        """The last words of every process."""
        return "\n".join(f"── {log.stem}\n{log.read_text()[-2500:]}" for log in sorted(self.folder.glob("*.log")))

    def until(self, holds: Any, what: str) -> None:
        """Wait until *holds* answers true; fails with everything the processes said."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if holds():
                return
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {PATIENCE} s: {self.state()}\n{self.said()}")

    def until_done(self) -> dict[str, Any]:
        """Wait until nothing is owed and answer the state."""
        self.until(lambda: self.state()["open"] == 0, "all work done")
        return self.state()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


class Embedded(House):
    """The whole portal in one process over SQLite, the worker its threads."""

    def services(self) -> dict[str, str]:
        return {}

    def start(self) -> None:
        arguments = ("portal.embedded", "--port", str(free_port()))
        self.worker = Process(self.folder / "worker.log", self.environment, *arguments)

    def lose_the_broker(self) -> None:
        """It lives in the memory of the one process, and is lost with it."""
        self.kill()
        self.start()


class Clustered(House):
    """A Celery worker with two processes over PostgreSQL and Redis, and the timetable in a process of its own."""

    def services(self) -> dict[str, str]:
        self.redis = self.open.enter_context(Redis())
        return {"DATABASE_URL": self.open.enter_context(Postgres()).url, "REDIS_URL": self.redis.url}

    def __enter__(self) -> Self:
        super().__enter__()
        beat = ("celery", "-A", "portal.celery", "beat", "--schedule", str(self.folder / "beat"), "--pidfile=")
        self.open.callback(Process(self.folder / "beat.log", self.environment, *beat).kill)
        return self

    def start(self) -> None:
        arguments = ("celery", "-A", "portal.celery", "worker", "--loglevel", "WARNING", "--concurrency", "2")
        self.worker = Process(self.folder / "worker.log", self.environment, *arguments)

    def lose_the_broker(self) -> None:
        self.redis.kill()
        self.redis.forget()
        self.redis.start()
