"""What the commands that read a file share: its lines, names of places, and a progress bar."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from portal.kernel import regions

BAR = 30


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
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"读不了文件 {path}：{error}") from error
