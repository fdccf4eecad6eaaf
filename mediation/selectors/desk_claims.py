"""First payout at the fund's desk: what waits for whom, and one claim with everything that is needed to decide it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.selectors.steps import Side
from mediation.models import Account, Approval, Claim, Entry, Fund, Payment, Voucher
from mediation.payout_rules import OBJECT, Track, alarm_line, track_for
from mediation.selectors.claim_pages import letter_of
from mediation.selectors.claim_words import is_waiting_for_payee, state_of
from mediation.selectors.claims import claims_open_to, open_vouchers
from portal.kernel import access_log, calendars, clock, crypto
from portal.kernel.access import Role
from portal.kernel.calendars import Clock
from portal.kernel.models import Document, User
from portal.kernel.models.event import AccessRecord

MOST_ENDED = 20
State = Claim.State


@dataclass(frozen=True)
class Row:
    """One claim in a list, with the clock that presses most."""

    claim: Claim
    clock: Clock | None

    @property
    def stage(self) -> str:
        return state_of(self.claim, Side.STAFF)


@dataclass(frozen=True)
class Group:
    """Claims that wait for the same thing."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Desk:
    """The fund's desk as one person sees it."""

    fund: Fund
    waiting: int
    groups: tuple[Group, ...]
    vouchers: tuple[Voucher, ...]
    cash_fen: int
    reserved_fen: int
    receivable_fen: int
    alarm_fen: int

    @property
    def is_low(self) -> bool:
        """Whether free money lies below the alarm line."""
        return self.cash_fen < self.alarm_fen


def waiting_for(who: User) -> int:
    """How many claims and receipts this very person can act on now."""
    return _to_check(who).count() + _to_decide(who).count() + _to_book(who).count()


def _at(who: User, role: Role) -> Q:
    return Q(fund__keeper_id__in=who.unit_ids(role))


def _to_check(who: User) -> QuerySet[Claim]:
    return claims_open_to(who).filter(_at(who, Role.FUND_KEEPER), state=State.APPLIED)


def _to_decide(who: User) -> QuerySet[Claim]:
    frozen = claims_open_to(who).filter(_at(who, Role.FUND_APPROVER), state=State.FROZEN)
    return frozen.exclude(checked_by=who).exclude(approvals__by=who)


def _to_book(who: User) -> QuerySet[Voucher]:
    return open_vouchers(who).filter(_at(who, Role.FUND_APPROVER)).exclude(made_by=who)


def desk_of(who: User, fund: Fund) -> Desk:
    """The lists of the fund's desk: what can be done now first, what is over last."""
    balances = {row.kind: row.balance_fen for row in fund.accounts.all()}
    claims = list(claims_open_to(who).filter(fund=fund).order_by("applied_at", "pk"))
    running = _running(claims)
    by_state: dict[str, list[Row]] = {}
    for claim in claims:
        by_state.setdefault(claim.state, []).append(Row(claim, running.get(claim.pk)))
    ended = [row for state in (State.RECOVERED, *Claim.UNPAID_ENDS) for row in by_state.get(state, [])]
    ended.sort(key=lambda row: row.claim.applied_at, reverse=True)
    named = (
        (_("等形式审查"), by_state.get(State.APPLIED, [])),
        (_("已冻结，等决定"), by_state.get(State.FROZEN, [])),
        (_("付款中"), by_state.get(State.DECIDED, [])),
        (_("追偿中"), by_state.get(State.RECOURSE, [])),
        (_("最近结束"), ended[:MOST_ENDED]),
    )
    return Desk(
        fund=fund,
        waiting=waiting_for(who),
        groups=tuple(Group(title, tuple(rows)) for title, rows in named if rows),
        vouchers=tuple(open_vouchers(who)),
        cash_fen=balances[Account.Kind.CASH],
        reserved_fen=balances[Account.Kind.RESERVED],
        receivable_fen=balances[Account.Kind.RECOURSE_RECEIVABLE],
        alarm_fen=alarm_line(fund.floor_fen),
    )


def _running(claims: list[Claim]) -> dict[int, Clock]:
    rows = Clock.objects.open().of(Claim).filter(subject_pk__in=[str(claim.pk) for claim in claims])
    found: dict[int, Clock] = {}
    for row in rows.exclude(code=OBJECT).order_by("due_on", "pk"):
        found.setdefault(int(row.subject_pk), row)
    return found


