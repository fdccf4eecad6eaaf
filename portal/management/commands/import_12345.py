"""`python3 -m portal import-12345 FILE [--dry-run]`: bring work orders of the hotline in as incomplete orders."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from complaints.services import imports
from portal.kernel import regions
from portal.management.reading import Bar, lines_of, places_of, resumable

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Bring work orders of the 12345 hotline (JSON lines) in as incomplete orders, once per number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--places", type=Path, help="JSON object: more names of places, each with a district code")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = lines_of(options["file"])
        districts = {district.name: district.code for district in regions.city().districts}
        places = districts | places_of(options["places"])
        bar = Bar(len(lines))
        with resumable():
            outcome = imports.import_orders(lines, places=places, dry_run=options["dry_run"], progress=bar.show)
        verb = "可以登记" if options["dry_run"] else "已登记"
        self.stdout.write(f"{verb} {outcome.made} 件，原来就有 {outcome.known} 件，没有收 {len(outcome.refused)} 行。")
        for row in outcome.refused[:MOST_SHOWN]:
            self.stdout.write(f"  第 {row.line} 行 {row.source_no}：{row.why}")
        if len(outcome.refused) > MOST_SHOWN:
            self.stdout.write(f"  ……另有 {len(outcome.refused) - MOST_SHOWN} 行。")
