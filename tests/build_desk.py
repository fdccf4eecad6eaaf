"""Builders for the desk: cases further on, orders that lack something, reports; and what a refusal must not change."""

from typing import Any
from uuid import uuid4

from django.test import Client

from complaints.models import Case, Proposal, Report
from complaints.services import closing, decisions, entry, reports, verification
from portal.kernel import calendars, clock, events, jobs
from portal.kernel.access import SECOND_FACTOR, Role
from portal.kernel.models import Document, Job, Organisation, User
from publicity.models import CaseFact
from tests.build import (
    a_dispatched_case,
    a_filing,
    a_hub,
    a_phone,
    a_unit,
    an_accepted_case,
    home,
    staff,
)


def a_department(name: str = "示例市商务局") -> Organisation:
    """A department of the city outside market regulation."""
    return a_unit(kind=Organisation.Kind.DEPARTMENT, name=name)


def snapshot(case: Case) -> tuple[Any, ...]:
    """Everything that a refused act leaves as it was."""
    row = Case.objects.get(pk=case.pk)
    clocks = [(clock.code, clock.met_on, clock.ended_as) for clock in calendars.clocks_of(row)]
    names = [event.name for event in events.of(row)]
    proposals = list(Proposal.objects.filter(case=row).order_by("pk").values_list("state", flat=True))
    return (
        row.state,
        row.version,
        row.unit_id,
        row.handler_id,
        clocks,
        names,
        proposals,
        row.movements.count(),
        Job.objects.count(),
        Document.objects.count(),
    )


def names_of(case: Case) -> list[str]:
    """The names of a case's events, oldest first."""
    return [event.name for event in events.of(case)]


def clocks_of(case: Any) -> dict[str, str]:
    """The state of each clock of a subject: open, met or how it ended."""
    return {clock.code: "met" if clock.met_on else clock.ended_as or "open" for clock in calendars.clocks_of(case)}


def a_proposed_rejection(*, unit: Organisation, officer: User, ground: str = "R16_3", **changes: Any) -> Proposal:
    """A rejection that waits for its reviewer."""
    case = a_dispatched_case(unit=unit, **changes)
    return decisions.propose_rejection(
        case_id=case.pk, ground=ground, reason="购买者为转卖而买，不是为生活消费。", who=officer, version=case.version
    )


def a_rejected_case(*, unit: Organisation, officer: User, **changes: Any) -> Case:
    """A complaint that a reviewer has declined."""
    proposal = a_proposed_rejection(unit=unit, officer=officer, **changes)
    return decisions.approve_proposal(proposal_id=proposal.pk, who=staff(Role.REVIEWER, unit))


def a_mediating_case(*, unit: Organisation, officer: User, **changes: Any) -> Case:
    """A complaint in mediation."""
    case = an_accepted_case(unit=unit, officer=officer, **changes)
    return closing.start_mediation(case_id=case.pk, who=officer)


def a_settled_case(*, unit: Organisation, officer: User, recovered_fen: int = 100_000, **changes: Any) -> Case:
    """A complaint that both sides have settled."""
    case = a_mediating_case(unit=unit, officer=officer, **changes)
    return closing.settle(case_id=case.pk, recovered_fen=recovered_fen, who=officer)


def a_terminated_case(*, unit: Organisation, officer: User, ground: str = "T3", **changes: Any) -> Case:
    """A complaint whose mediation a reviewer has ended."""
    case = a_mediating_case(unit=unit, officer=officer, **changes)
    proposal = decisions.propose_termination(
        case_id=case.pk, ground=ground, reason="双方都说不可能谈拢。", who=officer, version=case.version
    )
    return decisions.approve_proposal(proposal_id=proposal.pk, who=staff(Role.REVIEWER, unit))


def an_incomplete_order(text: str = "在示例商场买的鞋三天开胶，商场不给退。", **more: Any) -> Case:
    """A hotline order that lacks the consumer."""
    a_hub()
    told: dict[str, Any] = {"title": "买鞋三天开胶", "text": text, "channel": "T12345", "who": None}
    return entry.register_incomplete(**(told | more))


def a_completion(**changes: Any) -> Any:
    """What staff fill in to complete an order."""
    told: dict[str, Any] = {"facts": "在示例商场买的鞋三天开胶，商场不给退，要求退货退款。", "phone": a_phone()}
    return a_filing(**(told | changes))


def a_report_filing(**changes: Any) -> reports.ReportFiling:
    """A simple report."""
    told: dict[str, Any] = {
        "target_name": "示例小饭馆",
        "target_address": f"{home().name}示例路 99 号",
        "district": home().code,
        "facts": "后厨使用过期的调料，货架上能看到日期已经过了三个月。",
        "name": "何示例",
        "phone": a_phone(),
    }
    return reports.ReportFiling(**(told | changes))


def a_report(unit: Organisation, **changes: Any) -> Report:
    """A report received at *unit* (of the home district, the only bureau there)."""
    from django.contrib.auth.models import AnonymousUser

    received = reports.receive_report(filing=a_report_filing(**changes), who=AnonymousUser(), key=uuid4().hex)
    report = Report.objects.get(number=received.number)
    assert report.unit_id == unit.pk
    return report


def a_taken_report(unit: Organisation, enforcer: User) -> Report:
    """A report that its handler verifies."""
    report = a_report(unit)
    return verification.take(report_id=report.pk, who=enforcer, version=report.version)


def owed(name: str) -> int:
    """How many jobs of that name are open."""
    return jobs.open_jobs().filter(name=name).count()


def at_desk(who: User) -> Client:
    """A browser in which a member of staff has signed in with their second factor."""
    client = Client()
    client.force_login(who)
    session = client.session
    session[SECOND_FACTOR] = clock.now().isoformat()
    session.save()
    return client


def fact_of(case: Any) -> CaseFact:
    """The newest state of what is counted of a case or report."""
    return CaseFact.objects.get(pk=case.fact_id)


def consumer_of(case: Case) -> User:
    """The signed-in person behind a case's consumer."""
    user = case.consumer.user
    assert user is not None
    return user


def until_done(name: str) -> None:
    """Run what is due, the most urgent first, until no job of that name is open; papers wait behind it."""
    while owed(name) and jobs.run_next():
        pass
