"""Build the demo city; `portal run` calls it on the first demo start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.demo import city


class Command(BaseCommand):
    help = "Build the demo city."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0)

    def handle(self, *args: Any, **options: Any) -> None:
        city.build(scale=options["scale"])
