"""`python3 -m portal manage rebuild_index [NAME …]`: fill search indexes anew from the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.kernel import search
from portal.kernel.search.embedded import IndexBusy

TOLD_EVERY = 10_000


class Command(BaseCommand):
    """Readers see the old index until the new one is whole; what changes meanwhile is in both."""

    help = "Fill search indexes anew from the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=search.sourced(), metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["names"] or search.sourced():
            self._rebuild(name)

    def _rebuild(self, name: str) -> None:
        told = 0

        def progress(done: int) -> None:
            nonlocal told
            if done - told >= TOLD_EVERY:
                told = done
                self.stdout.write(_("{name}：已放入 {n} 条").format(name=name, n=done))

        try:
            count = search.rebuild(name, progress)
        except IndexBusy:
            raise CommandError(_("门户正在运行，它的检索由它自己写。请先停止门户，或者在集群里重建。")) from None
        self.stdout.write(_("{name}：已重建，共 {n} 条").format(name=name, n=count))
