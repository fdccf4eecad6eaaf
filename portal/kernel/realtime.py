"""Nudges: "something is new here", from any thread or process, never what it is.

A nudge carries numbers only. Who receives it asks for the rest over HTTP, where access is checked, so a lost nudge
costs a moment and a leaked one says nothing.
"""

import asyncio
import logging
import os
import threading
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_server_loop: asyncio.AbstractEventLoop | None = None
_own_loop: asyncio.AbstractEventLoop | None = None
_own_pid = 0


def serve_on(loop: asyncio.AbstractEventLoop | None) -> None:
    """Name the loop on which this process serves sockets; with the in-memory layer nudges must be sent on that loop."""
    global _server_loop
    _server_loop = loop


def nudge(group: str, **numbers: int) -> None:
    """Tell everyone in *group*, once the current transaction is committed, that it stands at *numbers*."""
    if not all(isinstance(value, int) for value in numbers.values()):
        raise TypeError("a nudge carries numbers, never content")
    message = {"type": "nudge", "group": group, "numbers": numbers}
    transaction.on_commit(lambda: _send(group, message), robust=True)


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    sending = asyncio.run_coroutine_threadsafe(layer.group_send(group, message), _loop())
    sending.add_done_callback(_report)


def _report(sending: "asyncio.Future[Any] | Any") -> None:
    if not sending.cancelled() and sending.exception() is not None:
        logger.warning("a nudge was lost: %s", type(sending.exception()).__name__)


def _loop() -> asyncio.AbstractEventLoop:
    """The server's loop, or in a process that serves no sockets one of our own, kept so that connections are kept."""
    global _own_loop, _own_pid
    if _server_loop is not None and _server_loop.is_running():
        return _server_loop
    with _lock:
        if _own_loop is None or _own_pid != os.getpid():
            _own_loop = asyncio.new_event_loop()
            _own_pid = os.getpid()
            threading.Thread(target=_own_loop.run_forever, name="nudges", daemon=True).start()
        return _own_loop


class Nudged(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """A socket that passes on the nudges of the groups it joined, as `{"group": …, **numbers}`.

    A room's consumer checks access in `connect`, calls `join` for each group, then `accept`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joined: list[str] = []

    async def join(self, group: str) -> None:
        """Receive the nudges of *group* until the socket closes."""
        if _server_loop is None or not _server_loop.is_running():
            serve_on(asyncio.get_running_loop())
        await self.channel_layer.group_add(group, self.channel_name)
        self.joined.append(group)

    async def disconnect(self, code: int) -> None:
        for group in self.joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def nudge(self, message: dict[str, Any]) -> None:
        await self.send_json({"group": message["group"], **message["numbers"]})
