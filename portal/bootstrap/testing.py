"""`python3 -m portal test`: what it needs it installs, what it leaves out it says. Standard library only."""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from portal.bootstrap import frontend, machine
from portal.bootstrap.environment import REAL_SETTINGS, ROOT, data_dir
from portal.bootstrap.steps import step

SERVICES = data_dir() / "services"
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
    """Install what tests need, then run them as the portal's own Python."""
    machine.install("core", "安装运行所需的软件 (packages)")
    machine.install("dev", "安装测试所需的软件 (packages for tests)")
    frontend.build()
    frontend.compile_messages()
    machine.become("-m", "portal.bootstrap.testing", *arguments)
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run the suite on SQLite and, where asked, with real services and in the browser."""
    flags = {flag for flag in arguments if flag in ("--real", "--browser")}
    rest = [argument for argument in arguments if argument not in flags]
    parallel = [] if any(word.startswith("-n") for word in rest) else ["-n", "2"]
    report = Report()
    if "--real" in flags:
        _with_services(report, [*parallel, *rest])
    else:
        report.pytest("SQLite（内存） (in memory)", [*parallel, *rest])
        report.leave_out(
            "PostgreSQL、Elasticsearch 与故障测试，加 --real 运行 (PostgreSQL, Elasticsearch and faults: add --real)",
            was_asked=False,
        )
    _in_the_browser(report, "--browser" in flags, rest)
    return report.close()


def _with_services(report: Report, arguments: Sequence[str]) -> None:
    from tests.services import elastic, postgres, s3
    from tests.services import machine as debian

    with ExitStack() as services:
        environment = {"PORTAL_TEST_REAL": "1"}
        try:
            with step("启动 Elasticsearch"):
                debian.install_missing(java="default-jdk-headless", mvn="maven")
                nodes = services.enter_context(elastic.running(SERVICES / "elasticsearch", port=debian.free_port()))
                environment["ELASTICSEARCH_URL"] = nodes[0].url
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            report.leave_out(f"Elasticsearch：{error}", was_asked=True)
        report.pytest("SQLite（内存） (in memory)", arguments, **environment)
        try:
            with step("启动 PostgreSQL 和 S3 (PostgreSQL and S3)"):
                server = services.enter_context(postgres.Postgres())
                bucket = services.enter_context(s3.S3())
        except (RuntimeError, OSError) as error:
            report.leave_out(f"PostgreSQL、S3：{error}", was_asked=True)
            return
        real = {"DATABASE_URL": server.url, "PORTAL_TEST_S3_URL": bucket.url}
        report.pytest("PostgreSQL、S3 (PostgreSQL and S3)", arguments, **real, **environment)
    if any((ROOT / "tests" / "faults").glob("test_*.py")) and not _names_tests(arguments):
        report.pytest("故障 (faults)", ["tests/faults"])


def _in_the_browser(report: Report, was_asked: bool, arguments: Sequence[str]) -> None:
    if not was_asked:
        report.leave_out("浏览器中的流程，加 --browser 运行 (journeys in the browser: add --browser)", was_asked=False)
        return
    from tests.services.chromium import install

    with step("准备 Chromium"):
        found = install()
    if found is None:
        report.leave_out("浏览器，请先安装 chromium 与 fonts-noto-cjk (install them first)", was_asked=True)
        return
    if not any((ROOT / "tests" / "journeys").glob("test_*.py")):
        report.leave_out("浏览器中的流程：还没有 (there are no journeys)", was_asked=True)
        return
    report.pytest(
        "浏览器 (browser)", ["tests/journeys", *[word for word in arguments if not word.startswith("tests/")]]
    )


def _names_tests(arguments: Sequence[str]) -> bool:
    return any(argument.startswith("tests/") for argument in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
