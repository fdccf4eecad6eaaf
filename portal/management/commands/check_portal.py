"""`python3 -m portal check`: verify events, checkpoints, transparency log, releases, ledger and search."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mediation.models import Entry
from mediation.services import ledger
from portal.kernel import proof, search
from portal.kernel.search import checking
from publicity.models import LogLeaf
from publicity.services import releases, transparency

MOST_PROCESSES = 8
SAY_EVERY = 5.0


class Command(BaseCommand):
    help = "Verify event chains, checkpoints, the transparency log, signed releases, the ledger and search indexes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = min(os.cpu_count() or 1, MOST_PROCESSES)
        parser.add_argument("--processes", type=int, default=usual, help=f"how many at once (here: {usual})")

    def handle(self, *args: Any, **options: Any) -> None:
        report = proof.verify(processes=options["processes"], told=self._progress())
        faults = [
            *map(str, report.faults),
            *(_("公示日志：{why}").format(why=why) for why in transparency.broken_log()),
            *(_("统计：{why}").format(why=why) for why in releases.broken_releases()),
            *(_("账本：{why}").format(why=why) for why in ledger.broken_books()),
            *self._search(),
        ]
        for fault in faults:
            self.stderr.write(fault)
        if report.unnamed:
            self.stderr.write(_("另有 {n} 处没有逐条列出。").format(n=report.unnamed))
        if faults:
            raise CommandError(_("有 {n} 处不能自证。").format(n=len(faults) + report.unnamed))
        self.stdout.write(
            _("事件 {events} 条、检查点 {anchors} 个、公示日志 {leaves} 条、分录 {entries} 笔，全部对得上。").format(
                events=report.events,
                anchors=report.anchors,
                leaves=LogLeaf.objects.count(),
                entries=Entry.objects.count(),
            )
        )
        if report.open:
            self.stdout.write(_("最新的 {n} 条事件还没有盖检查点。").format(n=report.open))
        if report.newest:
            self.stdout.write(_("最新检查点的摘要，可以抄到别处留存：{digest}").format(digest=report.newest))

    def _search(self) -> Iterator[str]:
        """Where index and database differ. While changes are owed to an index, that is its lag and no fault."""
        for name in search.sourced():
            behind = checking.lag(name)
            if behind.owed:
                said = _("检索 {name} 还有 {n} 处变化没有放入，最早的已等 {seconds} 秒；放入以后再核对它。")
                self.stdout.write(said.format(name=name, n=behind.owed, seconds=int(behind.oldest.total_seconds())))
                continue
            for found in checking.differences(name):
                yield _("检索 {name} 的 {id}：{why}").format(name=name, id=found.record_id, why=found.why)

    def _progress(self) -> proof.Told:
        last = monotonic()

        def told(done: int, about: int) -> None:
            nonlocal last
            if monotonic() - last >= SAY_EVERY:
                last = monotonic()
                self.stdout.write(_("已核对 {done} / {about} 条事件").format(done=done, about=about))

        return told
