"""The socket side of the portal: who may connect, and which room's consumer answers."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

ROOMS = ("publicity", "complaints", "mediation")


def _routes() -> list[Any]:
    modules = [f"{room}.routing" for room in ROOMS if find_spec(f"{room}.routing")]
    return [route for module in modules for route in import_module(module).websocket_urlpatterns]


http = get_asgi_application()
websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(_routes())))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
