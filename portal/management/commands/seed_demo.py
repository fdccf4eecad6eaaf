"""Build the demo city; `portal run` calls it on the first demo start."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.demo import city


class Command(BaseCommand):
    help = "Build the demo city."

    def add_arguments(self, parser: CommandParser) -> None:
        scale = float(os.environ.get("PORTAL_DEMO_SCALE", "1"))
        parser.add_argument("--scale", type=float, default=scale, help="how large a city, 1 is about 300 cases")

    def handle(self, *args: Any, **options: Any) -> None:
        city.build(scale=options["scale"])