@dataclass(frozen=True)
class Sheet:
    """One claim on the desk: basis, people, money, and what this person may do now."""

    claim: Claim
    clocks: tuple[Clock, ...]
    track: Track
    approvals: tuple[Approval, ...]
    entries: tuple[Entry, ...]
    payments: tuple[Payment, ...]
    vouchers: tuple[Voucher, ...]
    letter: Document | None
    reason: str
    objection: str
    last_look: AccessRecord | None
    may_check: bool
    may_approve: bool
    may_refuse: bool
    may_record: bool
    may_ask_bank: bool
    why_not: str

    @property
    def stage(self) -> str:
        return state_of(self.claim, Side.STAFF)

    @property
    def tone(self) -> str:
        """The shape of the state's tag."""
        tones = {State.RECOVERED: "ok", State.REFUSED: "bad", State.WITHDRAWN: ""}
        return tones.get(self.claim.state, "warn" if is_waiting_for_payee(self.claim) else "now")

    @property
    def may_act(self) -> bool:
        """Whether anything on this claim waits for this very person."""
        return self.may_check or self.may_approve or (self.may_record and self.claim.owed_fen > 0)

    @property
    def missing(self) -> int:
        """How many more approvers are needed."""
        return max(0, self.track.approvers - len(self.approvals))


def sheet_of(claim: Claim, who: User) -> Sheet:
    """The claim, which the caller got from a selector that knows *who*, laid out for deciding it."""
    is_keeper = claim.fund.keeper_id in who.unit_ids(Role.FUND_KEEPER)
    is_approver = claim.fund.keeper_id in who.unit_ids(Role.FUND_APPROVER)
    approvals = tuple(claim.approvals.select_related("by").order_by("pk"))
    clocks = tuple(calendars.open_clocks(claim))
    track = track_for(claim.amount_fen)
    payments = tuple(claim.payments.order_by("pk"))
    why_not = _why_not(claim, who, track, approvals, clocks)
    may_decide = is_approver and claim.state == State.FROZEN and claim.checked_by_id != who.pk
    return Sheet(
        claim=claim,
        clocks=clocks,
        track=track,
        approvals=approvals,
        entries=tuple(claim.entries.select_related("debit", "credit", "made_by", "approved_by").order_by("seq")),
        payments=payments,
        vouchers=tuple(open_vouchers(who).filter(claim=claim)),
        letter=letter_of(claim),
        reason=crypto.unseal(claim, "reason_sealed"),
        objection=crypto.unseal(claim, "objection_sealed"),
        last_look=access_log.shown(claim).first(),
        may_check=is_keeper and claim.state == State.APPLIED,
        may_approve=may_decide and not why_not,
        may_refuse=may_decide or (is_keeper and claim.state == State.APPLIED),
        may_record=is_keeper and claim.state in (State.RECOURSE, State.RECOVERED),
        may_ask_bank=any(_may_still_change(payment) for payment in payments),
        why_not=why_not,
    )


def _may_still_change(payment: Payment) -> bool:
    if payment.state == Payment.State.RETURNED:
        return False
    return payment.settled_at is None or payment.settled_at > clock.now() - timedelta(days=30)


def _why_not(claim: Claim, who: User, track: Track, approvals: tuple[Approval, ...], clocks: tuple[Clock, ...]) -> str:
    if is_waiting_for_payee(claim):
        return _("银行退回了付款，已经请消费者更正账户；更正以后自动再付一次。")
    if claim.state != State.FROZEN:
        return ""
    if claim.checked_by_id == who.pk:
        return _("这笔是您审查的，要由别人决定。")
    if any(row.by_id == who.pk for row in approvals):
        return _("您已经批准，还需要另一位审批人。")
    waiting = next((row for row in clocks if row.code == OBJECT and row.due_on >= clock.today()), None)
    if track.waits_for_objection and waiting is not None:
        return _("商家可以在 {month} 月 {day} 日以前付款或者提出异议，期满才能决定。").format(
            month=waiting.due_on.month, day=waiting.due_on.day
        )
    return ""
