"""The shell as a Django app: it holds commands and the city pack, and no tables."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "消费者投诉门户"

    def ready(self) -> None:
        """A broken city pack ends the start with its one sentence."""
        from portal.kernel import regions

        try:
            regions.city()
        except regions.BadPack as error:
            raise SystemExit(str(error)) from None
