"""What the fund's people and the shop decide about a claim: check, freeze, object, approve, refuse."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mediation.models import Approval, Claim
from mediation.services import ledger, payouts
from portal.kernel import calendars, clock, crypto, events
from portal.kernel.access import Role
from tests import build
from tests.build_desk import clocks_of
from tests.build_money import (
    ORDINARY,
    SMALL,
    a_breached_agreement,
    a_claim,
    a_frozen_claim,
    a_fund,
    an_answered_claim,
    an_empty_fund,
    refusal_of,
    snapshot,
    told,
)

pytestmark = pytest.mark.django_db


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
