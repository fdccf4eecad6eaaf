"""What is said in the joint lane: numbered, sealed, once."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine

from mediation.models import Lane, Message
from mediation.services import messages
from portal.kernel import crypto, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Notice, User
from tests import build
from tests.build_mediation import Table, a_room, a_signed_agreement, an_invitation, said

pytestmark = pytest.mark.django_db


def texts(table: Table) -> list[tuple[int, str]]:
    rows = Message.objects.filter(lane=table.lane, note="").order_by("seq")
    return [(row.seq, crypto.unseal(row, "text")) for row in rows]


def test_three_people_speak_in_one_order() -> None:
    table = a_room()

    said(table, table.officer, "两边好。")
    said(table, table.merchant, "愿意退 400 元。")
    said(table, table.consumer, "我要求全退。")

    assert texts(table) == [(2, "两边好。"), (3, "愿意退 400 元。"), (4, "我要求全退。")]
    assert table.lane.last_seq == 4
    assert [event.payload["seq"] for event in events.of(table.lane)] == [2, 3, 4]


def test_what_is_stored_is_sealed() -> None:
    table = a_room()

    message = said(table, table.consumer, "我的电话是 13912345678")

    stored = bytes(Message.objects.get(pk=message.pk).text)
    assert b"13912345678" not in stored
    assert "我的电话".encode() not in stored


def test_the_same_key_says_it_once() -> None:
    table = a_room()
    key = uuid4().hex

    first = messages.post(lane_id=table.lane.pk, text="好的。", key=key, who=table.consumer)
    again = messages.post(lane_id=table.lane.pk, text="好的。", key=key, who=table.consumer)

    assert again == first
    assert texts(table) == [(2, "好的。")]


def test_a_key_that_carried_other_words_is_refused() -> None:
    table = a_room()
    key = uuid4().hex
    messages.post(lane_id=table.lane.pk, text="好的。", key=key, who=table.consumer)

    with pytest.raises(Refused) as refusal:
        messages.post(lane_id=table.lane.pk, text="不行。", key=key, who=table.consumer)

    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)
    assert texts(table) == [(2, "好的。")]


def test_two_people_may_use_the_same_key() -> None:
    table = a_room()

    messages.post(lane_id=table.lane.pk, text="甲", key="k", who=table.consumer)
    messages.post(lane_id=table.lane.pk, text="乙", key="k", who=table.merchant)

    assert texts(table) == [(2, "甲"), (3, "乙")]


@pytest.mark.parametrize(
    ("text", "code"), [("", "message_empty"), (" \n ", "message_empty"), ("字" * 1001, "message_long")]
)
def test_nothing_and_too_much_are_refused(text: str, code: str) -> None:
    table = a_room()

    with pytest.raises(Refused) as refusal:
        said(table, table.consumer, text)

    assert (refusal.value.code, refusal.value.field) == (code, "text")
    assert table.lane.last_seq == 1


def test_the_longest_message_fits() -> None:
    table = a_room()

    assert said(table, table.consumer, "字" * 1000).seq == 2


def test_nobody_floods_the_room() -> None:
    table = a_room()
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        for _ in range(30):
            said(table, table.consumer)
        with pytest.raises(Refused) as refusal:
            said(table, table.consumer)
        assert (refusal.value.code, refusal.value.status) == ("too_fast", 429)
        assert table.lane.last_seq == 31
        assert said(table, table.merchant).seq == 32

    with time_machine.travel(datetime(2026, 11, 24, 12, 1, 1, tzinfo=UTC), tick=False):
        assert said(table, table.consumer).seq == 33


def test_strangers_find_no_lane() -> None:
    table = a_room()
    strangers: list[User] = [build.a_citizen(), build.a_merchant(build.a_shop()), build.staff(Role.MEDIATOR)]

    for stranger in strangers:
        with pytest.raises(Refused) as refusal:
            said(table, stranger)
        assert refusal.value.code == "not_found"

    assert table.lane.last_seq == 1


def test_a_colleague_who_does_not_conduct_the_talks_keeps_silent() -> None:
    table = a_room()

    with pytest.raises(Refused) as refusal:
        said(table, build.staff(Role.MEDIATOR, table.case.unit))

    assert refusal.value.code == "not_the_mediator"
    assert table.lane.last_seq == 1


def test_nobody_speaks_before_the_talks_begin_or_after_they_end() -> None:
    invited, settled = an_invitation(), a_room()
    a_signed_agreement(settled)
    before = settled.lane.last_seq

    for table in (invited, settled):
        with pytest.raises(Refused) as refusal:
            said(table, table.consumer)
        assert refusal.value.code == "talks_closed"

    assert (invited.lane.last_seq, settled.lane.last_seq) == (0, before)


def test_a_caucus_lane_is_absent_for_everybody_and_does_not_move_the_joint_numbers() -> None:
    table = a_room()
    caucus = Lane.objects.create(mediation=table.mediation, kind=Lane.Kind.CAUCUS_CONSUMER, last_seq=41)

    for who in (table.consumer, table.merchant, table.officer):
        with pytest.raises(Refused) as refusal:
            messages.post(lane_id=caucus.pk, text="悄悄话", key="", who=who)
        assert refusal.value.code == "not_found"

    assert Message.objects.filter(lane=caucus).count() == 0
    assert said(table, table.consumer).seq == 2


def test_the_others_are_told_at_most_once_an_hour() -> None:
    table = a_room()

    said(table, table.consumer, "一")
    said(table, table.consumer, "二")

    assert Notice.objects.filter(name="room.spoken", user=table.merchant).count() == 1
    assert Notice.objects.filter(name="room.spoken", user=table.officer).count() == 1
    assert Notice.objects.filter(name="room.spoken", user=table.consumer).count() == 0
