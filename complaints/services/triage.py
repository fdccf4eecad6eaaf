"""Where a case goes: dispatched by the hub, returned to it, handed to another department; never sideways."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints import rules
from complaints.models import Case, Movement
from complaints.selectors.routing import Suggestion, suggest_unit
from complaints.services import papers
from complaints.services.holding import at_bureau, at_hub, moved_on, needs_words, put_back, void_open_proposal
from complaints.services.telling import tell_consumer
from portal.kernel import calendars, clock, events
from portal.kernel.access import Role, Who
from portal.kernel.errors import Refused
from portal.kernel.models import Organisation, User
from publicity.services import facts

__all__ = ["Suggestion", "dispatch", "return_to_hub", "suggest_unit", "transfer_out"]


@transaction.atomic
def dispatch(*, case_id: int, unit_id: int, reason: str, who: Who, version: int) -> Case:
    """The hub sends a case to the competent bureau (办法41): the hub's timer is met and D01 starts there.

    Refused: `not_a_bureau` (field unit) for anything but a working bureau of the city, `reason_missing`,
    `case_moved_on`.
    """
    case, dispatcher = at_hub(Role.DISPATCHER, case_id=case_id, who=who, version=version)
    if not can_proceed(case.dispatch):
        raise moved_on()
    unit = Organisation.objects.filter(pk=unit_id, kind=Organisation.Kind.BUREAU, is_active=True).first()
    if unit is None:
        raise Refused("not_a_bureau", _("只能分送给本市的市场监管局；别的部门请用移送。"), field="unit")
    reason = needs_words(reason)
    now = clock.now()
    suggestion = suggest_unit(case)
    case.dispatch(unit_id=unit.pk, at=now)
    _move(case, Movement.Kind.DISPATCH, case.hub, unit, reason, dispatcher, suggestion)
    calendars.meet(case, rules.DISPATCH)
    decide = calendars.start(case, rules.DECIDE, unit=unit, at=now)
    if case.fact_id:
        facts.advance(
            fact_id=case.fact_id, competent_on=clock.today(), decision_due_on=decide.due_on, bureau_id=unit.pk
        )
    put_back(case)
    rule_id = suggestion.rule.pk if suggestion.rule else None
    events.record("case.dispatched", case, actor=dispatcher, unit=unit.public_id, rule=rule_id)
    papers.issue_dispatch(case, decide=decide, unit=unit, who=dispatcher)
    tell_consumer(case, "case.dispatched", unit=unit)
    return case


@transaction.atomic
def return_to_hub(*, case_id: int, reason: str, who: Who, version: int) -> Case:
    """A bureau without power gives the case back to the hub that sent it (办法41); it may not pass it on itself.

    Its D01 ends as returned; the hub's timer starts again. A proposal still waiting on the case ends with it.
    """
    case, officer = at_bureau(Role.OFFICER, Role.REVIEWER, case_id=case_id, who=who, version=version)
    if not can_proceed(case.return_to_hub):
        raise moved_on()
    reason = needs_words(reason)
    unit = case.unit
    assert unit is not None
    _move(case, Movement.Kind.RETURN, unit, case.hub, reason, officer)
    void_open_proposal(case)
    calendars.stop(case, rules.DECIDE, ended_as=calendars.EndedAs.RETURNED)
    calendars.start(case, rules.DISPATCH, unit=case.hub)
    case.return_to_hub()
    if case.fact_id:
        facts.advance(fact_id=case.fact_id, competent_on=None, decision_due_on=None, bureau_id=None)
    put_back(case)
    events.record("case.returned", case, actor=officer, unit=unit.public_id)
    return case


@transaction.atomic
def transfer_out(*, case_id: int, to_unit_id: int, reason: str, who: Who, version: int) -> Case:
    """The hub hands the case to another department with a 移送函 and tells the citizen whom to ask from now on.

    Refused: `not_elsewhere` (field unit) when the receiver is a market bureau or the hub, `reason_missing`,
    `case_moved_on` once it has been decided.
    """
    case, dispatcher = at_hub(Role.DISPATCHER, case_id=case_id, who=who, version=version)
    if not can_proceed(case.transfer_out):
        raise moved_on()
    receiver = Organisation.objects.filter(pk=to_unit_id, kind=Organisation.Kind.DEPARTMENT, is_active=True).first()
    if receiver is None:
        raise Refused("not_elsewhere", _("移送只能给市场监管以外的部门；本市的市场监管局请用分送。"), field="unit")
    reason = needs_words(reason)
    was_incomplete = case.state == Case.State.INCOMPLETE
    _move(case, Movement.Kind.TRANSFER_OUT, case.hub, receiver, reason, dispatcher, suggest_unit(case))
    void_open_proposal(case)
    for running in calendars.open_clocks(case):
        if running.code in (rules.DISPATCH, rules.COMPLETE):
            calendars.meet(case, running.code)
        else:
            calendars.stop(case, running.code)
    case.transfer_out(at=clock.now())
    if case.fact_id:
        facts.advance(fact_id=case.fact_id, closed_on=clock.today(), outcome=case.outcome)
    put_back(case)
    events.record("case.transferred", case, actor=dispatcher, to=receiver.public_id, was_incomplete=was_incomplete)
    papers.issue_transfer(case, receiver=receiver, reason=reason, who=dispatcher)
    tell_consumer(case, "case.transferred", unit=receiver, phone=receiver.phone)
    return case


def _move(
    case: Case,
    kind: Movement.Kind,
    from_unit: Organisation,
    to_unit: Organisation,
    reason: str,
    by: User,
    suggestion: Suggestion | None = None,
) -> None:
    rule = suggestion.rule if suggestion else None
    Movement.objects.create(
        case=case,
        kind=kind,
        from_unit=from_unit,
        to_unit=to_unit,
        suggested_unit=suggestion.unit if suggestion else None,
        rule=str(rule) if rule else "",
        reason=reason,
        by=by,
        at=clock.now(),
    )
