"""The socket says how far a lane has come, to those at the table and to nobody else."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from mediation.models import Lane
from mediation.services import offers
from portal.kernel import access, clock
from portal.kernel.access import Role
from portal.kernel.models import User
from portal.sockets import websocket
from tests import build
from tests.build_mediation import Table, a_room, an_offer, said

pytestmark = pytest.mark.django_db(transaction=True)


def cookie(user: User | AnonymousUser, *, second_factor: bool = True) -> str:
    client = Client()
    if isinstance(user, User):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if user.is_staff and second_factor:
            session = client.session
            session[access.SECOND_FACTOR] = clock.now().isoformat()
            session.save()
    return client.cookies.output(header="", sep=";").strip()


async def socket(table: Table, user: Any, lane: Lane | None = None, *, second_factor: bool = True) -> Any:
    found = lane or await database_sync_to_async(lambda: table.lane)()
    held = await database_sync_to_async(cookie)(user, second_factor=second_factor)
    headers = [(b"origin", b"http://testserver"), (b"host", b"testserver"), (b"cookie", held.encode())]
    return WebsocketCommunicator(websocket, f"/ws/room/{found.public_id}/", headers=headers)


async def is_let_in(communicator: Any) -> tuple[bool, Any]:
    answer: tuple[bool, Any] = await communicator.connect()
    return answer


async def test_everyone_at_the_table_hears_the_number_and_nothing_else() -> None:
    table = await database_sync_to_async(a_room)()
    sockets = [await socket(table, who) for who in (table.consumer, table.merchant, table.officer)]
    for one in sockets:
        assert (await is_let_in(one))[0]

    await database_sync_to_async(said)(table, table.consumer, "我要求全退。")

    for one in sockets:
        assert await one.receive_json_from() == {"seq": 2}
        assert await one.receive_nothing()
        await one.disconnect()


async def test_an_offer_and_its_withdrawal_nudge_the_room() -> None:
    table = await database_sync_to_async(a_room)()
    one = await socket(table, table.merchant)
    assert (await is_let_in(one))[0]

    offer = await database_sync_to_async(an_offer)(table, table.consumer)
    assert await one.receive_json_from() == {"seq": 2}
    await database_sync_to_async(offers.withdraw)(offer_id=offer.pk, who=table.consumer)
    assert await one.receive_json_from() == {"seq": 3}
    await one.disconnect()


async def test_strangers_are_closed_with_one_code_whoever_they_are() -> None:
    table = await database_sync_to_async(a_room)()
    strangers = [
        AnonymousUser(),
        await database_sync_to_async(build.a_citizen)(),
        await database_sync_to_async(lambda: build.a_merchant(build.a_shop()))(),
        await database_sync_to_async(build.staff)(Role.MEDIATOR),
    ]

    for stranger in strangers:
        assert await is_let_in(await socket(table, stranger)) == (False, 4404)


async def test_a_room_that_does_not_exist_answers_like_one_of_others() -> None:
    table = await database_sync_to_async(a_room)()

    assert await is_let_in(await socket(table, table.consumer, Lane(public_id="a" * 20))) == (False, 4404)


async def test_staff_without_the_second_factor_stay_outside() -> None:
    table = await database_sync_to_async(a_room)()

    assert await is_let_in(await socket(table, table.officer, second_factor=False)) == (False, 4404)


async def test_a_caucus_lane_has_no_socket_even_for_its_own_side() -> None:
    table = await database_sync_to_async(a_room)()
    caucus = await database_sync_to_async(Lane.objects.create)(
        mediation=table.mediation, kind=Lane.Kind.CAUCUS_CONSUMER
    )

    for who in (table.consumer, table.merchant, table.officer):
        assert await is_let_in(await socket(table, who, caucus)) == (False, 4404)


async def test_what_a_browser_sends_is_not_passed_on() -> None:
    table = await database_sync_to_async(a_room)()
    speaker, listener = await socket(table, table.consumer), await socket(table, table.merchant)
    for one in (speaker, listener):
        assert (await is_let_in(one))[0]

    await speaker.send_json_to({"seq": 99, "text": "x"})

    assert await listener.receive_nothing()
    assert await speaker.receive_nothing()
    for one in (speaker, listener):
        await one.disconnect()


async def test_a_refused_line_nudges_nobody() -> None:
    table = await database_sync_to_async(a_room)()
    one = await socket(table, table.merchant)
    assert (await is_let_in(one))[0]

    with pytest.raises(Exception, match="message_empty"):
        await database_sync_to_async(said)(table, table.consumer, "")

    assert await one.receive_nothing()
    await one.disconnect()
