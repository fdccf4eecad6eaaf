"""First payout 先行赔付: apply, check and freeze, decide by other people, pay, recover."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints.models import Party
from mediation.models import Account, Agreement, Approval, Claim, Entry, Fund, Payment, Voucher
from mediation.payout_rules import Track, terms, track_for
from mediation.services import ledger
from portal.kernel import calendars, clock, crypto, events, ids, jobs, money, notices, numbers, regions
from portal.kernel.access import Role, Who, require, require_person
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User


def _locked(claim_id: int) -> Claim:
    return Claim.objects.select_for_update().get(pk=claim_id)


def _wrong_state() -> Refused:
    return Refused("claim_moved_on", _("这笔先行赔付已经到了下一步，请刷新页面。"))


def _own_breached_agreement(who: User, agreement_id: int) -> Agreement:
    agreement = Agreement.objects.select_for_update().select_related("mediation__case").filter(pk=agreement_id).first()
    if agreement is None or not Party.objects.filter(case=agreement.mediation.case, user=who).exists():
        raise not_found()
    if agreement.breached_on is None or agreement.performed_on is not None:
        raise Refused("not_breached", _("协议没有登记为未履行，暂时不能申请先行赔付。"))
    if clock.today() > agreement.breached_on + timedelta(days=terms().apply_within_cd):
        raise Refused("too_late", _("已经超过申请先行赔付的 60 日。您还可以申请仲裁或者提起诉讼。"))
    return agreement


def _within_caps(who: User, amount_fen: int, agreement: Agreement) -> None:
    if not 0 < amount_fen <= agreement.amount_fen:
        raise Refused("amount", _("申请金额应当大于 0，不超过协议约定的金额。"), field="amount")
    if amount_fen > terms().ordinary_claim_fen:
        cap = money.yuan(terms().ordinary_claim_fen)
        raise Refused("above_cap", _("超过每笔上限 {cap} 元，本基金不能受理。").format(cap=cap), field="amount")
    year = Claim.objects.filter(applied_by=who, applied_at__year=clock.today().year).exclude(state=Claim.State.REFUSED)
    already = year.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if already + amount_fen > terms().consumer_year_fen:
        raise Refused("above_yearly_cap", _("您今年的先行赔付合计会超过每人每年的上限。"), field="amount")


@transaction.atomic
def apply(
    *,
    agreement_id: int,
    fund_id: int,
    amount_fen: int,
    payee_name: str,
    payee_account: str,
    has_no_other_compensation: bool,
    assigns_the_claim: bool,
    who: Who,
) -> Claim:
    """A consumer asks the fund to pay an unperformed agreement; starts the 1-working-day formal check.

    Refuses with the field that is wrong: `amount`, `payee_name`, `payee_account`, the two statements; `already_claimed`
    when a claim on this agreement lives. A stranger's agreement is not found.
    """
    person = require_person(who)
    agreement = _own_breached_agreement(person, agreement_id)
    if not payee_name.strip():
        raise Refused("payee_name", _("请填写收款人姓名。"), field="payee_name")
    if not 12 <= len("".join(payee_account.split())) <= 24 or not "".join(payee_account.split()).isdigit():
        raise Refused("payee_account", _("请填写收款银行卡号，只有数字，12 到 24 位。"), field="payee_account")
    if not has_no_other_compensation:
        raise Refused("statement", _("请确认没有从别处得到同一笔赔偿。"), field="has_no_other_compensation")
    if not assigns_the_claim:
        raise Refused("assignment", _("请同意把向商家追偿的权利转给基金。"), field="assigns_the_claim")
    if agreement.claims.exclude(state=Claim.State.REFUSED).exists():
        raise Refused("already_claimed", _("这份协议已经申请过先行赔付。"))
    _within_caps(person, amount_fen, agreement)
    fund = Fund.objects.get(pk=fund_id)
    today = clock.today()
    serial = numbers.next_number(f"claim.{today:%Y}")
    number = regions.city().numbers.claim.format(day=today, number=serial)
    claim = Claim(
        public_id=ids.new_id(),
        number=number,
        agreement=agreement,
        fund=fund,
        amount_fen=amount_fen,
        payee_sealed=crypto.Plain(f"{payee_name.strip()}\n{''.join(payee_account.split())}"),
        applied_by=person,
        applied_at=clock.now(),
    )
    claim.save()
    calendars.start(claim, "PAY_CHECK", on=today, unit=fund.keeper)
    events.record("claim.applied", claim, actor=person, fen=amount_fen, agreement=agreement.public_id)
    return claim


@transaction.atomic
def pass_formal_check(*, claim_id: int, who: Who, version: int) -> Claim:
    """The keeper finds the papers complete: the amount is frozen and the decision clock starts.

    Refuses `fund_too_low` when the fund cannot cover it; then nothing is frozen and the claim stays applied.
    """
    claim = _locked(claim_id)
    keeper = require(who, Role.FUND_KEEPER, unit_id=claim.fund.keeper_id)
    check_version(claim, version)
    if not can_proceed(claim.freeze):
        raise _wrong_state()
    today = clock.today()
    claim.freeze(by=keeper.pk, at=clock.now())
    claim.version += 1
    claim.save()
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
    calendars.meet(claim, "PAY_CHECK", on=today)
    calendars.start(claim, "PAY_OBJECT", on=today, unit=claim.fund.keeper)
    calendars.start(claim, track_for(claim.amount_fen).clock, on=today, unit=claim.fund.keeper)
    events.record("claim.frozen", claim, actor=keeper, fen=claim.amount_fen)
    _tell(claim, "claim.frozen")
    return claim


@transaction.atomic
def object_to(*, claim_id: int, who: Who, reason: str) -> Claim:
    """The shop objects while the money is frozen; the approvers see it, it does not decide anything by itself."""
    person = require_person(who)
    claim = _locked(claim_id)
    shop = claim.agreement.mediation.case.shop
    if shop is None or not shop.contacts.filter(user=person, ended_at=None).exists():
        raise not_found()
    if claim.state != Claim.State.FROZEN:
        raise _wrong_state()
    if not reason.strip():
        raise Refused("reason", _("请写明为什么不同意先行赔付。"), field="reason")
    claim.objection = reason.strip()[:300]
    claim.version += 1
    claim.save()
    if calendars.open_clocks(claim).filter(code="PAY_OBJECT").exists():
        calendars.meet(claim, "PAY_OBJECT", on=clock.today())
    events.record("claim.objected", claim, actor=person)
    return claim


def _may_be_decided(claim: Claim, track: Track) -> None:
    waiting = calendars.open_clocks(claim).filter(code="PAY_OBJECT", due_on__gte=clock.today()).exists()
    if track.waits_for_objection and waiting:
        raise Refused("objection_time", _("商家还在异议期内，期满后才能决定。"))


@transaction.atomic
def approve(*, claim_id: int, who: Who, version: int) -> Claim:
    """An approver says yes; with enough of them the claim is decided and the payment is owed.

    Refuses `maker_is_approver` to the person who checked it, `already_approved` for a second yes of the same person.
    """
    claim = _locked(claim_id)
    approver = require(who, Role.FUND_APPROVER, unit_id=claim.fund.keeper_id)
    check_version(claim, version)
    if not can_proceed(claim.decide):
        raise _wrong_state()
    if approver.pk == claim.checked_by_id:
        raise Refused("maker_is_approver", _("经办和审批不能是同一个人。"))
    track = track_for(claim.amount_fen)
    _may_be_decided(claim, track)
    if claim.approvals.filter(by=approver).exists():
        raise Refused("already_approved", _("您已经批准过，还需要另一位审批人。"))
    Approval.objects.create(claim=claim, maker_id=claim.checked_by_id, by=approver, at=clock.now())
    events.record("claim.approved", claim, actor=approver)
    claim.version += 1
    if claim.approvals.count() >= track.approvers:
        claim.decide(by=approver.pk, at=clock.now())
        calendars.meet(claim, track.clock, on=clock.today())
        if calendars.open_clocks(claim).filter(code="PAY_OBJECT").exists():
            calendars.stop(claim, "PAY_OBJECT", on=clock.today(), ended_as="void")
        events.record("claim.decided", claim, actor=approver)
        _order_payment(claim)
    claim.save()
    return claim


@transaction.atomic
def refuse(*, claim_id: int, who: Who, version: int, reason: str) -> Claim:
    """A keeper (before freezing) or an approver (after) says no with a reason; frozen money is released."""
    claim = _locked(claim_id)
    needed = Role.FUND_KEEPER if claim.state == Claim.State.APPLIED else Role.FUND_APPROVER
    person = require(who, needed, unit_id=claim.fund.keeper_id)
    check_version(claim, version)
    if not can_proceed(claim.refuse):
        raise _wrong_state()
    if not reason.strip():
        raise Refused("reason", _("请写明不批准的理由，申请人会看到。"), field="reason")
    if claim.state == Claim.State.FROZEN and person.pk == claim.checked_by_id:
        raise Refused("maker_is_approver", _("经办和审批不能是同一个人。"))
    if claim.state == Claim.State.FROZEN:
        ledger.post(
            fund_id=claim.fund_id,
            kind=Entry.Kind.RELEASE,
            debit=Account.Kind.CASH,
            credit=Account.Kind.RESERVED,
            amount_fen=claim.amount_fen,
            made_by=person,
            document_sha256=claim.agreement.sha256,
            claim=claim,
        )
    claim.refuse(reason=reason.strip()[:300])
    claim.version += 1
    claim.save()
    for running in calendars.open_clocks(claim):
        calendars.stop(claim, running.code, on=clock.today(), ended_as="void")
    events.record("claim.refused", claim, actor=person)
    _tell(claim, "claim.refused")
    return claim


def _order_payment(claim: Claim) -> Payment:
    payment = Payment.objects.create(
        claim=claim,
        key=f"{claim.public_id}-{claim.payments.count() + 1}",
        amount_fen=claim.amount_fen,
        ordered_at=clock.now(),
    )
    jobs.owe("send_payment", key=f"payment-{payment.pk}", payment_id=payment.pk)
    return payment


@transaction.atomic
def correct_payee(*, claim_id: int, payee_name: str, payee_account: str, who: Who, version: int) -> Claim:
    """After the bank sent the money back, the consumer corrects the account and the payment is owed once more."""
    person = require_person(who)
    claim = _locked(claim_id)
    if claim.applied_by_id != person.pk:
        raise not_found()
    check_version(claim, version)
    if claim.state != Claim.State.DECIDED or claim.payments.exclude(state=Payment.State.RETURNED).exists():
        raise _wrong_state()
    if not payee_name.strip() or not "".join(payee_account.split()).isdigit():
        raise Refused("payee_account", _("请填写收款人姓名和银行卡号。"), field="payee_account")
    claim.payee_sealed = crypto.Plain(f"{payee_name.strip()}\n{''.join(payee_account.split())}")
    claim.version += 1
    claim.save()
    _order_payment(claim)
    events.record("claim.payee_corrected", claim, actor=person)
    return claim


@transaction.atomic
def book_receipt(*, voucher_id: int, who: Who) -> Voucher:
    """A second person books money that came in: an endowment, or a shop's repayment of a claim.

    What exceeds the claim goes to SUSPENSE. Refuses `maker_is_approver`, `already_booked`.
    """
    voucher = Voucher.objects.select_for_update().select_related("fund", "claim", "made_by").get(pk=voucher_id)
    approver = require(who, Role.FUND_APPROVER, unit_id=voucher.fund.keeper_id)
    if voucher.approved_by_id is not None:
        raise Refused("already_booked", _("这一笔已经入账。"))
    if approver.pk == voucher.made_by_id:
        raise Refused("maker_is_approver", _("经办和审批不能是同一个人。"))
    digest = ledger.voucher_sha256(voucher)

    def book(kind: Entry.Kind, credit: Account.Kind, fen: int, claim: Claim | None) -> None:
        ledger.post(
            fund_id=voucher.fund_id,
            kind=kind,
            debit=Account.Kind.CASH,
            credit=credit,
            amount_fen=fen,
            made_by=voucher.made_by,
            approved_by=approver,
            document_sha256=digest,
            claim=claim,
        )

    if voucher.claim_id is None:
        book(Entry.Kind.ENDOWMENT, Account.Kind.FUND_CAPITAL, voucher.amount_fen, None)
    else:
        claim = _locked(voucher.claim_id)
        if claim.state not in (Claim.State.PAID, Claim.State.RECOURSE):
            raise _wrong_state()
        owed = claim.amount_fen - claim.repaid_fen
        repaid = min(owed, voucher.amount_fen)
        book(Entry.Kind.REPAYMENT, Account.Kind.RECOURSE_RECEIVABLE, repaid, claim)
        if voucher.amount_fen > repaid:
            book(Entry.Kind.REPAYMENT, Account.Kind.SUSPENSE, voucher.amount_fen - repaid, claim)
        claim.repaid_fen += repaid
        claim.version += 1
        if claim.repaid_fen == claim.amount_fen:
            claim.recover()
            if calendars.open_clocks(claim).filter(code="PAY_RECOURSE").exists():
                calendars.meet(claim, "PAY_RECOURSE", on=clock.today())
            events.record("claim.recovered", claim, actor=approver, fen=claim.repaid_fen)
        claim.save()
    voucher.approved_by = approver
    voucher.approved_at = clock.now()
    voucher.save()
    events.record(
        "fund.receipt_booked", voucher.fund, actor=approver, voucher=voucher.public_id, fen=voucher.amount_fen
    )
    return voucher


def _tell(claim: Claim, code: str) -> None:
    notices.tell(
        claim.applied_by,
        code,
        subject=claim,
        url_name="mediation:claim",
        url_args=[claim.public_id],
        params={"number": claim.number},
    )
