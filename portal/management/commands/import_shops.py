"""`python3 -m portal import-shops FILE [--dry-run]`: register the businesses of a CSV table, once per credit code."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.kernel.errors import Refused
from portal.management.reading import Bar, lines_of, places_of, resumable
from publicity.services import shop_imports

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Register the businesses of a CSV table (企业名称, 统一社会信用代码, 地区, 注册地址), once per credit code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--places", type=Path, help="JSON object: more words for places, each with a district code")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = lines_of(options["file"])
        places = places_of(options["places"])
        bar = Bar(len(lines))
        try:
            with resumable():
                outcome = shop_imports.import_shops(
                    lines=lines, places=places, dry_run=options["dry_run"], progress=bar.show
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
