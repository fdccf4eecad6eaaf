import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.db import transaction

from portal.kernel import realtime


class Door(realtime.Nudged):
    """A socket that joins the group its address names."""

    async def connect(self) -> None:
        await self.join(self.scope["path"].strip("/"))
        await self.accept()


async def opened(group: str) -> Any:
    socket = WebsocketCommunicator(Door.as_asgi(), f"/{group}/")
    connected, _protocol = await socket.connect()
    assert connected
    return socket


def in_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
async def test_a_nudge_from_a_worker_thread_reaches_the_socket_at_once() -> None:
    socket = await opened("lane.a")

    await asyncio.to_thread(in_a_thread, lambda: realtime.nudge("lane.a", seq=8))

    assert await socket.receive_json_from(timeout=1) == {"group": "lane.a", "seq": 8}
    await socket.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_a_nudge_waits_for_the_commit_and_dies_with_a_rollback() -> None:
    socket = await opened("lane.b")

    def write() -> None:
        with transaction.atomic():
            realtime.nudge("lane.b", seq=1)
        try:
            with transaction.atomic():
                realtime.nudge("lane.b", seq=2)
                raise RuntimeError
        except RuntimeError:
            pass
        with transaction.atomic():
            realtime.nudge("lane.b", seq=3)

    await sync_to_async(write)()

    assert [(await socket.receive_json_from(timeout=1))["seq"] for _turn in range(2)] == [1, 3]
    await socket.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_nothing_of_one_lane_is_told_in_another() -> None:
    joint, caucus = await opened("lane.joint"), await opened("lane.caucus")

    await sync_to_async(realtime.nudge)("lane.caucus", seq=1)

    assert (await caucus.receive_json_from(timeout=1))["seq"] == 1
    assert await joint.receive_nothing(timeout=0.1)
    await joint.disconnect()
    await caucus.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_a_closed_socket_leaves_its_groups() -> None:
    socket = await opened("lane.c")
    await socket.disconnect()

    layer: Any = get_channel_layer()
    assert "lane.c" not in layer.groups


@pytest.mark.django_db(transaction=True)
def test_a_nudge_where_nobody_serves_sockets_harms_nobody() -> None:
    realtime.nudge("lane.d", seq=1)


def test_a_nudge_carries_numbers_only() -> None:
    with pytest.raises(TypeError):
        realtime.nudge("lane.a", text="内容")  # type: ignore[arg-type]
