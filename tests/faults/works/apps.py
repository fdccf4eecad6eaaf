"""The app, with its jobs and points set up in every process that has it."""

from importlib import import_module

from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "tests.faults.works"
    label = "works"

    def ready(self) -> None:
        for part in ("works", "points"):
            import_module(f"tests.faults.works.{part}")
