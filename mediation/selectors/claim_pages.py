"""A claim as its consumer or the shop sees it."""

from dataclasses import dataclass, replace

from complaints.models import Case
from complaints.selectors.steps import Side, Step, said_moment
from mediation.models import Claim
from mediation.payout_rules import FUND_ROLES, OBJECT, RECOURSE
from mediation.selectors.claim_words import headline_of, is_waiting_for_payee, state_of, tell, to_come
from mediation.selectors.claims import claim_open_to
from portal.kernel import calendars, crypto, documents, events
from portal.kernel.access import Who
from portal.kernel.calendars import Clock
from portal.kernel.models import Document, User

STEPS_AHEAD = {Claim.State.APPLIED, Claim.State.FROZEN}


@dataclass(frozen=True)
class Page:
    """The page of one claim, said to one party."""

    claim: Claim
    case: Case
    is_own: bool
    state: str
    headline: str
    lead: str
    tone: str
    clock: Clock | None
    steps: tuple[Step, ...]
    letter: Document | None
    reason: str
    objection: str
    needs_payee: bool
    may_withdraw: bool
    may_object: bool
    may_apply_again: bool

    @property
    def base(self) -> str:
        """The frame in which this party is at home."""
        return "base.html" if self.is_own else "merchant.html"

    @property
    def nav(self) -> str:
        return "mine" if self.is_own else "merchant"


def is_fund_staff(who: Who) -> bool:
    """Whether *who* sees claims at the desk instead of on the parties' page."""
    return isinstance(who, User) and bool(who.roles & {*FUND_ROLES})


def page_open_to(*, who: Who, public_id: str) -> Page:
    """The page of a claim for its consumer or its shop; not found for anyone else."""
    claim = claim_open_to(who=who, public_id=public_id)
    is_own = claim.applied_by_id == who.pk
    side = Side.CONSUMER if is_own else Side.SHOP
    headline, lead, tone = headline_of(claim, side)
    needs_payee = is_own and is_waiting_for_payee(claim)
    case = claim.agreement.mediation.case
    return Page(
        claim=claim,
        case=case,
        is_own=is_own,
        state=state_of(claim, side),
        headline=headline,
        lead=lead,
        tone=tone,
        clock=_clock(claim, side),
        steps=_steps(claim, case, side),
        letter=None if is_own else letter_of(claim),
        reason=crypto.unseal(claim, "reason_sealed") if is_own else "",
        objection=crypto.unseal(claim, "objection_sealed"),
        needs_payee=needs_payee,
        may_withdraw=is_own and (needs_payee or claim.state in STEPS_AHEAD),
        may_object=not is_own and claim.state == Claim.State.FROZEN and not claim.objection_sealed,
        may_apply_again=is_own and claim.state in Claim.UNPAID_ENDS and claim.agreement.performed_on is None,
    )


def letter_of(claim: Claim) -> Document | None:
    """The demand letter in force."""
    letters = documents.of(claim).filter(kind="recourse_letter").exclude(state=Document.State.REVOKED)
    return letters.select_related("pdf").last()


def _clock(claim: Claim, side: Side) -> Clock | None:
    running = {row.code: row for row in calendars.open_clocks(claim)}
    if side == Side.SHOP:
        return running.get(OBJECT) or running.get(RECOURSE)
    return next((row for code, row in running.items() if code not in (OBJECT, RECOURSE)), None)


def _steps(claim: Claim, case: Case, side: Side) -> tuple[Step, ...]:
    told = [step for event in events.of(claim) if (step := tell(event, case, side)) is not None]
    past = tuple(replace(step, when=said_moment(step.at)) if step.at else step for step in told)
    return (*past, *to_come(claim, side))
