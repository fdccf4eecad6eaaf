"""The room as a Django app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

PARTS = (
    "texts",
    "money_texts",
    "jobs",
    "money_jobs",
    "selectors.story",
    "selectors.claim_story",
    "selectors.fund_rail",
    "whole_story",
)


class MediationConfig(AppConfig):
    name = "mediation"

    def ready(self) -> None:
        for part in PARTS:
            if find_spec(f"mediation.{part}"):
                import_module(f"mediation.{part}")
