"""Two of the staff press at the same moment, on two connections: one act, and the other is told why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from complaints.models import Case, Report
from complaints.services import closing, decisions, entry, triage, verification
from portal.kernel import calendars, proof
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, Document
from publicity.models import CaseFact
from tests.build import a_dispatched_case, a_filed_case, a_unit, staff
from tests.build_desk import (
    a_completion,
    a_proposed_rejection,
    a_report,
    a_settled_case,
    an_incomplete_order,
    names_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[str]:
    """What each of the acts, begun at the same moment, came to: `done` or the code of its refusal."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=20)
            act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_dispatchers_send_a_case_to_one_bureau() -> None:
    case = a_filed_case()
    units = [a_unit(), a_unit()]
    people = [staff(Role.DISPATCHER, case.hub) for _ in units]
    said = together(
        *(
            lambda who=who, unit=unit: triage.dispatch(
                case_id=case.pk, unit_id=unit.pk, reason="商家在该区经营", who=who, version=1
            )
            for who, unit in zip(people, units, strict=True)
        )
    )
    assert said == ["done", "stale"]
    assert Clock.objects.filter(code="D01").count() == 1
    assert (Case.objects.get().movements.count(), names_of(case)) == (1, ["case.filed", "case.dispatched"])


def test_one_officer_accepts_while_another_proposes_to_decline() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    first, second = staff(Role.OFFICER, unit), staff(Role.OFFICER, unit)
    said = together(
        lambda: decisions.accept(case_id=case.pk, who=first, version=case.version),
        lambda: decisions.propose_rejection(
            case_id=case.pk, ground="R16_1", reason="没有权限", who=second, version=case.version
        ),
    )
    assert said == ["done", "stale"]
    ends = [name for name in names_of(case) if name in ("case.accepted", "case.rejection_proposed")]
    assert len(ends) == 1
    assert proof.faults() == []


def test_two_reviewers_decide_a_proposal_once() -> None:
    unit = a_unit()
    proposal = a_proposed_rejection(unit=unit, officer=staff(Role.OFFICER, unit))
    first, second = staff(Role.REVIEWER, unit), staff(Role.REVIEWER, unit)
    said = together(
        lambda: decisions.approve_proposal(proposal_id=proposal.pk, who=first),
        lambda: decisions.return_proposal(proposal_id=proposal.pk, who=second, reason="再看看"),
    )
    assert said == ["done", "proposal_decided"]
    assert Document.objects.filter(kind="form06").count() == (Case.objects.get().state == "rejected")


def test_two_clerks_complete_an_order_once_and_one_number_is_given() -> None:
    case = an_incomplete_order()
    filings = [a_completion(), a_completion()]
    people = [staff(Role.INTAKE, case.hub) for _ in filings]
    said = together(
        *(
            lambda who=who, filing=filing: entry.complete_incomplete(
                case_id=case.pk, filing=filing, was_read_back=True, who=who, version=1
            )
            for who, filing in zip(people, filings, strict=True)
        )
    )
    assert said == ["done", "stale"]
    assert (str(Case.objects.get().number)[-6:], CaseFact.objects.count()) == ("000001", 1)


def test_a_case_closes_once_however_often_it_is_pressed() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_settled_case(unit=unit, officer=officer, agrees_to_disclosure=True)
    said = together(
        *(
            lambda: closing.close(case_id=case.pk, who=officer, version=case.version, lead_checked=True)
            for _press in range(3)
        )
    )
    assert said == ["done", "stale", "stale"] or said == ["case_moved_on", "case_moved_on", "done"]
    assert names_of(case).count("case.closed") == 1
    assert Clock.objects.filter(code="D41").count() == 1


def test_two_enforcers_take_one_report() -> None:
    unit = a_unit()
    report = a_report(unit)
    first, second = staff(Role.ENFORCER, unit), staff(Role.ENFORCER, unit)
    said = together(
        lambda: verification.take(report_id=report.pk, who=first, version=1),
        lambda: verification.take(report_id=report.pk, who=second, version=1),
    )
    assert said == ["done", "stale"]
    assert Report.objects.get().handler in (first, second)
    assert calendars.open_clocks(report).count() == 1
