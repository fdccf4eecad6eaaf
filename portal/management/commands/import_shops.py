"""`python3 -m portal import-shops FILE [--dry-run]`: register the businesses of a CSV table, once per credit code."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.kernel.errors import Refused
from portal.kernel.regions import city
from publicity.services import shop_imports

BAR = 30
MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Register the businesses of a CSV table (企业名称, 统一社会信用代码, 地区, 注册地址), once per credit code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--places", type=Path, help="JSON object: more words for places, each with a district code")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = _lines(options["file"])
        try:
            outcome = shop_imports.import_shops(
                lines=lines,
                places=_places(options["places"]),
                dry_run=options["dry_run"],
                progress=_Bar(len(lines)).show,
            )
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        verb = "可以登记" if options["dry_run"] else "已登记"
        self.stdout.write(f"{verb} {outcome.made} 家，原来就有 {outcome.known} 家，没有收 {len(outcome.refused)} 行。")
        for why, count in Counter(row.why for row in outcome.refused).most_common():
            self.stdout.write(f"  {count} 行：{why}")
        for row in outcome.refused[:MOST_SHOWN]:
            self.stdout.write(f"    第 {row.line} 行 {row.code}：{row.why}")
        if len(outcome.refused) > MOST_SHOWN:
            self.stdout.write(f"    ……另有 {len(outcome.refused) - MOST_SHOWN} 行。")


class _Bar:
    """A progress bar on the terminal; silent when the output goes into a file."""

    def __init__(self, total: int) -> None:
        self.total = max(1, total)
        self.is_seen = sys.stderr.isatty()

    def show(self, done: int) -> None:
        if self.is_seen:
            full = BAR * min(done, self.total) // self.total
            end = "\n" if done >= self.total else ""
            sys.stderr.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{self.total}{end}")
            sys.stderr.flush()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"读不了文件 {path}：{error}") from error


def _places(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    places: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    unknown = sorted(set(places.values()) - city().district_codes)
    if unknown:
        raise CommandError(f"{path} 里有不存在的区代码：{'、'.join(unknown)}")
    return places
