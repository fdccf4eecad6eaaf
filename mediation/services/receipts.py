"""Money that comes in (注资、商家归还): written down by one person, booked by another."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from mediation.models import Account, Claim, Entry, Fund, Voucher
from mediation.payout_rules import FUND_ROLES, RECOURSE
from mediation.services import ledger
from mediation.services.claim_telling import tell_shop
from portal.kernel import calendars, clock, events
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import User

LONGEST_REFERENCE = 40


@transaction.atomic
def record(
    *, fund_id: int, kind: str, amount_fen: int, reference: str, who: Who, claim_id: int | None = None
) -> Voucher:
    """Write down money that came in; it counts only when another person books it.

    A repayment names its claim, an endowment none. Refused: `forbidden` to anyone but a keeper of that fund, `amount`
    and `reference` (fields), `reference_used` (field) for a bank line already written down, `nothing_owed` for a claim
    that was not paid.
    """
    fund = Fund.objects.select_for_update().get(pk=fund_id)
    keeper = require(who, Role.FUND_KEEPER, unit_id=fund.keeper_id)
    if amount_fen <= 0:
        raise Refused("amount", _("请填写大于 0 的金额。"), field="amount")
    reference = "".join(reference.split())
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise Refused("reference", _("请填写银行流水号，不超过 40 个字。"), field="reference")
    if fund.vouchers.filter(reference=reference, voided_by=None).exists():
        raise Refused("reference_used", _("这个银行流水号已经登记过。"), field="reference")
    if claim_id is not None and not fund.claims.filter(pk=claim_id, paid_at__isnull=False).exists():
        raise Refused("nothing_owed", _("这笔先行赔付没有付款，商家没有要归还的钱。"))
    voucher = Voucher.objects.create(
        fund=fund,
        kind=Voucher.Kind(kind),
        claim_id=claim_id,
        amount_fen=amount_fen,
        reference=reference,
        made_by=keeper,
        made_at=clock.now(),
    )
    events.record("fund.receipt_recorded", fund, actor=keeper, voucher=voucher.public_id, fen=amount_fen)
    return voucher


@transaction.atomic
def void(*, voucher_id: int, who: Who) -> Voucher:
    """Strike out a receipt that was written down wrongly and not yet booked; its bank line is free again.

    Refused: `forbidden` to strangers of the fund, `voucher_moved_on` once it is booked or voided.
    """
    voucher = _locked(voucher_id)
    person = require(who, *FUND_ROLES, unit_id=voucher.fund.keeper_id)
    _must_be_open(voucher)
    voucher.voided_by, voucher.voided_at = person, clock.now()
    voucher.save()
    events.record("fund.receipt_voided", voucher.fund, actor=person, voucher=voucher.public_id)
    return voucher


@transaction.atomic
def book(*, voucher_id: int, who: Who) -> Voucher:
    """A second person books money that came in: an endowment, or what a shop repays, in full or in part.

    A repayment lowers what is owed on its claim; what exceeds that goes to SUSPENSE. Refused: `forbidden` to anyone but
    an approver of the fund, `maker_is_approver`, `voucher_moved_on` once it is booked or voided, `claim_moved_on` while
    the claim is not paid (the bank sent the money back).
    """
    voucher = _locked(voucher_id)
    approver = require(who, Role.FUND_APPROVER, unit_id=voucher.fund.keeper_id)
    _must_be_open(voucher)
    if approver.pk == voucher.made_by_id:
        raise ledger.maker_is_approver()
    if voucher.claim_id is None:
        _post(voucher, approver, Entry.Kind.ENDOWMENT, Account.Kind.FUND_CAPITAL, voucher.amount_fen, None)
    else:
        _repay(voucher, approver, voucher.claim_id)
    voucher.approved_by, voucher.approved_at = approver, clock.now()
    voucher.save()
    events.record(
        "fund.receipt_booked", voucher.fund, actor=approver, voucher=voucher.public_id, fen=voucher.amount_fen
    )
    return voucher


def voucher_sha256(voucher: Voucher) -> str:
    """What a voucher's entries commit to: fund, kind, amount and bank line."""
    content = f"{voucher.fund.code}|{voucher.kind}|{voucher.amount_fen}|{voucher.reference}"
    return hashlib.sha256(content.encode()).hexdigest()


def _locked(voucher_id: int) -> Voucher:
    rows = Voucher.objects.select_for_update(of=("self",)).select_related("fund__keeper", "made_by")
    voucher = rows.filter(pk=voucher_id).first()
    if voucher is None:
        raise not_found()
    return voucher


def _must_be_open(voucher: Voucher) -> None:
    if voucher.approved_by_id is not None or voucher.voided_by_id is not None:
        raise Refused("voucher_moved_on", _("这一笔已经入账或者作废，请刷新页面。"))


def _post(
    voucher: Voucher, approver: User, kind: Entry.Kind, credit: Account.Kind, fen: int, claim: Claim | None
) -> None:
    ledger.post(
        fund_id=voucher.fund_id,
        kind=kind,
        debit=Account.Kind.CASH,
        credit=credit,
        amount_fen=fen,
        made_by=voucher.made_by,
        approved_by=approver,
        document_sha256=voucher_sha256(voucher),
        claim=claim,
    )


def _repay(voucher: Voucher, approver: User, claim_id: int) -> None:
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if claim.state not in (Claim.State.RECOURSE, Claim.State.RECOVERED):
        raise Refused("claim_moved_on", _("这笔先行赔付现在不在追偿，等付款办妥再入账。"))
    repaid = min(claim.owed_fen, voucher.amount_fen)
    surplus = voucher.amount_fen - repaid
    if repaid:
        _post(voucher, approver, Entry.Kind.REPAYMENT, Account.Kind.RECOURSE_RECEIVABLE, repaid, claim)
        claim.repaid_fen += repaid
        events.record("claim.repaid", claim, actor=approver, fen=repaid, left=claim.owed_fen)
    if surplus:
        _post(voucher, approver, Entry.Kind.REPAYMENT, Account.Kind.SUSPENSE, surplus, claim)
        events.record("claim.overpaid", claim, actor=approver, fen=surplus)
    if claim.state == Claim.State.RECOURSE and not claim.owed_fen:
        close_recourse(claim, approver)
    claim.version += 1
    claim.save()


def close_recourse(claim: Claim, approver: User | None) -> None:
    """The shop owes nothing any more: end its period and tell it. The caller saves."""
    claim.recover()
    if calendars.open_clocks(claim).filter(code=RECOURSE).exists():
        calendars.meet(claim, RECOURSE)
    events.record("claim.recovered", claim, actor=approver, fen=claim.repaid_fen)
    tell_shop(claim, "claim.recovered")
