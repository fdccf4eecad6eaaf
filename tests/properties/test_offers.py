"""Whatever two sides do with offers, in whatever order, the table stays in order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediation.models import Message, Offer
from mediation.selectors.offers import ladder
from mediation.services import offers
from portal.kernel import clock, proof
from portal.kernel.errors import Refused
from portal.kernel.models import User
from tests.build_mediation import Table, a_room

pytestmark = pytest.mark.django_db

SIDES = st.sampled_from(["consumer", "merchant"])
ACTS = st.sampled_from(["make", "counter", "accept", "decline", "withdraw"])
STEPS = st.lists(st.tuples(ACTS, SIDES, st.integers(0, 10_000_00)), max_size=12)
REFUSALS = {"no_offer", "offer_open", "offer_over", "own_offer", "not_your_offer", "offer_accepted"}


def attempt(table: Table, act: str, who: User, fen: int) -> str:
    said = {
        "amount_fen": fen,
        "terms": "退货",
        "pay_by": clock.today() + timedelta(days=9),
        "answer_by": clock.today() + timedelta(days=2),
    }
    last = Offer.objects.filter(mediation=table.mediation).order_by("-pk").first()
    try:
        if act == "make":
            offers.make(mediation_id=table.mediation.pk, who=who, **said)  # type: ignore[arg-type]
        elif last is None:
            return "no_offer"
        elif act == "counter":
            offers.counter(offer_id=last.pk, who=who, **said)  # type: ignore[arg-type]
        else:
            {"accept": offers.accept, "decline": offers.decline, "withdraw": offers.withdraw}[act](
                offer_id=last.pk, who=who
            )
    except Refused as refused:
        return refused.code
    return "ok"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_order_of_acts_breaks_the_table(steps: list[tuple[str, str, int]]) -> None:
    table = a_room()
    people = {"consumer": table.consumer, "merchant": table.merchant}

    for act, side, fen in steps:
        before = [(row.pk, row.state) for row in Offer.objects.filter(mediation=table.mediation).order_by("pk")]
        noted = table.lane.last_seq
        answer = attempt(table, act, people[side], fen)
        rows = list(Offer.objects.filter(mediation=table.mediation).order_by("pk"))
        after = [(row.pk, row.state) for row in rows]

        assert answer == "ok" or answer in REFUSALS
        if answer != "ok":
            assert after == before
            assert table.lane.last_seq == noted
        assert sum(row.state == "open" for row in rows) <= 1
        assert sum(row.state == "accepted" for row in rows) <= 1
        assert not (any(row.state == "open" for row in rows) and any(row.state == "accepted" for row in rows))
        assert all((row.answered_at is None) == (row.state == "open") for row in rows)
        for (_pk, old), (_same, new) in zip(before, after, strict=False):
            assert old == "open" or old == new
    assert proof.faults() == []
    seqs = list(Message.objects.filter(lane=table.lane).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, table.lane.last_seq + 1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(consumer=st.integers(0, 100_000_000_00), merchant=st.integers(0, 100_000_000_00))
def test_both_sides_stay_inside_the_ladder_in_the_right_order(consumer: int, merchant: int) -> None:
    table = a_room()
    attempt(table, "make", table.consumer, consumer)
    attempt(table, "counter", table.merchant, merchant)

    drawn = ladder(table.now())

    assert drawn is not None
    assert 0 <= drawn.merchant.x <= 100
    assert 0 <= drawn.consumer.x <= 100
    assert (drawn.consumer.x - drawn.merchant.x) * (consumer - merchant) >= 0
    assert min(drawn.merchant.x, drawn.consumer.x) <= drawn.middle <= max(drawn.merchant.x, drawn.consumer.x)
