"""First payout 先行赔付 as the consumer has it in hand: apply, withdraw, correct the payee."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints.models import Party
from mediation.models import Agreement, Claim, Fund, Payment
from mediation.payout_rules import CHECK, terms
from mediation.services import payees, payments, performance
from mediation.services.claim_holding import locked, moved_on, put_back, release, stop_clocks
from mediation.services.claim_telling import tell_shop
from portal.kernel import calendars, clock, events, ids, money, numbers, regions
from portal.kernel.access import Who, require_person
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User


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

    Refused: `not_found` for a stranger's agreement, `not_breached`, `too_late`, `already_claimed` while a claim on it
    lives, and with their fields `amount`, `above_cap`, `above_yearly_cap`, `payee_name`, `payee_account`, `statement`,
    `assignment`.
    """
    person = require_person(who)
    User.objects.select_for_update().get(pk=person.pk)
    agreement = _own_breached_agreement(person, agreement_id)
    for problem in problems(
        agreement=agreement,
        amount_fen=amount_fen,
        payee_name=payee_name,
        payee_account=payee_account,
        has_no_other_compensation=has_no_other_compensation,
        assigns_the_claim=assigns_the_claim,
        who=person,
    ):
        raise problem
    fund = Fund.objects.select_related("keeper").get(pk=fund_id)
    claim = Claim(
        public_id=ids.new_id(),
        number=_number(),
        agreement=agreement,
        fund=fund,
        amount_fen=amount_fen,
        payee_sealed=payees.sealed(payees.payee(payee_name, payee_account)),
        applied_by=person,
        applied_at=clock.now(),
    )
    claim.save()
    calendars.start(claim, CHECK, unit=fund.keeper)
    events.record("claim.applied", claim, actor=person, fen=amount_fen, agreement=agreement.public_id)
    return claim


def problems(
    *,
    agreement: Agreement,
    amount_fen: int | None,
    payee_name: str,
    payee_account: str,
    has_no_other_compensation: bool,
    assigns_the_claim: bool,
    who: User,
) -> list[Refused]:
    """Everything that is wrong with what a consumer wrote, one refusal a field, in the order of the form.

    `amount_fen` is None where the amount could not even be read.
    """
    found = [_over_the_caps(who, amount_fen, agreement)] if amount_fen is not None else []
    found += payees.problems(payee_name, payee_account)
    if not has_no_other_compensation:
        sentence = _("请确认没有从别处得到同一笔赔偿。")
        found.append(Refused("statement", sentence, field="has_no_other_compensation"))
    if not assigns_the_claim:
        sentence = _("请同意把向商家追偿的权利转给基金。")
        found.append(Refused("assignment", sentence, field="assigns_the_claim"))
    return [problem for problem in found if problem is not None]


def _own_breached_agreement(who: User, agreement_id: int) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("mediation")
    agreement = rows.filter(pk=agreement_id).first()
    if agreement is None or not Party.objects.filter(case_id=agreement.mediation.case_id, user=who).exists():
        raise not_found()
    if agreement.breached_on is None or agreement.performed_on is not None:
        raise Refused("not_breached", _("协议没有登记为未履行，暂时不能申请先行赔付。"))
    days = terms().apply_within_cd
    if clock.today() > agreement.breached_on + timedelta(days=days):
        sentence = _("已经超过申请先行赔付的 {days} 日。您还可以申请仲裁或者提起诉讼。").format(days=days)
        raise Refused("too_late", sentence)
    if agreement.claims.exclude(state__in=Claim.UNPAID_ENDS).exists():
        raise Refused("already_claimed", _("这份协议已经申请过先行赔付。"))
    return agreement


def _over_the_caps(who: User, amount_fen: int, agreement: Agreement) -> Refused | None:
    if not 0 < amount_fen <= agreement.amount_fen:
        return Refused("amount", _("申请金额应当大于 0，不超过协议约定的金额。"), field="amount")
    found = terms()
    if amount_fen > found.ordinary_claim_fen:
        cap = money.yuan(found.ordinary_claim_fen)
        return Refused("above_cap", _("超过每笔上限 {cap} 元，本基金不能受理。").format(cap=cap), field="amount")
    mine = Claim.objects.filter(applied_by=who, applied_at__year=clock.today().year)
    already = mine.exclude(state__in=Claim.UNPAID_ENDS).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if already + amount_fen > found.consumer_year_fen:
        cap = money.yuan(found.consumer_year_fen)
        sentence = _("您今年的先行赔付合计会超过每人每年的上限 {cap} 元。").format(cap=cap)
        return Refused("above_yearly_cap", sentence, field="amount")
    return None


def _number() -> str:
    today = clock.today()
    serial = numbers.next_number(f"claim.{today:%Y}")
    return regions.city().numbers.claim.format(day=today, number=serial)


@transaction.atomic
def withdraw(*, claim_id: int, who: Who, version: int, has_been_paid: bool = False) -> Claim:
    """The consumer takes the claim back before it is decided, or after the bank returned the payment.

    Frozen money is released. *has_been_paid* says that the shop has paid after all: the agreement is then performed.
    Refused: `not_found` to anyone else, `stale`, `claim_moved_on` once a payment is on its way.
    """
    person = require_person(who)
    claim = locked(claim_id)
    if claim.applied_by_id != person.pk:
        raise not_found()
    check_version(claim, version)
    if not can_proceed(claim.withdraw) or _is_being_paid(claim):
        raise moved_on()
    if claim.state in Claim.RESERVING:
        release(claim, person, None)
        tell_shop(claim, "claim.withdrawn")
    claim.withdraw()
    stop_clocks(claim)
    events.record("claim.withdrawn", claim, actor=person, has_been_paid=has_been_paid)
    put_back(claim)
    if has_been_paid:
        performance.mark_performed(agreement_id=claim.agreement_id, who=person)
    return claim


@transaction.atomic
def correct_payee(*, claim_id: int, payee_name: str, payee_account: str, who: Who, version: int) -> Claim:
    """After the bank sent the money back, the consumer corrects the account and the payment is owed once more.

    Refused: `not_found` to anyone else, `stale`, `claim_moved_on` unless the last payment was returned, `payee_name`
    and `payee_account` (fields).
    """
    person = require_person(who)
    claim = locked(claim_id)
    if claim.applied_by_id != person.pk:
        raise not_found()
    check_version(claim, version)
    if claim.state != Claim.State.DECIDED or _is_being_paid(claim):
        raise moved_on()
    claim.payee_sealed = payees.sealed(payees.payee(payee_name, payee_account))
    payments.order(claim)
    events.record("claim.payee_corrected", claim, actor=person)
    return put_back(claim)


def _is_being_paid(claim: Claim) -> bool:
    return claim.payments.exclude(state=Payment.State.RETURNED).exists()
