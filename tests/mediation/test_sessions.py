"""The invitation, the two consents, and the room that they open."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from complaints.models import Case
from complaints.services import decisions
from mediation.models import Consent, Lane, Mediation, Message, Offer
from mediation.services import sessions
from portal.kernel import calendars, events, jobs
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Job, Notice, User
from tests import build
from tests.build_mediation import a_room, an_invitation, an_offer

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


def names(subject: Mediation) -> list[str]:
    return [event.name for event in events.of(subject)]


def notices_of(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("name", flat=True))


def test_an_accepted_case_invites_both_sides_and_gives_them_five_working_days() -> None:
    with time_machine.travel(MONDAY, tick=False):
        officer = build.staff(Role.OFFICER, unit := build.a_unit())
        merchant = build.a_merchant(shop := build.a_shop())
        consumer = build.a_citizen(phone := build.a_phone())
        case = build.an_accepted_case(unit=unit, officer=officer, who=consumer, shop=shop, phone=phone)
        jobs.drain()

    mediation = Mediation.objects.get(case=case)
    assert mediation.state == Mediation.State.INVITED
    assert mediation.mediator == officer
    assert [lane.kind for lane in mediation.lanes.all()] == [Lane.Kind.JOINT]
    assert calendars.open_clocks(mediation).get(code="CONSENT").due_on == date(2026, 11, 30)
    assert names(mediation) == ["mediation.invited"]
    assert "mediation.invited" in notices_of(consumer)
    assert "mediation.invited_shop" in notices_of(merchant)


def test_a_second_invitation_changes_nothing() -> None:
    table = an_invitation()

    assert sessions.invite(case_id=table.case.pk) == table.mediation
    assert Mediation.objects.count() == 1
    assert names(table.mediation) == ["mediation.invited"]


def test_a_case_that_ended_before_the_job_ran_invites_nobody() -> None:
    officer = build.staff(Role.OFFICER, unit := build.a_unit())
    case = build.an_accepted_case(unit=unit, officer=officer)
    proposal = decisions.propose_termination(
        case_id=case.pk, ground="T1_WITHDRAWN", reason="消费者撤回。", who=officer, version=case.version
    )
    decisions.approve_proposal(proposal_id=proposal.pk, who=build.staff(Role.REVIEWER, unit))

    jobs.drain()

    assert Mediation.objects.count() == 0
    assert Job.objects.filter(attempts__gt=0).count() == 0


def test_one_consent_opens_nothing_and_the_second_opens_the_room() -> None:
    table = an_invitation()

    mediation = sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)
    assert mediation.state == Mediation.State.INVITED
    assert Case.objects.get(pk=table.case.pk).state == Case.State.ACCEPTED

    mediation = sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.merchant)

    assert mediation.state == Mediation.State.IN_SESSION
    assert Case.objects.get(pk=table.case.pk).state == Case.State.MEDIATING
    assert names(mediation) == [
        "mediation.invited",
        "mediation.consented",
        "mediation.consented",
        "mediation.opened",
    ]
    assert not calendars.open_clocks(mediation).filter(code="CONSENT").exists()
    assert [(row.seq, row.note) for row in Message.objects.filter(lane=table.lane)] == [(1, "opened")]
    assert [(row.side, row.agrees, row.way, row.by) for row in mediation.consents.order_by("pk")] == [
        ("consumer", True, "online", table.consumer),
        ("merchant", True, "online", table.merchant),
    ]


def test_the_same_answer_again_changes_nothing() -> None:
    table = an_invitation()
    sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)

    sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)

    assert names(table.mediation) == ["mediation.invited", "mediation.consented"]
    assert Consent.objects.count() == 1


def test_a_refusal_is_told_to_the_mediator_and_may_be_taken_back_until_the_talks_begin() -> None:
    table = an_invitation()
    sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)

    refused = sessions.consent(mediation_id=table.mediation.pk, agrees=False, who=table.merchant)

    assert refused.state == Mediation.State.INVITED
    assert "mediation.refused" in notices_of(table.officer)

    agreed = sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.merchant)
    assert agreed.state == Mediation.State.IN_SESSION


def test_a_stranger_finds_no_invitation_and_leaves_no_answer() -> None:
    table = an_invitation()

    for stranger in (build.a_citizen(), build.a_merchant(build.a_shop()), build.staff(Role.OFFICER)):
        with pytest.raises(Refused) as refusal:
            sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=stranger)
        assert refusal.value.code == "not_found"

    assert Consent.objects.count() == 0
    assert names(table.mediation) == ["mediation.invited"]


def test_the_mediator_does_not_answer_for_a_party_online() -> None:
    table = an_invitation()

    with pytest.raises(Refused) as refusal:
        sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.officer)

    assert refusal.value.code == "forbidden"
    assert Consent.objects.count() == 0


def test_the_mediator_records_a_consent_given_by_telephone() -> None:
    table = an_invitation()

    sessions.record_consent(
        mediation_id=table.mediation.pk,
        side="merchant",
        agrees=True,
        who=table.officer,
        version=table.now().version,
    )

    row = Consent.objects.get()
    assert (row.side, row.agrees, row.way, row.by) == ("merchant", True, "phone", table.officer)


def test_a_telephone_note_does_not_replace_what_a_party_answered_itself() -> None:
    table = an_invitation()
    sessions.consent(mediation_id=table.mediation.pk, agrees=False, who=table.merchant)

    with pytest.raises(Refused) as refusal:
        sessions.record_consent(
            mediation_id=table.mediation.pk,
            side="merchant",
            agrees=True,
            who=table.officer,
            version=table.now().version,
        )

    assert (refusal.value.code, refusal.value.field) == ("answered_online", "side")
    assert Consent.objects.get().agrees is False


def test_only_who_conducts_the_talks_records_and_only_on_the_newest_page() -> None:
    table = an_invitation()
    assert table.case.unit is not None
    colleague = build.staff(Role.MEDIATOR, table.case.unit)
    said: dict[str, Any] = {"mediation_id": table.mediation.pk, "side": "consumer", "agrees": True}

    with pytest.raises(Refused) as refusal:
        sessions.record_consent(**said, who=colleague, version=table.now().version)
    assert refusal.value.code == "not_the_mediator"

    stale = table.now().version
    sessions.take(mediation_id=table.mediation.pk, who=colleague, version=stale)
    with pytest.raises(Refused) as refusal:
        sessions.record_consent(**said, who=colleague, version=stale)
    assert refusal.value.code == "stale"
    assert Consent.objects.count() == 0

    sessions.record_consent(**said, who=colleague, version=table.now().version)
    assert Consent.objects.get().by == colleague


def test_silence_brings_a_second_contact_and_a_word_to_the_mediator() -> None:
    with time_machine.travel(MONDAY, tick=False):
        table = an_invitation()
        sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)

    with time_machine.travel(datetime(2026, 11, 30, 23, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        assert "mediation.reminded" not in notices_of(table.merchant)

    with time_machine.travel(datetime(2026, 12, 1, 8, 1, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        jobs.drain()

    assert notices_of(table.merchant).count("mediation.reminded") == 1
    assert "mediation.reminded" not in notices_of(table.consumer)
    assert notices_of(table.officer).count("mediation.unanswered") == 1
    assert table.now().state == Mediation.State.INVITED


def test_on_the_last_day_of_the_period_the_mediator_is_told_and_nothing_closes() -> None:
    with time_machine.travel(MONDAY, tick=False):
        table = a_room()

    with time_machine.travel(datetime(2027, 1, 21, 9, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        assert "mediation.lapsed" not in notices_of(table.officer)

    with time_machine.travel(datetime(2027, 1, 22, 9, tzinfo=SHANGHAI), tick=False):
        jobs.drain()

        assert notices_of(table.officer).count("mediation.lapsed") == 1
        assert table.now().state == Mediation.State.IN_SESSION
        assert Case.objects.get(pk=table.case.pk).state == Case.State.MEDIATING
        assert names(table.mediation)[-1] == "mediation.lapsed"


def test_an_approved_termination_closes_the_room_and_lets_the_open_offer_lapse() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)
    assert table.case.unit is not None
    reviewer = build.staff(Role.REVIEWER, table.case.unit)
    case = Case.objects.get(pk=table.case.pk)
    proposal = decisions.propose_termination(
        case_id=case.pk, ground="T3", reason="双方明确表示谈不成。", who=table.officer, version=case.version
    )
    assert table.now().state == Mediation.State.IN_SESSION

    decisions.approve_proposal(proposal_id=proposal.pk, who=reviewer)
    jobs.drain()

    assert table.now().state == Mediation.State.ENDED
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.EXPIRED
    assert Message.objects.filter(lane=table.lane).order_by("seq").last().note == "ended"  # type: ignore[union-attr]
    assert Job.objects.filter(given_up_at__isnull=False).count() == 0
