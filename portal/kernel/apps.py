"""The kernel as a Django app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "portal.kernel"
    label = "kernel"

    def ready(self) -> None:
        if find_spec("portal.kernel.tasks"):
            import_module("portal.kernel.tasks")
