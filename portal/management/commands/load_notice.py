"""`python3 -m portal manage load_notice YEAR FILE`: the yearly notice of the State Council, from a JSON file."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.kernel import calendars
from portal.kernel.errors import Refused


class Command(BaseCommand):
    """Takes `{"off": […], "on": […]}` or `{"days": [{"date": …, "isOffDay": …}]}`; jobs then recompute open clocks."""

    help = "Load the State Council's holiday notice of a year and recompute open clocks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="name, number or address of the notice")

    def handle(self, *args: Any, **options: Any) -> None:
        off, on = _days(options["file"])
        try:
            notice = calendars.load_notice(options["year"], off, on, options["source"], None)
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from None
        said = _("已载入 {year} 年放假安排（第 {revision} 版）：放假 {off} 天，调休上班 {on} 天。")
        self.stdout.write(
            said.format(year=notice.year, revision=notice.revision, off=len(notice.off), on=len(notice.on))
        )


def _days(path: Path) -> tuple[list[date], list[date]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if "days" in content:
            rows = [(date.fromisoformat(row["date"]), row["isOffDay"]) for row in content["days"]]
            return [day for day, is_off in rows if is_off], [day for day, is_off in rows if not is_off]
        return [date.fromisoformat(day) for day in content["off"]], [date.fromisoformat(day) for day in content["on"]]
    except OSError as error:
        raise CommandError(_("读不了文件 {path}：{why}。").format(path=path, why=error.strerror)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(_("文件 {path} 不是放假安排：{why}。").format(path=path, why=error)) from None
