"""Asking the fund: who may, for how much, once; taking it back; and what the shop and the fund's people decide."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mediation.models import Agreement, Claim, Mediation
from mediation.services import claims, ledger, payees, payouts, performance
from portal.kernel import access_log, calendars, clock, events
from portal.kernel.errors import Refused
from tests import build
from tests.build_desk import clocks_of
from tests.build_money import (
    ORDINARY,
    a_breached_agreement,
    a_claim,
    a_decided_claim,
    a_frozen_claim,
    a_fund,
    a_paid_claim,
    an_empty_fund,
    apply,
    refusal_of,
    snapshot,
    told,
)

pytestmark = pytest.mark.django_db


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
        with pytest.raises(Refused) as stranger:
            payees.reveal(public_id=claim.public_id, who=who, purpose="check")
        assert stranger.value.status == 404
        assert access_log.of(claim).filter(was_refused=True, actor=who).count() == 1
    refusal = refusal_of(payees.reveal, public_id=claim.public_id, who=matter.desk.keeper, purpose="curiosity")
    assert (refusal.code, refusal.field) == ("purpose_missing", "purpose")
    assert not access_log.of(claim).filter(was_refused=False).exists()

    shown = payees.reveal(public_id=claim.public_id, who=matter.desk.keeper, purpose="check")

    assert shown.name == "林示例"
    look = access_log.of(claim).get(was_refused=False)
    assert (look.actor, look.purpose, look.fields) == (matter.desk.keeper, "check", ["payee_name", "payee_account"])


def test_an_event_of_a_claim_holds_no_name_and_no_account() -> None:
    _matter, claim = a_paid_claim()

    written = "".join(str(event.payload) for event in events.of(claim))
    assert "林" not in written
    assert "62220000" not in written
