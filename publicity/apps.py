"""The room as a Django app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "publicity"

    def ready(self) -> None:
        if find_spec("publicity.jobs"):
            import_module("publicity.jobs")
