"""One money offer at a time."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mediation.models import Mediation, Message, Offer
from mediation.services import offers
from portal.kernel import clock, crypto, events, jobs
from portal.kernel.errors import Refused
from tests import build
from tests.build_mediation import Table, a_room, a_signed_agreement, an_accepted_offer, an_invitation, an_offer

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)


def states(table: Table) -> list[tuple[str, int, str]]:
    rows = Offer.objects.filter(mediation=table.mediation).order_by("pk")
    return [(row.side, row.amount_fen, row.state) for row in rows]


def counter(offer: Offer, who: Any, **changes: Any) -> Offer:
    said: dict[str, Any] = {
        "amount_fen": 400_00,
        "terms": "",
        "pay_by": clock.today() + timedelta(days=10),
        "answer_by": clock.today() + timedelta(days=3),
    }
    return offers.counter(offer_id=offer.pk, who=who, **(said | changes))


def test_an_offer_stands_with_its_terms_sealed() -> None:
    table = a_room()

    offer = an_offer(table, table.consumer)

    assert states(table) == [("consumer", 79900, "open")]
    assert crypto.unseal(offer, "terms_sealed") == "消费者把商品交回店里。"
    assert "商品".encode() not in bytes(Offer.objects.get(pk=offer.pk).terms_sealed)
    last = events.of(table.mediation).last()
    assert last is not None
    assert (last.name, last.payload) == ("offer.made", {"offer": offer.public_id, "side": "consumer", "fen": 79900})
    assert [row.note for row in Message.objects.filter(lane=table.lane).order_by("seq")] == ["opened", "offer.made"]


def test_a_double_click_makes_one_offer() -> None:
    table = a_room()

    assert an_offer(table, table.consumer) == an_offer(table, table.consumer)
    assert states(table) == [("consumer", 79900, "open")]


def test_a_second_offer_waits_for_the_first() -> None:
    table = a_room()
    an_offer(table, table.consumer)

    for who, fen in ((table.consumer, 700_00), (table.merchant, 400_00)):
        with pytest.raises(Refused) as refusal:
            an_offer(table, who, amount_fen=fen)
        assert refusal.value.code == "offer_open"

    assert states(table) == [("consumer", 79900, "open")]


def test_a_counter_ends_the_first_and_stands_in_its_place() -> None:
    table = a_room()
    first = an_offer(table, table.consumer)

    second = counter(first, table.merchant)

    assert states(table) == [("consumer", 79900, "countered"), ("merchant", 40000, "open")]
    assert second.counters == first


def test_only_the_other_side_answers_an_offer() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)

    for answer in (offers.accept, offers.decline):
        with pytest.raises(Refused) as refusal:
            answer(offer_id=offer.pk, who=table.consumer)
        assert refusal.value.code == "own_offer"
    with pytest.raises(Refused) as refusal:
        counter(offer, table.consumer)
    assert refusal.value.code == "own_offer"
    with pytest.raises(Refused) as refusal:
        offers.accept(offer_id=offer.pk, who=table.officer)
    assert refusal.value.code == "forbidden"

    assert states(table) == [("consumer", 79900, "open")]


def test_an_acceptance_ends_the_bargaining() -> None:
    table = a_room()
    offer = an_accepted_offer(table)

    assert states(table) == [("consumer", 79900, "accepted")]
    assert offers.accept(offer_id=offer.pk, who=table.merchant) == offer
    for who in (table.consumer, table.merchant):
        with pytest.raises(Refused) as refusal:
            an_offer(table, who, amount_fen=1)
        assert refusal.value.code == "offer_accepted"
    assert [event.name for event in events.of(table.mediation)].count("offer.accepted") == 1
    assert table.now().state == Mediation.State.IN_SESSION


def test_a_declined_offer_makes_room_for_a_new_one() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)

    offers.decline(offer_id=offer.pk, who=table.merchant)
    an_offer(table, table.merchant, amount_fen=400_00)

    assert states(table) == [("consumer", 79900, "declined"), ("merchant", 40000, "open")]
    with pytest.raises(Refused) as refusal:
        offers.accept(offer_id=offer.pk, who=table.merchant)
    assert refusal.value.code == "offer_over"


def test_only_its_side_withdraws_an_offer_and_only_while_it_waits() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)

    with pytest.raises(Refused) as refusal:
        offers.withdraw(offer_id=offer.pk, who=table.merchant)
    assert refusal.value.code == "not_your_offer"

    offers.withdraw(offer_id=offer.pk, who=table.consumer)
    assert states(table) == [("consumer", 79900, "withdrawn")]
    with pytest.raises(Refused) as refusal:
        offers.accept(offer_id=offer.pk, who=table.merchant)
    assert refusal.value.code == "offer_over"


def test_an_accepted_offer_cannot_be_withdrawn() -> None:
    table = a_room()
    offer = an_accepted_offer(table)

    with pytest.raises(Refused) as refusal:
        offers.withdraw(offer_id=offer.pk, who=table.consumer)

    assert refusal.value.code == "offer_over"
    assert states(table) == [("consumer", 79900, "accepted")]


def test_an_offer_lives_through_its_last_day_and_expires_after_it() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        offer = an_offer(table, table.consumer)

    with time_machine.travel(datetime(2026, 11, 27, 23, 59, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        assert states(table) == [("consumer", 79900, "open")]

    with time_machine.travel(datetime(2026, 11, 28, 0, 0, 30, tzinfo=SHANGHAI), tick=False):
        with pytest.raises(Refused) as refusal:
            offers.accept(offer_id=offer.pk, who=table.merchant)
        assert refusal.value.code == "offer_expired"
        assert states(table) == [("consumer", 79900, "open")]

    with time_machine.travel(datetime(2026, 11, 28, 0, 2, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        assert states(table) == [("consumer", 79900, "expired")]
        an_offer(table, table.merchant, amount_fen=400_00)
        assert states(table) == [("consumer", 79900, "expired"), ("merchant", 40000, "open")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_fen": -1}, "amount"),
        ({"amount_fen": 100_000_000_01}, "amount"),
        ({"amount_fen": 0, "terms": " "}, "terms"),
        ({"terms": "字" * 501}, "terms"),
        ({"answer_by": timedelta(days=-1)}, "answer_by"),
        ({"answer_by": timedelta(days=31), "pay_by": timedelta(days=40)}, "answer_by"),
        ({"pay_by": timedelta(days=2)}, "pay_by"),
        ({"pay_by": timedelta(days=366)}, "pay_by"),
    ],
)
def test_an_impossible_offer_is_refused_on_its_field(changes: dict[str, Any], field: str) -> None:
    table = a_room()
    day = clock.today()
    changes = {key: day + value if isinstance(value, timedelta) else value for key, value in changes.items()}

    with pytest.raises(Refused) as refusal:
        an_offer(table, table.consumer, **changes)

    assert (refusal.value.code, refusal.value.field) == (field, field)
    assert states(table) == []


def test_strangers_find_no_offer() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)

    for stranger in (build.a_citizen(), build.a_merchant(build.a_shop())):
        for answer in (offers.accept, offers.decline, offers.withdraw):
            with pytest.raises(Refused) as refusal:
                answer(offer_id=offer.pk, who=stranger)
            assert refusal.value.code == "not_found"

    assert states(table) == [("consumer", 79900, "open")]


def test_nobody_offers_before_the_talks_begin_or_after_they_end() -> None:
    invited, settled = an_invitation(), a_room()
    a_signed_agreement(settled)

    for table in (invited, settled):
        with pytest.raises(Refused) as refusal:
            an_offer(table, table.consumer)
        assert refusal.value.code == "talks_moved_on"
    assert states(invited) == []
    assert states(settled) == [("consumer", 79900, "accepted")]
