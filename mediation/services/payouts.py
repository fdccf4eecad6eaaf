"""Deciding a first payout: one person checks and freezes, the shop may object, others approve or refuse."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from mediation.models import Account, Approval, Claim, Entry
from mediation.payout_rules import CHECK, FUND_ROLES, OBJECT, Track, track_for
from mediation.services import ledger, payments
from mediation.services.claim_holding import in_hand, locked, moved_on, put_back, release, stop_clocks, words
from mediation.services.claim_telling import tell_consumer, tell_shop
from portal.kernel import calendars, clock, events
from portal.kernel.access import Role, Who, require, require_person
from portal.kernel.errors import Refused, check_version, not_found


@transaction.atomic
def pass_formal_check(*, claim_id: int, who: Who, version: int) -> Claim:
    """The keeper finds the papers complete: the amount is frozen, the decision and the shop's answer are awaited.

    Refused: `forbidden`, `stale`, `claim_moved_on`, `fund_too_low` when the fund cannot cover it; then nothing is
    frozen and the claim stays applied.
    """
    claim, keeper = in_hand(claim_id, who, Role.FUND_KEEPER, version)
    if not can_proceed(claim.freeze):
        raise moved_on()
    claim.freeze(by=keeper.pk, at=clock.now())
    put_back(claim)
    ledger.post(
        fund_id=claim.fund_id,
        kind=Entry.Kind.FREEZE,
        debit=Account.Kind.RESERVED,
        credit=Account.Kind.CASH,
        amount_fen=claim.amount_fen,
        made_by=keeper,
        document_sha256=claim.agreement.sha256,
        claim=claim,
    )
    calendars.meet(claim, CHECK)
    answer = calendars.start(claim, OBJECT, unit=claim.fund.keeper)
    calendars.start(claim, track_for(claim.amount_fen).clock, unit=claim.fund.keeper)
    events.record("claim.frozen", claim, actor=keeper, fen=claim.amount_fen)
    tell_consumer(claim, "claim.frozen")
    tell_shop(claim, "claim.frozen_shop", by=answer.due_on)
    return claim


@transaction.atomic
def object_to(*, claim_id: int, who: Who, reason: str) -> Claim:
    """The shop objects once while the money is frozen; approvers read it, it decides nothing by itself.

    Refused: `not_found` to anyone but a verified contact of the shop, `claim_moved_on` (also for a second objection),
    `reason` (field).
    """
    person = require_person(who)
    claim = locked(claim_id)
    shop = claim.agreement.mediation.case.shop
    if shop is None or not shop.contacts.filter(user=person, ended_at=None).exists():
        raise not_found()
    if claim.state != Claim.State.FROZEN or claim.objection_sealed:
        raise moved_on()
    claim.objection_sealed = words(reason, _("请写明为什么不同意先行赔付。"))
    put_back(claim)
    if calendars.open_clocks(claim).filter(code=OBJECT).exists():
        calendars.meet(claim, OBJECT)
    events.record("claim.objected", claim, actor=person)
    return claim


@transaction.atomic
def approve(*, claim_id: int, who: Who, version: int) -> Claim:
    """An approver says yes; with enough of them the claim is decided and the payment is owed.

    Refused: `forbidden`, `stale`, `claim_moved_on`, `maker_is_approver` to the person who checked it,
    `objection_time` while an ordinary claim's shop may still answer, `already_approved` for a second yes of one person.
    """
    claim, approver = in_hand(claim_id, who, Role.FUND_APPROVER, version)
    if not can_proceed(claim.decide) or claim.checked_by_id is None:
        raise moved_on()
    if approver.pk == claim.checked_by_id:
        raise ledger.maker_is_approver()
    track = track_for(claim.amount_fen)
    _answer_is_in(claim, track)
    if claim.approvals.filter(by=approver).exists():
        raise Refused("already_approved", _("您已经批准过，还需要另一位审批人。"))
    Approval.objects.create(claim=claim, maker_id=claim.checked_by_id, by=approver, at=clock.now())
    events.record("claim.approved", claim, actor=approver)
    if claim.approvals.count() >= track.approvers:
        claim.decide(by=approver.pk, at=clock.now())
        calendars.meet(claim, track.clock)
        stop_clocks(claim)
        events.record("claim.decided", claim, actor=approver)
        payments.order(claim)
    return put_back(claim)


def _answer_is_in(claim: Claim, track: Track) -> None:
    waiting = calendars.open_clocks(claim).filter(code=OBJECT, due_on__gte=clock.today()).first()
    if track.waits_for_objection and waiting is not None:
        sentence = _("商家可以在 {month} 月 {day} 日以前付款或者提出异议，期满才能决定。")
        raise Refused("objection_time", sentence.format(month=waiting.due_on.month, day=waiting.due_on.day))


@transaction.atomic
def refuse(*, claim_id: int, who: Who, version: int, reason: str) -> Claim:
    """A keeper (before freezing) or an approver (after it) says no with a reason; frozen money is released.

    Refused: `forbidden`, `stale`, `claim_moved_on`, `maker_is_approver` to the person who froze it, `reason` (field).
    """
    claim = locked(claim_id)
    needed = {Claim.State.APPLIED: (Role.FUND_KEEPER,), Claim.State.FROZEN: (Role.FUND_APPROVER,)}
    person = require(who, *needed.get(claim.state, FUND_ROLES), unit_id=claim.fund.keeper_id)
    check_version(claim, version)
    if not can_proceed(claim.refuse):
        raise moved_on()
    why = words(reason, _("请写明不批准的理由，申请人会看到。"))
    if claim.state == Claim.State.FROZEN:
        if person.pk == claim.checked_by_id:
            raise ledger.maker_is_approver()
        release(claim, claim.checked_by or person, person)
    claim.refuse()
    claim.reason_sealed = why
    stop_clocks(claim)
    events.record("claim.refused", claim, actor=person)
    tell_consumer(claim, "claim.refused")
    return put_back(claim)
