"""Who takes a case, whether it is accepted, and the two ends that a second person must approve."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints import rules
from complaints.models import Case, Proposal
from complaints.services import papers, triage
from complaints.services.holding import at_bureau, moved_on, needs_words, put_back, refuse_while_proposed
from complaints.services.telling import tell_consumer, tell_shop
from portal.kernel import calendars, clock, crypto, events, ids, jobs
from portal.kernel.access import Role, Who
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User
from publicity.services import facts

LONGEST_REASON = 2000
ACCEPT, REJECT, RETURN = "accept", "reject", "return"


@transaction.atomic
def claim_case(*, case_id: int, who: Who, version: int) -> Case:
    """An officer takes an unclaimed case of their bureau on; taking one's own again changes nothing.

    Refused: `claimed_by_another`, `case_moved_on` once it is closed.
    """
    case, officer = at_bureau(Role.OFFICER, case_id=case_id, who=who, version=version)
    if case.handler_id == officer.pk:
        return case
    if case.handler_id is not None:
        raise Refused("claimed_by_another", _("这件投诉已经有人认领了。"))
    if case.state not in Case.OPEN_STATES:
        raise moved_on()
    case.handler = officer
    put_back(case)
    events.record("case.claimed", case, actor=officer)
    return case


@transaction.atomic
def accept(*, case_id: int, who: Who, version: int) -> Case:
    """The officer takes the dispute on (办法15): D01 is met, D02 runs from today, form 五 goes to the consumer.

    Refused: `case_already_decided` to the second who presses, `not_the_handler`, `proposal_open`.
    """
    case, officer = at_bureau(Role.OFFICER, case_id=case_id, who=who, version=version)
    _must_be_undecided(case)
    _take(case, officer)
    refuse_while_proposed(case)
    case.accept(at=clock.now())
    decided = calendars.meet(case, rules.DECIDE)
    mediate = calendars.start(case, rules.MEDIATE, unit=case.unit)
    case.regime = mediate.regime
    if case.fact_id:
        facts.advance(
            fact_id=case.fact_id, decided_on=clock.today(), was_accepted=True, mediation_due_on=mediate.due_on
        )
    put_back(case)
    events.record("case.accepted", case, actor=officer, due_on=mediate.due_on.isoformat())
    papers.issue_acceptance(case, decided=decided, who=officer)
    tell_consumer(case, "case.accepted", unit=case.unit)
    tell_shop(case, "case.accepted_shop", unit=case.unit)
    return case


@transaction.atomic
def propose_rejection(*, case_id: int, ground: str, reason: str, who: Who, version: int) -> Proposal:
    """The officer asks a reviewer to decline the case on one ground of 办法16; nothing is decided yet, D01 runs on.

    Refused: `unknown_ground` (field ground), `reason_missing` (field reason), `case_already_decided`,
    `not_the_handler`, `proposal_open`.
    """
    case, officer = at_bureau(Role.OFFICER, case_id=case_id, who=who, version=version)
    _must_be_undecided(case)
    rules.rejection_ground(ground)
    _take(case, officer)
    return _propose(case, Proposal.Kind.REJECTION, ground, reason, officer)


@transaction.atomic
def decide(*, case_id: int, decision: str, ground: str, reason: str, who: Who, version: int) -> None:
    """What the officer chose on the case's page: accept, propose to decline, or give back to the hub.

    Refused as the chosen act refuses; `unknown_decision` (field decision) for anything else.
    """
    match decision:
        case "accept":
            accept(case_id=case_id, who=who, version=version)
        case "reject":
            propose_rejection(case_id=case_id, ground=ground, reason=reason, who=who, version=version)
        case "return":
            triage.return_to_hub(case_id=case_id, reason=reason, who=who, version=version)
        case _:
            raise Refused("unknown_decision", _("请选一种决定。"), field="decision")


@transaction.atomic
def propose_termination(*, case_id: int, ground: str, reason: str, who: Who, version: int) -> Proposal:
    """Whoever mediates asks a reviewer to end the mediation on one choice of `rules.TERMINATIONS`; D02 runs on.

    Refused: `unknown_ground` and `sixty_days_not_over` (field ground), `reason_missing` (field reason),
    `case_moved_on`, `proposal_open`.
    """
    case, mediator = at_bureau(Role.OFFICER, Role.MEDIATOR, case_id=case_id, who=who, version=version)
    if not can_proceed(case.terminate):
        raise moved_on()
    _must_have_run_out(case, rules.termination(ground))
    return _propose(case, Proposal.Kind.TERMINATION, ground, reason, mediator)


@transaction.atomic
def approve_proposal(*, proposal_id: int, who: Who, version: int | None = None) -> Case:
    """A reviewer who neither handles the case nor made the proposal decides as proposed.

    Rejection: D01 is met, form 六 with reason and other routes goes to the consumer. Termination: D02 is met, D03
    starts, form 八 is owed to both sides. Refused: `same_person`, `proposal_decided` to the second reviewer, `stale`
    when a *version* is given and the case has changed since.
    """
    proposal, case, reviewer = _under_review(proposal_id, who, version)
    proposal.state = Proposal.State.APPROVED
    proposal.decided_by = reviewer
    proposal.decided_at = clock.now()
    proposal.save()
    if proposal.kind == Proposal.Kind.REJECTION:
        _reject(case, proposal, reviewer)
    else:
        _terminate(case, proposal, reviewer)
    return case


@transaction.atomic
def review(*, proposal_id: int, verdict: str, reason: str, who: Who, version: int) -> None:
    """What the reviewer chose: approve as proposed, or return with a reason; `unknown_verdict` for anything else."""
    match verdict:
        case "approve":
            approve_proposal(proposal_id=proposal_id, who=who, version=version)
        case "return":
            return_proposal(proposal_id=proposal_id, who=who, reason=reason, version=version)
        case _:
            raise Refused("unknown_verdict", _("请选批准还是退回。"), field="verdict")


@transaction.atomic
def return_proposal(*, proposal_id: int, who: Who, reason: str, version: int | None = None) -> Case:
    """The reviewer sends the proposal back with a reason; the case is as undecided as before."""
    proposal, case, reviewer = _under_review(proposal_id, who, version)
    proposal.return_reason = needs_words(reason, most=200)
    proposal.state = Proposal.State.RETURNED
    proposal.decided_by = reviewer
    proposal.decided_at = clock.now()
    proposal.save()
    put_back(case)
    events.record("case.proposal_returned", case, actor=reviewer, proposal=proposal.public_id)
    return case


def _must_be_undecided(case: Case) -> None:
    if not can_proceed(case.accept):
        raise Refused("case_already_decided", _("该投诉已处理，请刷新页面。"))


def _must_have_run_out(case: Case, choice: rules.Termination) -> None:
    mediate = calendars.open_clocks(case).filter(code=rules.MEDIATE).first()
    if choice.ground.number == rules.PERIOD_RAN_OUT and mediate is not None and clock.today() < mediate.due_on:
        raise Refused("sixty_days_not_over", _("调解期限还没有届满，不能以满六十日为由终止。"), field="ground")


def _take(case: Case, officer: User) -> None:
    if case.handler_id not in (None, officer.pk):
        raise Refused("not_the_handler", _("这件投诉由别的承办人办理，您不能替他决定。"))
    case.handler = officer


def _propose(case: Case, kind: Proposal.Kind, ground: str, reason: str, by: User) -> Proposal:
    refuse_while_proposed(case)
    words = needs_words(reason, most=LONGEST_REASON)
    proposal = Proposal(
        public_id=ids.new_id(),
        case=case,
        kind=kind,
        ground=ground,
        reason_sealed=crypto.Plain(words),
        proposed_by=by,
        proposed_at=clock.now(),
    )
    proposal.save()
    put_back(case)
    name = "case.rejection_proposed" if kind == Proposal.Kind.REJECTION else "case.termination_proposed"
    events.record(name, case, actor=by, ground=ground, proposal=proposal.public_id)
    return proposal


def _under_review(proposal_id: int, who: Who, version: int | None) -> tuple[Proposal, Case, User]:
    case_id = Proposal.objects.filter(pk=proposal_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise not_found()
    case, reviewer = at_bureau(Role.REVIEWER, case_id=case_id, who=who, version=None)
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != Proposal.State.OPEN:
        raise Refused("proposal_decided", _("这份建议已经有人审核过，请刷新页面。"))
    if version is not None:
        check_version(case, version)
    if reviewer.pk in (proposal.proposed_by_id, case.handler_id):
        raise Refused("same_person", _("承办人不能审核自己承办的投诉。"), status=403)
    return proposal, case, reviewer


def _reject(case: Case, proposal: Proposal, reviewer: User) -> None:
    if not can_proceed(case.reject):
        raise moved_on()
    case.reject(at=clock.now())
    calendars.meet(case, rules.DECIDE)
    case.regime = rules.regime_on(clock.today())
    if case.fact_id:
        facts.advance(fact_id=case.fact_id, decided_on=clock.today(), was_accepted=False)
    put_back(case)
    events.record("case.rejected", case, actor=reviewer, ground=proposal.ground, proposal=proposal.public_id)
    papers.issue_rejection(case, proposal, who=reviewer)
    tell_consumer(case, "case.rejected", unit=case.unit)


def _terminate(case: Case, proposal: Proposal, reviewer: User) -> None:
    if not can_proceed(case.terminate):
        raise moved_on()
    choice = rules.termination(proposal.ground)
    case.terminate(outcome=choice.outcome)
    period = calendars.meet(case, rules.MEDIATE)
    if case.fact_id:
        facts.advance(fact_id=case.fact_id, mediation_due_on=period.due_on)
    calendars.start(case, rules.TELL_TERMINATION, unit=case.unit)
    put_back(case)
    events.record("case.terminated", case, actor=reviewer, ground=proposal.ground, proposal=proposal.public_id)
    papers.issue_termination(case, proposal, who=reviewer)
    jobs.owe("complaints.tell_termination", about=case, case_id=case.pk)
