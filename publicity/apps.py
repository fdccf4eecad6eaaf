"""The room as a Django app."""

from importlib import import_module

from django.apps import AppConfig

PARTS = ("jobs", "whole_story")


class PublicityConfig(AppConfig):
    name = "publicity"

    def ready(self) -> None:
        for part in PARTS:
            import_module(f"publicity.{part}")
