"""`python3 -m portal manage load_notice YEAR FILE [--dry-run]`: the State Council's yearly notice, from JSON or CSV."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.kernel import calendars
from portal.kernel.calendars import Preview
from portal.kernel.errors import Refused


class Command(BaseCommand):
    """Takes what `calendars.read_notice` takes; jobs then recompute open clocks."""

    help = "Load the State Council's holiday notice of a year and recompute open clocks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="name, number or address of the notice; else the file's own")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path, year = options["file"], options["year"]
        try:
            text = path.read_text(encoding="utf-8-sig")
            if options["dry_run"]:
                for line in difference(calendars.preview_text(year=year, text=text, source=options["source"])):
                    self.stdout.write(line)
                return
            notice = calendars.load_notice_text(year=year, text=text, source=options["source"], who=None)
        except OSError as error:
            raise CommandError(_("读不了文件 {path}：{why}。").format(path=path, why=error.strerror)) from None
        except UnicodeDecodeError:
            raise CommandError(_("文件 {path} 不是 UTF-8 文字。").format(path=path)) from None
        except Refused as refused:
            raise CommandError(f"{path}：{refused.sentence}") from None
        said = _("已载入 {year} 年放假安排（第 {revision} 版）：放假 {off} 天，调休上班 {on} 天。")
        self.stdout.write(
            said.format(year=notice.year, revision=notice.revision, off=len(notice.off), on=len(notice.on))
        )


def difference(found: Preview) -> Iterator[str]:
    """What would change, line by line."""
    yield from (_("+ {day} 改为放假").format(day=day) for day in found.becomes_off)
    yield from (_("- {day} 改为上班").format(day=day) for day in found.becomes_working)
    if not found.becomes_off and not found.becomes_working:
        yield _("和现在的安排没有差别。")
    if found.lost:
        yield _("! 有 {n} 个现在放假的周一至周五会变成上班日，请核对文件是不是漏了节日。").format(n=len(found.lost))
    yield _("未办结的期限 {checked} 个，其中 {moved} 个改变到期日，{settled} 个由暂定变为确定。").format(
        checked=found.checked, moved=found.moved, settled=found.settled
    )
    yield from (
        _("  {old} → {new}：{count} 个").format(old=move.old, new=move.new, count=move.count) for move in found.moves
    )
    yield _("没有写入。去掉 --dry-run 才会载入。")
