"""`python3 -m portal test`: what it needs it installs, what it leaves out it says. Standard library only."""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from portal.bootstrap import frontend, machine
from portal.bootstrap.environment import REAL_SETTINGS, ROOT
from portal.bootstrap.steps import PlainError, step

WORDS = ("passed", "failed", "errors", "skipped")


class Report:
    """The sum over all runners, and everything that was left out."""

    def __init__(self) -> None:
        self.totals: Counter[str] = Counter()
        self.left_out: list[str] = []
        self.has_failed = False
        self.is_ci = os.environ.get("CI", "").lower() in ("true", "1")

    def leave_out(self, sentence: str, *, was_asked: bool) -> None:
        """Say what does not run; what was asked for or is missing in CI fails the command."""
        self.left_out.append(sentence)
        self.has_failed = self.has_failed or was_asked or self.is_ci

    def pytest(self, title: str, arguments: Sequence[str], **environment: str) -> None:
        """Run pytest once and add what it counted."""
        print(f"\n── {title}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results.xml"
            clean = {name: value for name, value in os.environ.items() if name not in REAL_SETTINGS}
            done = subprocess.run(
                [str(machine.PYTHON), "-m", "pytest", f"--junit-xml={results}", *arguments],
                cwd=ROOT,
                env={**clean, **environment},
                check=False,
            )
            self.has_failed = self.has_failed or done.returncode != 0
            if results.exists():
                self._count(results)

    def _count(self, results: Path) -> None:
        for suite in ET.parse(results).getroot().iter("testsuite"):  # noqa: S314
            counted = {word: int(suite.get(word, "0")) for word in ("tests", "failures", "errors", "skipped")}
            self.totals["failed"] += counted["failures"]
            self.totals["errors"] += counted["errors"]
            self.totals["skipped"] += counted["skipped"]
            self.totals["passed"] += counted["tests"] - counted["failures"] - counted["errors"] - counted["skipped"]

    def close(self) -> int:
        """Print what was left out and the sum, and answer the exit status."""
        if self.totals["skipped"] and self.is_ci:
            self.has_failed = True
        print()
        for sentence in self.left_out:
            print(f"未运行：{sentence}")
        print(
            ", ".join(
                f"{self.totals[word]} {word}" for word in WORDS if word in ("passed", "failed") or self.totals[word]
            )
        )
        sys.stdout.flush()
        return 1 if self.has_failed else 0


def run(arguments: Sequence[str]) -> int:
    """Install, run the suite on SQLite and, where asked, on PostgreSQL and in the browser."""
    flags = {flag for flag in arguments if flag in ("--real", "--browser")}
    rest = [argument for argument in arguments if argument not in flags]
    machine.install("core", "安装运行所需的软件 (packages)")
    machine.install("dev", "安装测试所需的软件 (packages for tests)")
    frontend.build()
    frontend.compile_messages()
    report = Report()
    parallel = [] if any(word.startswith("-n") for word in rest) else ["-n", "2"]
    report.pytest("SQLite（内存） (in memory)", [*parallel, *rest])
    _on_postgres(report, "--real" in flags, [*parallel, *rest])
    _in_the_browser(report, "--browser" in flags, rest)
    return report.close()


def _on_postgres(report: Report, was_asked: bool, arguments: Sequence[str]) -> None:
    if not was_asked:
        report.leave_out("PostgreSQL 与故障测试，加 --real 运行 (PostgreSQL and faults: add --real)", was_asked=False)
        return
    from tests.services.postgres import Postgres, install

    with step("准备 PostgreSQL (PostgreSQL)"):
        found = install()
    if found is None:
        report.leave_out("PostgreSQL，请先安装 postgresql (install postgresql first)", was_asked=True)
        return
    with Postgres() as server:
        report.pytest("PostgreSQL", arguments, DATABASE_URL=server.url)
    if any((ROOT / "tests" / "faults").glob("test_*.py")) and not _names_tests(arguments):
        report.pytest("故障 (faults)", ["tests/faults"])


def _in_the_browser(report: Report, was_asked: bool, arguments: Sequence[str]) -> None:
    if not was_asked:
        report.leave_out("浏览器中的流程，加 --browser 运行 (journeys in the browser: add --browser)", was_asked=False)
        return
    from tests.services.chromium import install

    with step("准备 Chromium (Chromium)"):
        found = install()
    if found is None:
        report.leave_out("浏览器，请先安装 chromium 与 fonts-noto-cjk (install them first)", was_asked=True)
        return
    if not any((ROOT / "tests" / "journeys").glob("test_*.py")):
        raise PlainError("没有浏览器流程测试。(There are no journeys.)")
    report.pytest(
        "浏览器 (browser)", ["tests/journeys", *[word for word in arguments if not word.startswith("tests/")]]
    )


def _names_tests(arguments: Sequence[str]) -> bool:
    return any(argument.startswith("tests/") for argument in arguments)
