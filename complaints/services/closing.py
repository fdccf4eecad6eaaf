"""How a case ends: mediation begins, settles, both sides are told, and the officer closes it."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints import rules
from complaints.models import Case
from complaints.services import leads, summaries
from complaints.services.holding import at_bureau, lock, moved_on, put_back
from complaints.services.telling import tell_consumer
from portal.kernel import calendars, clock, events
from portal.kernel.access import Role, Who
from portal.kernel.errors import Refused
from publicity.models import Disclosure
from publicity.services import disclosures, facts

SIDES = ("consumer", "shop")


@transaction.atomic
def start_mediation(*, case_id: int, who: Who) -> Case:
    """Both sides have agreed to mediate (办法18). Called by mediation, which has checked who agreed."""
    case = lock(case_id)
    if not can_proceed(case.start_mediation):
        raise moved_on()
    case.start_mediation()
    put_back(case)
    events.record("case.mediation_started", case, actor=who)
    return case


@transaction.atomic
def settle(*, case_id: int, recovered_fen: int, who: Who) -> Case:
    """Both sides have signed: D02 is met. Called by mediation inside the transaction of the second signature."""
    case = lock(case_id)
    if not can_proceed(case.settle):
        raise moved_on()
    case.settle(recovered_fen=recovered_fen)
    calendars.meet(case, rules.MEDIATE)
    put_back(case)
    events.record("case.settled", case, actor=who, recovered_fen=recovered_fen)
    return case


@transaction.atomic
def record_service(*, case_id: int, side: str, method: str, who: Who, version: int) -> Case:
    """An officer records that the termination was told to one side another way; D03 is met when both have been told.

    Refused: `unknown_side`, `unknown_method` (fields side, method), `case_moved_on` when no telling is owed.
    """
    case, officer = at_bureau(Role.OFFICER, Role.MEDIATOR, case_id=case_id, who=who, version=version)
    if side not in SIDES:
        raise Refused("unknown_side", _("请选告知了哪一方。"), field="side")
    if method not in rules.SERVICE_METHODS:
        raise Refused("unknown_method", _("请选告知方式。"), field="method")
    if not _owes_telling(case):
        raise moved_on()
    put_back(case)
    mark_served(case, side=side, method=method, who=officer)
    return case


def mark_served(case: Case, *, side: str, method: str, who: Who | None) -> None:
    """Record that one side of a locked case was told; the second side's telling meets D03."""
    events.record("case.served", case, actor=who, side=side, method=method)
    if _owes_telling(case) and served_sides(case) == set(SIDES):
        calendars.meet(case, rules.TELL_TERMINATION)


def served_sides(case: Case) -> set[str]:
    """Which sides have been told of the termination so far."""
    return {str(event.payload["side"]) for event in events.of(case).filter(name="case.served")}


def _owes_telling(case: Case) -> bool:
    return calendars.open_clocks(case).filter(code=rules.TELL_TERMINATION).exists()


@transaction.atomic
def close(*, case_id: int, who: Who, version: int, lead_checked: bool, lead_facts: str = "") -> Case:
    """The officer closes a decided case (办结): the fact is counted and its disclosure proposed.

    `lead_checked` says that the officer looked for signs of a breach; what they found goes into `lead_facts` and
    becomes a lead of the enforcement unit, of which the case keeps no trace. Refused: `lead_check_missing` (field
    lead_checked), `termination_not_told` while D03 runs, `case_moved_on`, `not_the_handler`.
    """
    case, officer = at_bureau(Role.OFFICER, case_id=case_id, who=who, version=version)
    if not can_proceed(case.close):
        raise moved_on()
    if case.handler_id not in (None, officer.pk):
        raise Refused("not_the_handler", _("这件投诉由别的承办人办理，您不能替他办结。"))
    if not lead_checked:
        raise Refused("lead_check_missing", _("请先回答有没有发现违法线索。"), field="lead_checked")
    if _owes_telling(case):
        raise Refused("termination_not_told", _("终止调解还没有告知双方，告知后才能办结。"))
    if lead_facts.strip():
        leads.found(case_id=case.pk, facts=lead_facts, who=officer)
    case.handler = officer
    case.close(at=clock.now(), lead_checked=True)
    put_back(case)
    events.record("case.closed", case, actor=officer, outcome=case.outcome)
    _count_and_propose(case)
    tell_consumer(case, "case.closed")
    return case


def _count_and_propose(case: Case) -> Disclosure | None:
    if case.fact_id is None or case.shop_id is None or case.unit_id is None or case.handler_id is None:
        return None
    facts.advance(
        fact_id=case.fact_id,
        closed_on=clock.today(),
        outcome=case.outcome,
        recovered_fen=case.recovered_fen,
        shop_id=case.shop_id,
    )
    return disclosures.propose(
        fact_id=case.fact_id,
        shop_id=case.shop_id,
        unit_id=case.unit_id,
        handler_id=case.handler_id,
        proposed_summary=summaries.summary_of(case),
        outcome=case.outcome,
        closed_on=clock.today(),
    )
