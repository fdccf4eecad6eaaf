"""The shell as a Django app: it holds commands and the city pack, and no tables."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "消费者投诉门户"
