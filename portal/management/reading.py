"""What the commands that read a file share: its lines, names of places, and a progress bar."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from portal.kernel import regions

BAR = 30
STOPPED = 130


class Bar:
    """A progress bar on the terminal; silent when the output goes into a file."""

    def __init__(self, total: int) -> None:
        self.total = max(1, total)
        self.is_seen = sys.stderr.isatty()
        self.shown = -1

    def show(self, done: int) -> None:
        """Draw how many are done, a hundred times at most."""
        step = 100 * min(done, self.total) // self.total
        if not self.is_seen or step == self.shown:
            return
        self.shown = step
        full = BAR * step // 100
        end = "\n" if done >= self.total else ""
        sys.stderr.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{self.total}{end}")
        sys.stderr.flush()


@contextmanager
def resumable() -> Iterator[None]:
    """Turn Ctrl-C into one sentence: what has come in stays, and the same command goes on with the rest."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise CommandError("\n已停止。登记过的都在，再运行一次会接着登记其余的。", returncode=STOPPED) from stop


def lines_of(path: Path) -> list[str]:
    """The lines of a text file, with or without a byte order mark; CommandError in one sentence otherwise."""
    return _read(path).rstrip("\n").split("\n")


def places_of(path: Path | None) -> dict[str, str]:
    """Names of places, each with a district code, from a JSON object; none without a file."""
    if path is None:
        return {}
    try:
        found: Any = json.loads(_read(path))
    except ValueError as error:
        raise CommandError(f"读不了文件 {path}：{error}") from error
    if not isinstance(found, dict):
        raise CommandError(f"{path} 应是一个对象，每个地名对应一个区代码。")
    known = regions.city().district_codes
    unknown = sorted(str(code) for code in found.values() if not isinstance(code, str) or code not in known)
    if unknown:
        raise CommandError(f"{path} 里有不存在的区代码：{'、'.join(unknown)}")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} 不是 UTF-8 编码，请另存为 UTF-8 再导入。") from error
    except OSError as error:
        raise CommandError(f"读不了文件 {path}：{error.strerror}") from error
