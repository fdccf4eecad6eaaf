"""Steps that show their progress and their time, and failures that are one plain sentence. Standard library only."""

import errno
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.bootstrap.environment import ROOT

SPINNER = "|/-\\"
NO_NETWORK_SIGNS = (
    "failed to establish a new connection",
    "temporary failure in name resolution",
    "name or service not known",
    "connection refused",
    "connection timed out",
    "network is unreachable",
    "max retries exceeded",
    "no matching distribution found",
    "read timed out",
    "enotfound",
    "eai_again",
    "econnrefused",
    "econnreset",
    "etimedout",
    "enetunreach",
)
NO_SPACE_SIGNS = ("no space left on device", "enospc", "disk quota exceeded")


class PlainError(Exception):
    """An expected failure: one sentence for the person at the keyboard."""


NO_NETWORK = PlainError(
    "连不上软件仓库，请检查网络后再运行一次。(The package registry cannot be reached: check the network.)"
)
NO_SPACE = PlainError("磁盘空间不够，请腾出至少 2 GB 后再运行一次。(Not enough disk space: free at least 2 GB.)")


class Step:
    """One running step; `note` changes what is shown behind its title."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.started = time.monotonic()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        if sys.stdout.isatty():
            self._ticker.start()

    def note(self, detail: str) -> None:
        """Say how far the step is."""
        self.detail = detail

    def _tick(self) -> None:
        turn = 0
        while not self._over.wait(0.2):
            turn += 1
            self._draw(SPINNER[turn % 4], "")

    def _draw(self, sign: str, end: str) -> None:
        lead = "\r\033[K" if sys.stdout.isatty() else ""
        spent = time.monotonic() - self.started
        detail = f" {self.detail}" if self.detail else ""
        print(f"{lead}{sign} {self.title}{detail}  {spent:.1f} s", end=end, flush=True)

    def close(self, sign: str) -> None:
        """End the step with ✓ or ✗."""
        self._over.set()
        if self._ticker.is_alive():
            self._ticker.join()
        self._draw(sign, "\n")


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show *title* while the body runs, then its time."""
    if not sys.stdout.isatty():
        print(f"… {title}", flush=True)
    running = Step(title)
    try:
        yield running
    except BaseException:
        running.close("✗")
        raise
    running.close("✓")


def run(
    *command: str | Path,
    on_line: Callable[[str], None] | None = None,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a quiet command; on failure raise PlainError with what its output says went wrong."""
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    assert process.stdout is not None
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if on_line:
                on_line(line)
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status != 0:
        raise explain(" ".join(str(word) for word in command[:4]), lines)


def explain(command: str, lines: Sequence[str]) -> PlainError:
    """The sentence for a command that failed."""
    said = "\n".join(lines[-200:]).lower()
    if any(sign in said for sign in NO_SPACE_SIGNS):
        return NO_SPACE
    if any(sign in said for sign in NO_NETWORK_SIGNS):
        return NO_NETWORK
    tail = next((line for line in reversed(lines) if line.strip()), "")
    return PlainError(
        f"“{command}”没有成功：{tail} (That command failed; the last thing it said is shown.)\n"
        + "\n".join(lines[-30:])
    )


def of_os_error(error: OSError) -> PlainError:
    """The sentence for an error of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NO_SPACE
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return PlainError(f"没有权限写 {error.filename}，请检查文件夹的权限。(No permission to write there.)")
    return PlainError(f"系统报告：{error.strerror or error} {error.filename or ''} (The operating system refused.)")
