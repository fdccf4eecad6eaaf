"""The room as a Django app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"

    def ready(self) -> None:
        if find_spec("mediation.jobs"):
            import_module("mediation.jobs")
