"""`python3 -m portal import-12345 FILE [--dry-run]`: bring work orders of the hotline in as incomplete orders."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.services import imports
from portal.kernel import regions

BAR = 30
MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Bring work orders of the 12345 hotline (JSON lines) in as incomplete orders, once per number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--places", type=Path, help="JSON object: more names of places, each with a district code")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = _lines(options["file"])
        outcome = imports.import_orders(
            lines, places=_places(options["places"]), dry_run=options["dry_run"], progress=_Bar(len(lines)).show
        )
        verb = "可以登记" if options["dry_run"] else "已登记"
        self.stdout.write(f"{verb} {outcome.made} 件，原来就有 {outcome.known} 件，没有收 {len(outcome.refused)} 行。")
        for row in outcome.refused[:MOST_SHOWN]:
            self.stdout.write(f"  第 {row.line} 行 {row.source_no}：{row.why}")
        if len(outcome.refused) > MOST_SHOWN:
            self.stdout.write(f"  ……另有 {len(outcome.refused) - MOST_SHOWN} 行。")


class _Bar:
    """A progress bar on the terminal; silent when the output goes into a file."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.is_seen = sys.stderr.isatty()

    def show(self, done: int) -> None:
        if not self.is_seen or (done % 10 and done != self.total):
            return
        full = BAR * done // max(1, self.total)
        end = "\n" if done == self.total else ""
        sys.stderr.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{self.total}{end}")
        sys.stderr.flush()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"读不了文件 {path}：{error}") from error


def _places(path: Path | None) -> dict[str, str]:
    places = {district.name: district.code for district in regions.city().districts}
    if path is not None:
        places |= json.loads(path.read_text(encoding="utf-8"))
    return places
