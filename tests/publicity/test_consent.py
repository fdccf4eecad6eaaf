"""A consent taken back takes the record with it, and the log keeps its proof without the text (个保法15)."""

import hashlib

import pytest
from django.test import Client

from complaints.models import Case
from complaints.services import supplements
from portal.kernel import calendars, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from publicity.models import CaseFact, Disclosure, LogLeaf
from publicity.selectors import register
from publicity.selectors.register import Filter
from publicity.services import disclosures, facts, transparency
from tests.build import a_citizen, a_filed_case, a_phone, staff
from tests.build_register import a_passed, a_proposal, a_public, settle

pytestmark = pytest.mark.django_db
State = Disclosure.State


def test_withdrawn_consent_takes_a_public_record_down_everywhere(client: Client) -> None:
    row = a_public()
    settle()
    assert client.get(f"/register/{row.public_id}/").status_code == 200

    disclosures.withdraw_consent(fact_id=row.fact_id)
    assert client.get(f"/register/{row.public_id}/").status_code == 404
    assert client.get(f"/api/v1/disclosures/{row.public_id}").status_code == 404
    settle()

    row.refresh_from_db()
    assert (row.state, row.reason) == (State.REMOVED, "消费者撤回同意")
    assert register.find(who=a_citizen(), wanted=Filter()).total == 0
    assert b"".join(client.get("/register.csv").streaming_content).count(b"\n") == 1  # type: ignore[attr-defined]
    assert events.of(row).last().name == "disclosure.removed"  # type: ignore[union-attr]
    assert CaseFact.objects.get(pk=row.fact_id).outcome == "settled"


def test_the_salts_are_destroyed_and_the_chain_still_proves_itself() -> None:
    row = a_public()
    before = LogLeaf.objects.get()
    text = transparency.published_content(row)
    assert before.leaf_hash == hashlib.sha256(f"{before.salt}|published|{text}".encode()).hexdigest()

    disclosures.withdraw_consent(fact_id=row.fact_id)

    leaves = list(LogLeaf.objects.order_by("index"))
    assert [(leaf.kind, leaf.salt) for leaf in leaves] == [("published", ""), ("removed", "")]
    assert leaves[0].leaf_hash == before.leaf_hash
    assert list(transparency.broken_log()) == []


@pytest.mark.parametrize("step", ["first", "second"])
def test_consent_withdrawn_before_publication_stops_it(step: str) -> None:
    row = a_proposal() if step == "first" else a_passed()
    disclosures.withdraw_consent(fact_id=row.fact_id)

    row.refresh_from_db()
    assert row.state == State.NOT_DISCLOSED
    assert not calendars.open_clocks(row).exists()
    assert LogLeaf.objects.count() == 0
    with pytest.raises(Refused) as refusal:
        disclosures.publish(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version)
    assert refusal.value.code == "disclosure_moved_on"


def test_a_page_from_before_the_withdrawal_publishes_nothing() -> None:
    row = a_passed()
    version = row.version
    disclosures.withdraw_consent(fact_id=row.fact_id)

    with pytest.raises(Refused) as refusal:
        disclosures.publish(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=version)
    assert refusal.value.code == "stale"
    assert LogLeaf.objects.count() == 0


def test_a_fact_that_lost_its_consent_is_not_published_even_when_the_review_goes_on() -> None:
    row = a_passed()
    CaseFact.objects.filter(pk=row.fact_id).update(agrees_to_disclosure=False)

    with pytest.raises(Refused) as refusal:
        disclosures.publish(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version)
    assert refusal.value.code == "consent_withdrawn"
    row.refresh_from_db()
    assert (row.state, LogLeaf.objects.count()) == (State.SECOND_REVIEW, 0)


def test_agreeing_again_does_not_bring_the_record_back() -> None:
    row = a_public()
    facts.advance(fact_id=row.fact_id, agrees_to_disclosure=False)
    facts.advance(fact_id=row.fact_id, agrees_to_disclosure=True)

    row.refresh_from_db()
    assert row.state == State.REMOVED
    assert a_proposal(fact=CaseFact.objects.get(pk=row.fact_id)).pk == row.pk
    assert LogLeaf.objects.count() == 2


def test_withdrawing_twice_or_without_a_record_changes_nothing_more() -> None:
    row = a_public()
    disclosures.withdraw_consent(fact_id=row.fact_id)
    disclosures.withdraw_consent(fact_id=row.fact_id)
    assert LogLeaf.objects.count() == 2

    phone = a_phone()
    consumer = a_citizen(phone)
    case = a_filed_case(who=consumer, phone=phone, agrees_to_disclosure=True)
    supplements.set_consents(case_id=case.pk, who=consumer, disclosure=False, delegation=False, version=case.version)
    fact = Case.objects.get(pk=case.pk).fact
    assert fact is not None
    assert fact.agrees_to_disclosure is False
    assert Disclosure.objects.count() == 1
