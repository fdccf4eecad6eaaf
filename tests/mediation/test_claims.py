"""Asking the fund: who may, for how much, once; taking it back; and what the shop and the fund's people decide."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mediation.models import Agreement, Approval, Claim, Mediation
from mediation.services import claims, ledger, payees, payouts, performance
from portal.kernel import access_log, calendars, clock, crypto, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Notice, User
from tests import build
from tests.build_desk import clocks_of
from tests.build_money import (
    ORDINARY,
    SMALL,
    a_breached_agreement,
    a_claim,
    a_decided_claim,
    a_frozen_claim,
    a_fund,
    a_paid_claim,
    an_answered_claim,
    an_empty_fund,
    apply,
    snapshot,
)

pytestmark = pytest.mark.django_db


def refusal_of(act: Any, **said: Any) -> Refused:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**said)
    return refusal.value


def told(user: User) -> list[str]:
    return list(
        Notice.objects.filter(user=user, name__startswith="claim.").order_by("pk").values_list("name", flat=True)
    )


def test_a_claim_is_applied_for_with_a_number_a_clock_and_a_sealed_payee() -> None:
    matter, claim = a_claim()

    assert (claim.state, claim.amount_fen, claim.applied_by) == (Claim.State.APPLIED, ORDINARY, matter.consumer)
    assert claim.number == f"TJ-PF-{clock.today():%Y}-000001"
    assert clocks_of(claim) == {"PAY_CHECK": "open"}
    assert [(event.name, event.payload["fen"]) for event in events.of(claim)] == [("claim.applied", ORDINARY)]
    claim.refresh_from_db()
    assert "林示例".encode() not in bytes(claim.payee_sealed)
    assert payees.payee_of(claim) == payees.Payee("林示例", "6222000000000000018")
    assert payees.payee_of(claim).masked == "林*，尾号 0018"
    assert matter.desk.balances() == {"CASH": 100_000_00, "FUND_CAPITAL": 100_000_00}


def test_what_is_wrong_with_an_application_is_said_at_its_field_and_nothing_is_applied_for() -> None:
    matter = a_breached_agreement()
    wrong: list[tuple[dict[str, Any], str, str | None]] = [
        ({"amount_fen": 0}, "amount", "amount"),
        ({"amount_fen": ORDINARY + 1}, "amount", "amount"),
        ({"payee_name": "  "}, "payee_name", "payee_name"),
        ({"payee_name": "林" * 61}, "payee_name", "payee_name"),
        ({"payee_account": "6222 0000"}, "payee_account", "payee_account"),
        ({"payee_account": "622200000000000001x"}, "payee_account", "payee_account"),
        ({"payee_account": "６２２２０００００００００００００１８"}, "payee_account", "payee_account"),
        ({"payee_account": "6" * 25}, "payee_account", "payee_account"),
        ({"has_no_other_compensation": False}, "statement", "has_no_other_compensation"),
        ({"assigns_the_claim": False}, "assignment", "assigns_the_claim"),
        ({"who": build.a_citizen()}, "not_found", None),
        ({"who": matter.merchant}, "not_found", None),
        ({"who": matter.officer}, "not_found", None),
    ]

    for changes, code, field in wrong:
        refusal = refusal_of(apply, matter=matter, **changes)
        assert (refusal.code, refusal.field) == (code, field), changes
    assert Claim.objects.count() == 0


def test_a_name_over_two_lines_is_one_name() -> None:
    _matter, claim = a_claim(payee_name="林\n 示例 ", payee_account="6222 0000 0000 0000 018")

    assert payees.payee_of(claim) == payees.Payee("林 示例", "6222000000000000018")


def test_an_agreement_is_claimed_once_until_the_claim_ends_unpaid() -> None:
    matter, claim = a_claim()

    assert refusal_of(apply, matter=matter).code == "already_claimed"
    assert matter.agreement.claims.count() == 1

    payouts.refuse(claim_id=claim.pk, who=matter.desk.keeper, version=claim.version, reason="收款人不是本人。")
    again = apply(matter)
    claims.withdraw(claim_id=again.pk, who=matter.consumer, version=again.version)
    third = apply(matter)

    assert third.number == f"TJ-PF-{clock.today():%Y}-000003"
    assert list(matter.agreement.claims.order_by("pk").values_list("state", flat=True)) == [
        "refused",
        "withdrawn",
        "applied",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=again.pk).update(state="applied")


def test_an_agreement_that_is_kept_or_not_yet_due_cannot_be_claimed() -> None:
    matter = a_breached_agreement()
    Agreement.objects.filter(pk=matter.agreement.pk).update(breached_on=None)
    assert refusal_of(apply, matter=matter).code == "not_breached"

    Agreement.objects.filter(pk=matter.agreement.pk).update(breached_on=clock.today(), performed_on=clock.today())
    assert refusal_of(apply, matter=matter).code == "not_breached"
    assert Claim.objects.count() == 0


def test_sixty_days_after_the_breach_it_is_too_late() -> None:
    matter = a_breached_agreement()
    with clock.standing_at(clock.now() + timedelta(days=61)):
        assert refusal_of(apply, matter=matter).code == "too_late"
    assert Claim.objects.count() == 0

    with clock.standing_at(clock.now() + timedelta(days=60)):
        assert apply(matter).state == Claim.State.APPLIED


def test_ten_thousand_a_claim_and_twenty_thousand_a_year() -> None:
    desk = a_fund()
    matter = a_breached_agreement(desk, fen=10_001_00)
    assert refusal_of(apply, matter=matter).code == "above_cap"

    for fen in (10_000_00, 9_000_00):
        earlier = a_breached_agreement(desk, fen=fen)
        Claim.objects.filter(pk=apply(earlier).pk).update(applied_by=matter.consumer)
    refusal = refusal_of(apply, matter=matter, amount_fen=1_000_01)
    assert (refusal.code, refusal.field) == ("above_yearly_cap", "amount")

    assert apply(matter, amount_fen=1_000_00).amount_fen == 1_000_00


def test_the_formal_check_freezes_the_money_and_asks_the_shop() -> None:
    matter, claim = a_frozen_claim()

    assert (claim.state, claim.checked_by) == (Claim.State.FROZEN, matter.desk.keeper)
    assert matter.desk.balances() == {
        "CASH": 100_000_00 - ORDINARY,
        "RESERVED": ORDINARY,
        "FUND_CAPITAL": 100_000_00,
    }
    assert clocks_of(claim) == {"PAY_CHECK": "met", "PAY_OBJECT": "open", "PAY_ORDINARY": "open"}
    assert told(matter.consumer) == ["claim.frozen"]
    assert told(matter.merchant) == ["claim.frozen_shop"]
    assert list(ledger.broken_books()) == []


def test_the_wrong_people_neither_check_nor_decide() -> None:
    matter, claim = a_claim()
    stranger = an_empty_fund()
    before = snapshot(claim)
    for who in (matter.desk.approver, stranger.keeper, matter.officer, matter.consumer):
        refusal = refusal_of(payouts.pass_formal_check, claim_id=claim.pk, who=who, version=claim.version)
        assert (refusal.code, refusal.status) == ("forbidden", 403)
    keeper, approver = matter.desk.keeper, matter.desk.approver
    said = {"claim_id": claim.pk, "version": claim.version}
    assert refusal_of(payouts.approve, who=approver, **said).code == "claim_moved_on"
    assert refusal_of(payouts.refuse, who=approver, reason="不行。", **said).code == "forbidden"
    assert refusal_of(payouts.pass_formal_check, claim_id=claim.pk, who=keeper, version=9).code == "stale"
    assert snapshot(claim) == before

    claim = payouts.pass_formal_check(claim_id=claim.pk, who=keeper, version=claim.version)
    before = snapshot(claim)
    said = {"claim_id": claim.pk, "version": claim.version}
    for who in (keeper, stranger.approver, matter.consumer):
        assert refusal_of(payouts.approve, who=who, **said).code == "forbidden"
        assert refusal_of(payouts.refuse, who=who, reason="不行。", **said).code == "forbidden"
    assert refusal_of(payouts.pass_formal_check, who=keeper, **said).code == "claim_moved_on"
    assert snapshot(claim) == before


def test_nobody_decides_what_they_checked_in_the_service_and_in_the_database() -> None:
    desk = a_fund()
    desk.keeper = build.staff(Role.FUND_KEEPER, desk.fund.keeper, Role.FUND_APPROVER)
    matter, claim = an_answered_claim(a_breached_agreement(desk, fen=SMALL))
    before = snapshot(claim)
    said = {"claim_id": claim.pk, "version": claim.version, "who": desk.keeper}

    assert refusal_of(payouts.approve, **said).code == "maker_is_approver"
    assert refusal_of(payouts.refuse, reason="我看不行。", **said).code == "maker_is_approver"
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(decided_by=desk.keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(claim=claim, maker=desk.keeper, by=desk.keeper, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="decided")

    assert snapshot(claim) == before
    assert matter.desk.balances()["RESERVED"] == SMALL


def test_a_small_claim_needs_one_approver_and_does_not_wait_for_the_shop() -> None:
    matter, claim = a_frozen_claim(a_breached_agreement(fen=SMALL))

    claim = payouts.approve(claim_id=claim.pk, who=matter.desk.approver, version=claim.version)

    assert (claim.state, claim.decided_by) == (Claim.State.DECIDED, matter.desk.approver)
    assert clocks_of(claim) == {"PAY_CHECK": "met", "PAY_OBJECT": "void", "PAY_SMALL": "met"}
    assert [(row.amount_fen, row.state) for row in claim.payments.all()] == [(SMALL, "owed")]


def test_an_ordinary_claim_waits_for_the_shop_and_needs_two_approvers() -> None:
    matter, claim = a_frozen_claim()
    before = snapshot(claim)
    said: dict[str, Any] = {"claim_id": claim.pk, "who": matter.desk.approver}
    assert refusal_of(payouts.approve, version=claim.version, **said).code == "objection_time"
    assert snapshot(claim) == before

    answer = calendars.open_clocks(claim).get(code="PAY_OBJECT")
    with clock.standing_at(answer.due_at + timedelta(hours=9)):
        claim = payouts.approve(version=claim.version, **said)
        assert (claim.state, claim.payments.count()) == (Claim.State.FROZEN, 0)
        before = snapshot(claim)
        assert refusal_of(payouts.approve, version=claim.version, **said).code == "already_approved"
        assert refusal_of(payouts.approve, version=claim.version - 1, **said).code == "stale"
        assert snapshot(claim) == before
        claim = payouts.approve(claim_id=claim.pk, who=matter.desk.second_approver, version=claim.version)

    assert (claim.state, claim.decided_by) == (Claim.State.DECIDED, matter.desk.second_approver)
    assert [event.name for event in events.of(claim)][-3:] == ["claim.approved", "claim.approved", "claim.decided"]
    assert claim.payments.count() == 1


def test_the_shop_objects_once_and_that_ends_its_time() -> None:
    matter, claim = a_frozen_claim()
    outsider = build.a_merchant(build.a_shop())
    before = snapshot(claim)
    for who in (outsider, matter.consumer, matter.desk.approver):
        refusal = refusal_of(payouts.object_to, claim_id=claim.pk, who=who, reason="不同意赔付。")
        assert refusal.status == 404
    refusal = refusal_of(payouts.object_to, claim_id=claim.pk, who=matter.merchant, reason=" ")
    assert (refusal.code, refusal.field) == ("reason", "reason")
    refusal = refusal_of(payouts.object_to, claim_id=claim.pk, who=matter.merchant, reason="不" * 301)
    assert (refusal.code, refusal.field) == ("reason", "reason")
    assert snapshot(claim) == before

    claim = payouts.object_to(claim_id=claim.pk, who=matter.merchant, reason="货已经换过。")
    assert crypto.unseal(claim, "objection_sealed") == "货已经换过。"
    assert clocks_of(claim)["PAY_OBJECT"] == "met"

    before = snapshot(claim)
    again = refusal_of(payouts.object_to, claim_id=claim.pk, who=matter.merchant, reason="再说一遍。")
    assert again.code == "claim_moved_on"
    assert snapshot(claim) == before


def test_a_refusal_needs_words_tells_the_consumer_and_releases_the_money() -> None:
    matter, claim = an_answered_claim()
    before = snapshot(claim)
    said: dict[str, Any] = {"claim_id": claim.pk, "who": matter.desk.approver}
    assert refusal_of(payouts.refuse, version=claim.version, reason="。", **said).field == "reason"
    assert snapshot(claim) == before

    claim = payouts.refuse(version=claim.version, reason="商家已经换货，协议已履行。", **said)

    assert claim.state == Claim.State.REFUSED
    assert crypto.unseal(claim, "reason_sealed") == "商家已经换货，协议已履行。"
    assert matter.desk.balances() == {"CASH": 100_000_00, "FUND_CAPITAL": 100_000_00}
    release = claim.entries.get(kind="release")
    assert (release.made_by, release.approved_by) == (matter.desk.keeper, matter.desk.approver)
    assert not calendars.open_clocks(claim).exists()
    assert told(matter.consumer) == ["claim.frozen", "claim.refused"]
    assert list(ledger.broken_books()) == []
    before = snapshot(claim)
    assert refusal_of(payouts.refuse, version=claim.version, reason="再来一次。", **said).code == "claim_moved_on"
    assert snapshot(claim) == before


def test_a_keeper_refuses_before_anything_is_frozen() -> None:
    matter, claim = a_claim()

    claim = payouts.refuse(claim_id=claim.pk, who=matter.desk.keeper, version=claim.version, reason="收款人不是本人。")

    assert claim.state == Claim.State.REFUSED
    assert claim.entries.count() == 0
    assert clocks_of(claim) == {"PAY_CHECK": "void"}
    assert told(matter.merchant) == []


def test_the_consumer_withdraws_before_the_decision_and_the_money_is_released() -> None:
    matter, claim = a_frozen_claim()
    before = snapshot(claim)
    for who in (build.a_citizen(), matter.merchant, matter.desk.keeper):
        assert refusal_of(claims.withdraw, claim_id=claim.pk, who=who, version=claim.version).code == "not_found"
    assert refusal_of(claims.withdraw, claim_id=claim.pk, who=matter.consumer, version=1).code == "stale"
    assert snapshot(claim) == before

    claim = claims.withdraw(claim_id=claim.pk, who=matter.consumer, version=claim.version)

    assert claim.state == Claim.State.WITHDRAWN
    assert matter.desk.balances() == {"CASH": 100_000_00, "FUND_CAPITAL": 100_000_00}
    assert not calendars.open_clocks(claim).exists()
    assert told(matter.merchant) == ["claim.frozen_shop", "claim.withdrawn"]
    assert Mediation.objects.get(pk=matter.agreement.mediation_id).state == Mediation.State.BREACHED
    assert list(ledger.broken_books()) == []


def test_whoever_withdraws_because_the_shop_paid_says_that_the_agreement_is_performed() -> None:
    matter, claim = a_frozen_claim()
    assert refusal_of(performance.mark_performed, agreement_id=matter.agreement.pk, who=matter.consumer).code == (
        "already_claimed"
    )

    claims.withdraw(claim_id=claim.pk, who=matter.consumer, version=claim.version, has_been_paid=True)

    matter.agreement.refresh_from_db()
    assert matter.agreement.performed_on == clock.today()
    assert Mediation.objects.get(pk=matter.agreement.mediation_id).state == Mediation.State.PERFORMED
    assert refusal_of(apply, matter=matter).code == "not_breached"


@pytest.mark.parametrize("far", [a_decided_claim, a_paid_claim])
def test_once_the_money_is_on_its_way_nothing_is_taken_back(far: Any) -> None:
    matter, claim = far()
    before = snapshot(claim)

    said = {"claim_id": claim.pk, "version": claim.version}
    assert refusal_of(claims.withdraw, who=matter.consumer, **said).code == "claim_moved_on"
    assert refusal_of(payouts.refuse, who=matter.desk.approver, reason="反悔了。", **said).code == "claim_moved_on"
    assert refusal_of(payouts.approve, who=matter.desk.second_approver, **said).code == "claim_moved_on"
    payee = {"payee_name": "别人", "payee_account": "6222000000000000026"}
    assert refusal_of(claims.correct_payee, who=matter.consumer, **payee, **said).code == "claim_moved_on"

    assert snapshot(claim) == before


def test_the_payee_is_shown_for_a_purpose_and_every_look_is_kept() -> None:
    matter, claim = a_claim()
    for who in (matter.officer, matter.consumer, an_empty_fund().keeper):
        assert refusal_of(payees.reveal, claim_id=claim.pk, who=who, purpose="check").status == 403
    refusal = refusal_of(payees.reveal, claim_id=claim.pk, who=matter.desk.keeper, purpose="curiosity")
    assert (refusal.code, refusal.field) == ("purpose_missing", "purpose")
    assert not access_log.of(claim).filter(was_refused=False).exists()

    shown = payees.reveal(claim_id=claim.pk, who=matter.desk.keeper, purpose="check")

    assert shown.name == "林示例"
    look = access_log.of(claim).get(was_refused=False)
    assert (look.actor, look.purpose, look.fields) == (matter.desk.keeper, "check", ["payee_name", "payee_account"])


def test_an_event_of_a_claim_holds_no_name_and_no_account() -> None:
    _matter, claim = a_paid_claim()

    written = "".join(str(event.payload) for event in events.of(claim))
    assert "林" not in written
    assert "62220000" not in written
