"""Facts: what may be counted of a case, from its receipt on."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.kernel.access import Role
from publicity.models import CaseFact, Disclosure
from publicity.services import facts, shops
from tests import build, build_publicity

pytestmark = pytest.mark.django_db


def an_open_fact(**changes: Any) -> CaseFact:
    told: dict[str, Any] = {
        "kind": "complaint",
        "shop_id": None,
        "bureau_id": None,
        "district": build.NANKAI,
        "problem": "P02",
        "object_class": "",
        "sale_mode": "",
        "channel": "PORTAL",
        "regime": "ORDER121",
        "received_on": date(2026, 11, 2),
    }
    return facts.open_fact(**(told | changes))


def test_a_fact_begins_at_receipt_and_moves_with_its_milestones() -> None:
    fact = an_open_fact()

    facts.advance(fact_id=fact.pk, competent_on=date(2026, 11, 3), decision_due_on=date(2026, 11, 12))
    facts.advance(fact_id=fact.pk, decided_on=date(2026, 11, 5), was_accepted=True)
    facts.advance(fact_id=fact.pk, closed_on=date(2026, 11, 20), outcome="settled", recovered_fen=129_900)

    fact.refresh_from_db()
    assert (fact.received_on, fact.competent_on, fact.decided_on, fact.closed_on) == (
        date(2026, 11, 2),
        date(2026, 11, 3),
        date(2026, 11, 5),
        date(2026, 11, 20),
    )
    assert (fact.was_accepted, fact.outcome, fact.recovered_fen) == (True, "settled", 129_900)


def test_a_milestone_can_be_taken_back_when_a_case_returns_to_the_hub() -> None:
    fact = an_open_fact()
    facts.advance(fact_id=fact.pk, competent_on=date(2026, 11, 3), decision_due_on=date(2026, 11, 12))

    facts.advance(fact_id=fact.pk, competent_on=None, decision_due_on=None, bureau_id=None)

    fact.refresh_from_db()
    assert (fact.competent_on, fact.decision_due_on) == (None, None)


@pytest.mark.parametrize("name", ["received_on", "district", "kind", "public_id", "channel"])
def test_what_was_fixed_at_receipt_is_no_milestone(name: str) -> None:
    fact = an_open_fact()

    with pytest.raises(TypeError, match=name):
        facts.advance(fact_id=fact.pk, outcome="settled", closed_on=date(2026, 11, 20), **{name: "120101"})

    fact.refresh_from_db()
    assert (fact.outcome, fact.district) == ("", build.NANKAI)


def test_facts_of_a_merged_shop_are_counted_with_the_one_it_became() -> None:
    kept = build.a_shop()
    gone = shops.register_provisional(name="老王水果店", address="南开区示例路 7 号", district=build.NANKAI)
    shops.merge(shop_id=gone.pk, into_id=kept.pk, who=build.staff(Role.DISPATCHER), version=gone.version)

    assert an_open_fact(shop_id=gone.pk).shop == kept
    fact = an_open_fact()
    assert facts.advance(fact_id=fact.pk, shop_id=gone.pk).shop_id == kept.pk


def test_taking_consent_back_takes_the_public_record_down() -> None:
    record = build_publicity.a_published_record(build.a_shop())

    facts.advance(fact_id=record.fact_id, agrees_to_disclosure=False)

    record.refresh_from_db()
    assert record.state == Disclosure.State.REMOVED
    assert CaseFact.objects.get(pk=record.fact_id).agrees_to_disclosure is False


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"recovered_fen": -1}, "no_negative_recovery"),
        ({"closed_on": date(2026, 11, 20)}, "closed_facts_have_an_outcome"),
        ({"outcome": "settled"}, "closed_facts_have_an_outcome"),
        ({"decided_on": date(2026, 11, 20)}, "a_decision_says_accepted_or_not"),
        ({"kind": "report", "agrees_to_disclosure": True}, "reports_never_disclose"),
    ],
)
def test_the_database_holds_the_same_line(changes: dict[str, Any], constraint: str) -> None:
    fact = an_open_fact()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CaseFact.objects.filter(pk=fact.pk).update(**changes)
