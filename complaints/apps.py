"""The room as a Django app."""

from importlib import import_module

from django.apps import AppConfig

PARTS = ("jobs", "draft_jobs", "whole_story")


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        for part in PARTS:
            import_module(f"complaints.{part}")
