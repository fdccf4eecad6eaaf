"""A complaint becomes public only after two people who did not handle it have read it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from portal.kernel import calendars, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Event, Job
from publicity.models import CaseFact, Disclosure, LogLeaf
from publicity.selectors import disclosure_desk, register
from publicity.selectors.register import Filter
from publicity.services import disclosures, facts, shops
from tests.build import a_citizen, a_shop, a_unit, staff
from tests.build_register import RAW, SUMMARY, a_closed_fact, a_passed, a_proposal, a_public, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
State = Disclosure.State


def what_happened() -> tuple[int, int, int, list[tuple[int, str, int]]]:
    """Everything a refused step must leave alone."""
    rows = list(Disclosure.objects.order_by("pk").values_list("pk", "state", "version"))
    return Event.objects.count(), Job.objects.count(), LogLeaf.objects.count(), rows


def refused(act: Any, **arguments: Any) -> str:
    before = what_happened()
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    assert what_happened() == before
    return refusal.value.code


@time_machine.travel(NOW, tick=False)
def test_the_proposal_is_masked_and_due_seven_working_days_after_closing() -> None:
    row = a_proposal()

    assert "13800000001" in RAW
    assert "13800000001" not in row.proposed_summary
    assert row.state == State.FIRST_REVIEW
    running = calendars.open_clocks(row).get(code="D41")
    assert row.due_on == running.due_on == date(2026, 12, 3)
    assert running.started_on == date(2026, 11, 24)
    assert [event.name for event in events.of(row)] == ["disclosure.proposed"]


def test_proposing_again_answers_the_first_proposal() -> None:
    fact = a_closed_fact()
    first = a_proposal(fact=fact)

    assert a_proposal(fact=fact) == first
    assert Disclosure.objects.count() == 1
    assert events.of(first).count() == 1


@pytest.mark.parametrize("outcome", ["rejected", "withdrawn", "transferred", "consumer_refused", "other"])
def test_what_may_not_be_disclosed_is_not_even_proposed(outcome: str) -> None:
    assert_never_proposed(a_closed_fact(outcome=outcome))


def test_without_consent_or_of_a_report_nothing_is_proposed() -> None:
    assert_never_proposed(a_closed_fact(agrees_to_disclosure=False))
    assert_never_proposed(a_closed_fact(kind="report", agrees_to_disclosure=False))


def test_an_open_complaint_is_not_proposed() -> None:
    fact = a_closed_fact()
    CaseFact.objects.filter(pk=fact.pk).update(closed_on=None, outcome="")
    assert_never_proposed(CaseFact.objects.get(pk=fact.pk), outcome="settled")


def assert_never_proposed(fact: CaseFact, **changes: Any) -> None:
    unit = a_unit()
    told: dict[str, Any] = {
        "fact_id": fact.pk,
        "shop_id": fact.shop_id,
        "unit_id": unit.pk,
        "handler_id": staff(Role.OFFICER, unit).pk,
        "proposed_summary": SUMMARY,
        "outcome": fact.outcome,
        "closed_on": date(2026, 11, 24),
    }
    before = what_happened()
    assert disclosures.propose(**(told | changes)) is None
    assert what_happened()[2:] == before[2:]
    assert not Disclosure.objects.filter(fact=fact).exists()


@time_machine.travel(NOW, tick=False)
def test_three_people_publish_and_the_public_finds_it() -> None:
    row = a_public()
    settle()

    page = register.find(who=a_citizen(), wanted=Filter(text="净化器 退货"))
    assert [hit.id for hit in page.hits] == [row.public_id]
    assert page.facets["district"] == {"120104": 1}
    assert page.facets["object_class"] == {"": 1}
    assert row.expires_on == date(2027, 11, 24)
    assert [event.name for event in events.of(row)] == [
        "disclosure.proposed",
        "disclosure.reviewed",
        "disclosure.published",
    ]
    assert calendars.clocks_of(row).get(code="D41").met_on == date(2026, 11, 24)
    assert len({row.handler_id, row.first_by_id, row.second_by_id}) == 3


def test_the_handler_reviews_nothing_of_their_own() -> None:
    unit = a_unit()
    handler = staff(Role.OFFICER, unit, Role.DISCLOSER)
    row = a_proposal(unit=unit, handler=handler)
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": handler, "version": row.version}

    assert refused(disclosures.pass_first, summary=SUMMARY, **told) == "same_person"
    assert refused(disclosures.withhold, reason="理由", **told) == "same_person"
    row = a_passed(row)
    told["version"] = row.version
    assert refused(disclosures.publish, **told) == "same_person"
    assert refused(disclosures.send_back, reason="理由", **told) == "same_person"
    row = disclosures.publish(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version)
    assert refused(disclosures.remove, reason="理由", **(told | {"version": row.version})) == "same_person"


def test_the_first_reviewer_neither_publishes_nor_withholds_nor_sends_back() -> None:
    unit = a_unit()
    first = staff(Role.DISCLOSER, unit)
    row = a_passed(a_proposal(unit=unit), who=first)
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": first, "version": row.version}

    assert refused(disclosures.publish, **told) == "same_person"
    assert refused(disclosures.withhold, reason="理由", **told) == "same_person"
    assert refused(disclosures.send_back, reason="理由", **told) == "same_person"


@pytest.mark.parametrize("role", [role for role in Role if role not in disclosure_desk.REVIEWERS])
def test_no_other_role_reviews(role: Role) -> None:
    row = a_proposal()
    who = staff(role, row.unit)
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": who, "version": row.version}
    assert refused(disclosures.pass_first, summary=SUMMARY, **told) == "forbidden"
    assert refused(disclosures.withhold, reason="理由", **told) == "forbidden"
    row = a_passed(row)
    assert refused(disclosures.publish, **(told | {"version": row.version})) == "forbidden"
    assert refused(disclosures.publish, **(told | {"version": row.version, "who": a_citizen()})) == "forbidden"


def test_the_first_review_is_the_handling_bureaus() -> None:
    row = a_proposal()
    stranger = staff(Role.DISCLOSER)
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": stranger, "version": row.version}

    assert refused(disclosures.pass_first, summary=SUMMARY, **told) == "forbidden"
    assert refused(disclosures.withhold, reason="理由", **told) == "forbidden"


def test_a_reviewer_of_the_bureau_does_not_publish() -> None:
    row = a_passed()
    who = staff(Role.REVIEWER, row.unit)
    assert refused(disclosures.publish, disclosure_id=row.pk, who=who, version=row.version) == "forbidden"
    assert (
        refused(disclosures.withhold, disclosure_id=row.pk, who=who, version=row.version, reason="理由") == "forbidden"
    )


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        ("消费者 13800000001 要求退货，商家已经退款。", "personal_data"),
        ("消费者１３８００００００01要求退货，商家退款。", "personal_data"),
        ("要求退货，发到 lin@example.com 以后退了款。", "personal_data"),
        ("太短了", "summary_length"),
        ("长" * 301, "summary_length"),
        ("   \n  ", "summary_length"),
    ],
)
def test_a_summary_that_says_too_much_or_too_little_does_not_pass(summary: str, code: str) -> None:
    row = a_proposal()
    who = staff(Role.REVIEWER, row.unit)
    before = what_happened()
    with pytest.raises(Refused) as refusal:
        disclosures.pass_first(disclosure_id=row.pk, who=who, version=row.version, summary=summary)
    assert (refusal.value.code, refusal.value.field) == (code, "summary")
    assert what_happened() == before


def test_the_summary_is_kept_in_one_line() -> None:
    row = a_passed(summary="  空气净化器拆封后\n要求退货，\t调解成功。 ")
    assert row.summary == "空气净化器拆封后 要求退货， 调解成功。"


def test_a_shop_that_nobody_verified_is_not_named_in_public() -> None:
    shop = shops.register_provisional(name="张示例", address="示例路 7 号", district="120104")
    row = a_passed(a_proposal(shop=shop))
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": staff(Role.DISCLOSER)}

    assert refused(disclosures.publish, version=row.version, **told) == "shop_unverified"

    known = a_shop()
    keeper = staff(Role.DISPATCHER)
    shops.merge(shop_id=shop.pk, into_id=known.pk, who=keeper, version=shop.version)
    row = Disclosure.objects.get(pk=row.pk)
    assert disclosures.publish(version=row.version, **told).shop == known


def test_sent_back_it_starts_again_with_somebody_else_if_need_be() -> None:
    row = a_passed()
    second = staff(Role.DISCLOSER)
    assert refused(disclosures.send_back, disclosure_id=row.pk, who=second, version=row.version, reason=" ") == "reason"
    row = disclosures.send_back(disclosure_id=row.pk, who=second, version=row.version, reason="写得太细")

    assert (row.state, row.first_by, row.reason) == (State.FIRST_REVIEW, None, "写得太细")
    row = a_passed(row)
    row = disclosures.publish(disclosure_id=row.pk, who=second, version=row.version)
    assert row.state == State.PUBLISHED


def test_withheld_it_never_becomes_public_and_its_clock_ends() -> None:
    row = a_proposal()
    who = staff(Role.REVIEWER, row.unit)
    assert refused(disclosures.withhold, disclosure_id=row.pk, who=who, version=row.version, reason="") == "reason"
    row = disclosures.withhold(disclosure_id=row.pk, who=who, version=row.version, reason="涉及未成年人")

    assert (row.state, row.reason) == (State.NOT_DISCLOSED, "涉及未成年人")
    assert not calendars.open_clocks(row).exists()
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": who, "version": row.version}
    assert refused(disclosures.pass_first, summary=SUMMARY, **told) == "disclosure_moved_on"
    assert LogLeaf.objects.count() == 0


def test_no_step_is_taken_twice_or_out_of_turn() -> None:
    row = a_proposal()
    discloser = staff(Role.DISCLOSER)
    reviewer = staff(Role.REVIEWER, row.unit)
    publish: dict[str, Any] = {"disclosure_id": row.pk, "who": discloser}
    assert refused(disclosures.publish, version=row.version, **publish) == "disclosure_moved_on"
    row = a_passed(row)
    told: dict[str, Any] = {"disclosure_id": row.pk, "who": reviewer, "version": row.version}
    assert refused(disclosures.pass_first, summary=SUMMARY, **told) == "disclosure_moved_on"
    assert refused(disclosures.remove, version=row.version, reason="理由", **publish) == "disclosure_moved_on"
    row = disclosures.publish(version=row.version, **publish)
    assert refused(disclosures.publish, version=row.version, **publish) == "disclosure_moved_on"
    assert refused(disclosures.publish, version=row.version - 1, **publish) == "stale"
    assert refused(disclosures.withhold, version=row.version, reason="理由", **publish) == "disclosure_moved_on"


@time_machine.travel(NOW, tick=False)
def test_a_record_is_taken_down_with_a_reason_and_the_public_loses_it() -> None:
    row = a_public()
    settle()
    who = staff(Role.DISCLOSER)
    assert refused(disclosures.remove, disclosure_id=row.pk, who=who, version=row.version, reason=" ") == "reason"
    row = disclosures.remove(disclosure_id=row.pk, who=who, version=row.version, reason="法院判决认定身份有误")
    settle()

    assert (row.state, row.reason) == (State.REMOVED, "法院判决认定身份有误")
    assert register.find(who=a_citizen(), wanted=Filter()).total == 0
    assert [leaf.kind for leaf in LogLeaf.objects.order_by("index")] == ["published", "removed"]


def test_a_record_leaves_after_a_year_and_its_fact_stays() -> None:
    with time_machine.travel(NOW, tick=False):
        row = a_public()
        settle()
    with time_machine.travel(datetime(2027, 11, 24, 4, tzinfo=UTC), tick=False):
        settle()
        row.refresh_from_db()
        assert row.state == State.PUBLISHED
        assert disclosures.expire_due() == 0
    with time_machine.travel(datetime(2027, 11, 24, 16, 1, tzinfo=UTC), tick=False):
        settle()
        row.refresh_from_db()
        assert row.state == State.EXPIRED
        assert register.find(who=a_citizen(), wanted=Filter()).total == 0
        assert [leaf.kind for leaf in LogLeaf.objects.order_by("index")] == ["published", "expired"]
        assert disclosures.expire_due() == 0
    assert CaseFact.objects.filter(pk=row.fact_id).exists()


def test_each_person_sees_what_they_may_review() -> None:
    unit, other = a_unit(), a_unit()
    handler = staff(Role.OFFICER, unit, Role.DISCLOSER)
    first = staff(Role.DISCLOSER, unit)
    mine, passed = a_proposal(unit=unit, handler=handler), a_passed(a_proposal(unit=unit), who=first)
    theirs = a_proposal(unit=other)

    assert list(disclosure_desk.in_review(handler)) == [passed]
    assert list(disclosure_desk.in_review(first)) == [mine]
    assert list(disclosure_desk.in_review(staff(Role.REVIEWER, unit))) == [mine]
    assert list(disclosure_desk.in_review(staff(Role.DISCLOSER, other))) == [passed, theirs]
    assert list(disclosure_desk.in_review(staff(Role.OFFICER, unit))) == []
    assert list(disclosure_desk.in_review(a_citizen())) == []


def test_the_desk_hides_other_bureaus_records_from_a_reviewer() -> None:
    row = a_proposal()
    assert disclosure_desk.desk_record(who=staff(Role.DISCLOSER), public_id=row.public_id) == row
    for who in (staff(Role.REVIEWER), staff(Role.OFFICER, row.unit), a_citizen()):
        with pytest.raises(Refused) as refusal:
            disclosure_desk.desk_record(who=who, public_id=row.public_id)
        assert refusal.value.status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"second_by": None},
        {"first_by": None},
        {"published_at": None},
        {"expires_on": None},
        {"summary": ""},
    ],
)
def test_the_database_knows_that_public_means_reviewed_twice(change: dict[str, Any]) -> None:
    row = a_public()
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=row.pk).update(**change)


def test_the_database_knows_that_three_people_disclose() -> None:
    row = a_public()
    for change in ({"second_by": row.first_by}, {"second_by": row.handler}, {"first_by": row.handler}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Disclosure.objects.filter(pk=row.pk).update(**change)


def test_the_database_takes_one_record_per_fact() -> None:
    row = a_public()
    other = a_proposal()
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=other.pk).update(fact=row.fact)


def test_the_facts_own_milestones_take_the_record_down_when_consent_is_taken_back() -> None:
    row = a_public()
    facts.advance(fact_id=row.fact_id, agrees_to_disclosure=False)
    row.refresh_from_db()
    assert row.state == State.REMOVED
