"""`python3 -m portal check`: verify events, checkpoints, transparency log, releases, ledger and search."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mediation.models import Entry
from mediation.services import ledger
from portal.kernel import events, search
from portal.kernel.models import Anchor, Event
from portal.kernel.search import checking
from publicity.models import LogLeaf
from publicity.services import releases, transparency


class Command(BaseCommand):
    help = "Verify event chains, checkpoints, the transparency log, signed releases, the ledger and search indexes."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [
            *(_("事件 {id}：{why}").format(id=broken.event_id, why=broken.why) for broken in events.broken_chains()),
            *(_("检查点 {id}：{why}").format(id=broken.event_id, why=broken.why) for broken in events.broken_anchors()),
            *(_("公示日志：{why}").format(why=why) for why in transparency.broken_log()),
            *(_("统计：{why}").format(why=why) for why in releases.broken_releases()),
            *(_("账本：{why}").format(why=why) for why in ledger.broken_books()),
            *(
                _("检索 {name} 的 {id}：{why}").format(name=name, id=found.record_id, why=found.why)
                for name in search.sourced()
                for found in checking.differences(name)
            ),
        ]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(_("有 {n} 处不能自证。").format(n=len(faults)))
        self.stdout.write(
            _("事件 {events} 条、检查点 {anchors} 个、公示日志 {leaves} 条、分录 {entries} 笔，全部对得上。").format(
                events=Event.objects.count(),
                anchors=Anchor.objects.count(),
                leaves=LogLeaf.objects.count(),
                entries=Entry.objects.count(),
            )
        )
