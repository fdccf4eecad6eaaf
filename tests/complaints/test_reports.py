"""Reports and leads: secret from everyone outside the unit, decided by two people, on time."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from complaints.models import Report, Reporter
from complaints.selectors import reports as selectors
from complaints.services import leads, reporters, reports, verification
from portal.kernel import calendars, clock, crypto, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord, Clock, Document, Event, Job, Notice, Organisation
from publicity.models import CaseFact
from tests.build import a_citizen, a_merchant, a_shop, a_unit, an_accepted_case, staff
from tests.build_desk import a_report, a_report_filing, a_taken_report, at_desk, clocks_of, fact_of

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)
KEY = "k" * 20
ALL_FOUR = ["evidence", "punishable", "competent", "in_time"]


@pytest.fixture
def unit() -> Organisation:
    return a_unit()


def report_snapshot(report: Report) -> tuple[object, ...]:
    row = Report.objects.get(pk=report.pk)
    clocks = [(one.code, one.due_on, one.met_on) for one in calendars.clocks_of(row)]
    names = [event.name for event in events.of(row)]
    return row.state, row.version, row.proposed, row.handler_id, row.second_officer_id, clocks, names


@time_machine.travel(MONDAY, tick=False)
def test_a_report_runs_d07_from_receipt_and_is_counted_without_its_shop(unit: Organisation) -> None:
    received = reports.receive_report(filing=a_report_filing(), who=AnonymousUser(), key=KEY)
    report = Report.objects.get()
    assert (received.number, report.unit, report.state) == ("TJ-JB-20261123-000001", unit, "verifying")
    assert len(received.receipt_code) == 12
    verify = Clock.objects.get(code="D07")
    assert (verify.unit, verify.due_on, verify.article) == (
        unit,
        date(2026, 12, 14),
        "《市场监督管理行政处罚程序规定》第十八条",
    )
    fact = CaseFact.objects.get()
    assert (fact.kind, fact.shop, fact.bureau, fact.agrees_to_disclosure) == ("report", None, unit, False)
    assert (fact.competent_on, fact.decision_due_on) == (date(2026, 11, 23), date(2026, 12, 14))
    assert Event.objects.get(subject_label="complaints.report").payload == {"kind": "report"}
    assert (Notice.objects.count(), Document.objects.count()) == (0, 0)
    stored = bytes(report.facts) + bytes(report.target_name) + bytes(report.reporter.name)
    assert "何示例".encode() not in stored
    assert "示例小饭馆".encode() not in stored


def test_the_same_form_sent_twice_is_one_report_with_one_code(unit: Organisation) -> None:
    filing = a_report_filing()
    first = reports.receive_report(filing=filing, who=AnonymousUser(), key=KEY)
    assert reports.receive_report(filing=filing, who=AnonymousUser(), key=KEY) == first
    with pytest.raises(Refused) as refusal:
        reports.receive_report(filing=a_report_filing(facts="另一件完全不同的事情。"), who=AnonymousUser(), key=KEY)
    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)
    assert (Report.objects.count(), CaseFact.objects.count()) == (1, 1)
    other = reports.receive_report(filing=filing, who=AnonymousUser(), key="m" * 20)
    assert other.receipt_code != first.receipt_code


def test_an_anonymous_report_is_received_and_keeps_no_reporter(unit: Organisation) -> None:
    a_report(unit, name="", phone="")
    assert (Report.objects.count(), Reporter.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target_name", " "),
        ("target_address", "路"),
        ("district", "999999"),
        ("district", ""),
        ("facts", "过期"),
        ("facts", "长" * 2001),
        ("phone", "12"),
    ],
)
def test_a_report_that_lacks_something_is_refused_with_its_field(unit: Organisation, field: str, value: str) -> None:
    before = Job.objects.count()
    with pytest.raises(Refused) as refusal:
        reports.receive_report(filing=a_report_filing(**{field: value}), who=AnonymousUser(), key=KEY)
    assert refusal.value.field == field
    assert (Report.objects.count(), CaseFact.objects.count(), Job.objects.count()) == (0, 0, before)


def test_nobody_outside_the_unit_learns_that_a_report_exists(unit: Organisation) -> None:
    shop = a_shop()
    report = a_report(unit)
    enforcer = staff(Role.ENFORCER, unit)
    outsiders = [
        staff(Role.OFFICER, unit, Role.REVIEWER, Role.MEDIATOR),
        staff(Role.DISPATCHER, unit, Role.INTAKE),
        staff(Role.ENFORCER, a_unit()),
        staff(Role.DISCLOSER, unit, Role.ANALYST, Role.AUDITOR, Role.ADMIN),
        a_citizen(),
        a_merchant(shop),
    ]
    assert list(selectors.reports_open_to(enforcer)) == [report]
    for who in outsiders:
        assert not selectors.reports_open_to(who).exists()
        with pytest.raises(Refused) as refusal:
            selectors.report_open_to(who=who, public_id=report.public_id)
        with pytest.raises(Refused) as absent:
            selectors.report_open_to(who=who, public_id="nothing")
        assert (refusal.value.code, refusal.value.sentence) == (absent.value.code, absent.value.sentence)
        with pytest.raises(Refused) as act:
            verification.take(report_id=report.pk, who=who, version=1)
        assert act.value.code == "not_found"
        if who.is_staff:
            assert not [row for row in calendars.waiting(who) if row.clock.code == "D07"]
    refused = AccessRecord.objects.filter(kind="report", was_refused=True)
    assert refused.count() == len(outsiders)
    shown = calendars.presented(row.clock for row in calendars.waiting(enforcer))
    assert [one.title for one in shown.values()] == [f"举报 {report.number}"]


def test_an_outsiders_request_for_a_report_looks_like_any_wrong_address(unit: Organisation) -> None:
    report = a_report(unit)
    stranger = at_desk(staff(Role.ENFORCER, a_unit()))
    real = stranger.get(f"/desk/reports/{report.public_id}/")
    wrong = stranger.get("/desk/reports/aaaaaaaaaaaaaaaaaaaa/")
    assert (real.status_code, wrong.status_code) == (404, 404)
    officer = at_desk(staff(Role.OFFICER, unit))
    codes = {officer.get(f"/desk/reports/{one}/").status_code for one in (report.public_id, "aaaaaaaaaaaaaaaaaaaa")}
    assert codes == {403}


@time_machine.travel(MONDAY, tick=False)
def test_filing_takes_four_conditions_two_officers_and_a_third_person(unit: Organisation) -> None:
    handler, second = staff(Role.ENFORCER, unit), staff(Role.ENFORCER, unit)
    reviewer = staff(Role.ENFORCEMENT_REVIEWER, unit)
    report = a_taken_report(unit, handler)
    told: dict[str, Any] = {
        "report_id": report.pk,
        "reason": "现场看到三瓶过期调料。",
        "who": handler,
        "version": report.version,
    }
    before = report_snapshot(report)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"conditions": ALL_FOUR[:3], "second_officer_id": second.pk}, "conditions"),
        ({"conditions": ALL_FOUR, "second_officer_id": None}, "second_officer"),
        ({"conditions": ALL_FOUR, "second_officer_id": handler.pk}, "second_officer"),
        ({"conditions": ALL_FOUR, "second_officer_id": staff(Role.ENFORCER, a_unit()).pk}, "second_officer"),
        ({"conditions": ALL_FOUR, "second_officer_id": second.pk, "reason": " "}, "reason"),
    ]
    for change, field in wrong:
        with pytest.raises(Refused) as refusal:
            verification.propose_filing(**told | change)
        assert refusal.value.field == field
    assert report_snapshot(report) == before

    report = verification.propose_filing(conditions=ALL_FOUR, second_officer_id=second.pk, **told)
    assert (report.state, report.proposed, clocks_of(report)) == ("verifying", "file", {"D07": "open"})
    before = report_snapshot(report)
    both = staff(Role.ENFORCER, unit, Role.ENFORCEMENT_REVIEWER)
    for who, code in ((handler, "forbidden"), (second, "forbidden"), (staff(Role.OFFICER, unit), "not_found")):
        with pytest.raises(Refused) as refusal:
            verification.approve(report_id=report.pk, who=who, version=report.version)
        assert refusal.value.code == code
    assert report_snapshot(report) == before

    report = verification.approve(report_id=report.pk, who=reviewer, version=report.version)
    assert (report.state, report.handler, report.second_officer) == ("filed", handler, second)
    assert (report.approved_by, report.decided_at, report.proposed) == (reviewer, MONDAY, "")
    assert report.conditions == sorted(ALL_FOUR)
    assert clocks_of(report) == {"D07": "met"}
    assert (fact_of(report).decided_on, fact_of(report).became_enforcement) == (date(2026, 11, 23), True)
    with pytest.raises(Refused) as again:
        verification.approve(report_id=report.pk, who=both, version=report.version)
    assert again.value.code == "report_decided"


def test_a_handler_with_both_roles_cannot_approve_their_own_proposal(unit: Organisation) -> None:
    both = staff(Role.ENFORCER, unit, Role.ENFORCEMENT_REVIEWER)
    report = a_taken_report(unit, both)
    report = verification.propose_not_filing(
        report_id=report.pk, ground="P20_1", reason="已当场改正。", who=both, version=report.version
    )
    before = report_snapshot(report)
    with pytest.raises(Refused) as refusal:
        verification.approve(report_id=report.pk, who=both, version=report.version)
    assert (refusal.value.code, refusal.value.status) == ("same_person", 403)
    assert report_snapshot(report) == before


def test_not_filing_takes_a_ground_of_the_closed_list(unit: Organisation) -> None:
    handler = staff(Role.ENFORCER, unit)
    report = a_taken_report(unit, handler)
    told: dict[str, Any] = {
        "report_id": report.pk,
        "reason": "已当场改正，没有危害。",
        "who": handler,
        "version": report.version,
    }
    for ground in ("", "P20_5", "R16_1"):
        with pytest.raises(Refused) as refusal:
            verification.propose_not_filing(ground=ground, **told)
        assert (refusal.value.code, refusal.value.field) == ("unknown_ground", "ground")
    report = verification.propose_not_filing(ground="P20_2", **told)
    reviewer = staff(Role.ENFORCEMENT_REVIEWER, unit)
    report = verification.approve(report_id=report.pk, who=reviewer, version=report.version)
    assert (report.state, report.ground, fact_of(report).became_enforcement) == ("not_filed", "P20_2", False)


def test_a_proposal_sent_back_leaves_the_report_with_its_handler(unit: Organisation) -> None:
    handler, reviewer = staff(Role.ENFORCER, unit), staff(Role.ENFORCEMENT_REVIEWER, unit)
    report = a_taken_report(unit, handler)
    with pytest.raises(Refused) as nothing:
        verification.approve(report_id=report.pk, who=reviewer, version=report.version)
    assert nothing.value.code == "nothing_proposed"
    report = verification.propose_hand_back(
        report_id=report.pk, reason="行为发生在和平区，应由和平区局处理。", who=handler, version=report.version
    )
    with pytest.raises(Refused) as twice:
        verification.propose_extension(report_id=report.pk, reason="要抽检", who=handler, version=report.version)
    assert twice.value.code == "proposal_open"
    report = verification.send_back(
        report_id=report.pk, reason="实际经营地在本区，请再核。", who=reviewer, version=report.version
    )
    assert (report.state, report.proposed, report.handler) == ("verifying", "", handler)


@time_machine.travel(MONDAY, tick=False)
def test_verification_is_extended_once_by_a_second_person(unit: Organisation) -> None:
    handler, reviewer = staff(Role.ENFORCER, unit), staff(Role.ENFORCEMENT_REVIEWER, unit)
    report = a_taken_report(unit, handler)
    report = verification.propose_extension(
        report_id=report.pk, reason="样品送检，等结果。", who=handler, version=report.version
    )
    report = verification.approve(report_id=report.pk, who=reviewer, version=report.version)
    verify = Clock.objects.get(code="D07")
    assert (report.state, verify.extended_by, verify.due_on) == ("verifying", 15, date(2027, 1, 5))
    assert fact_of(report).decision_due_on == date(2027, 1, 5)
    report = verification.propose_extension(
        report_id=report.pk, reason="还没有结果。", who=handler, version=report.version
    )
    before = report_snapshot(report)
    with pytest.raises(Refused) as refusal:
        verification.approve(report_id=report.pk, who=reviewer, version=report.version)
    assert refusal.value.code == "extension_too_long"
    assert report_snapshot(report) == before


def test_two_enforcers_cannot_both_take_a_report(unit: Organisation) -> None:
    report = a_report(unit)
    first, second = staff(Role.ENFORCER, unit), staff(Role.ENFORCER, unit)
    report = verification.take(report_id=report.pk, who=first, version=1)
    for version, code in ((1, "stale"), (2, "claimed_by_another")):
        with pytest.raises(Refused) as refusal:
            verification.take(report_id=report.pk, who=second, version=version)
        assert refusal.value.code == code
    with pytest.raises(Refused) as foreign:
        verification.propose_extension(report_id=report.pk, reason="要抽检", who=second, version=2)
    assert foreign.value.code == "not_the_handler"
    assert Report.objects.get().handler == first


@time_machine.travel(MONDAY, tick=False)
def test_a_lead_found_in_a_complaint_runs_d06_and_survives_its_filing_on_the_complaints_fact(
    unit: Organisation,
) -> None:
    officer, handler = staff(Role.OFFICER, unit), staff(Role.ENFORCER, unit)
    second, reviewer = staff(Role.ENFORCER, unit), staff(Role.ENFORCEMENT_REVIEWER, unit)
    case = an_accepted_case(unit=unit, officer=officer)
    names = [event.name for event in events.of(case)]

    leads.found(case_id=case.pk, facts="标签上没有生产日期。", who=officer)

    assert [event.name for event in events.of(case)] == names
    lead = Report.objects.get()
    assert (lead.kind, lead.fact, clocks_of(lead)) == ("lead", None, {"D06": "open"})
    assert selectors.found_in(lead, handler) == case.number
    lead = verification.take(report_id=lead.pk, who=handler, version=lead.version)
    with pytest.raises(Refused) as refusal:
        verification.propose_hand_back(report_id=lead.pk, reason="没有权限", who=handler, version=lead.version)
    assert refusal.value.code == "not_a_report"
    lead = verification.propose_filing(
        report_id=lead.pk,
        conditions=ALL_FOUR,
        second_officer_id=second.pk,
        reason="标签违法。",
        who=handler,
        version=lead.version,
    )
    lead = verification.approve(report_id=lead.pk, who=reviewer, version=lead.version)
    assert (lead.state, clocks_of(lead)) == ("filed", {"D06": "met"})
    assert fact_of(case).became_enforcement is True


def test_a_lead_says_what_was_found_and_comes_from_the_case_s_own_people(unit: Organisation) -> None:
    case = an_accepted_case(unit=unit)
    told: dict[str, Any] = {"case_id": case.pk, "facts": "标签上没有生产日期。"}
    for who, status in ((staff(Role.OFFICER, a_unit()), 404), (staff(Role.REVIEWER, unit), 403)):
        with pytest.raises(Refused) as refusal:
            leads.found(who=who, **told)
        assert refusal.value.status == status
    with pytest.raises(Refused) as silent:
        leads.found(case_id=case.pk, facts=" ", who=staff(Role.OFFICER, unit))
    assert silent.value.field == "lead_facts"
    assert Report.objects.count() == 0


def test_who_reported_is_shown_for_a_purpose_and_the_look_is_written_down(unit: Organisation) -> None:
    enforcer = staff(Role.ENFORCER, unit)
    report = a_report(unit)
    with pytest.raises(Refused) as refusal:
        reporters.reveal(public_id=report.public_id, who=enforcer, purpose="")
    assert refusal.value.code == "purpose_missing"
    assert AccessRecord.objects.count() == 0
    known = reporters.reveal(public_id=report.public_id, who=enforcer, purpose="verify")
    assert (known.name, known.phone) == ("何示例", crypto.unseal(report.reporter, "phone"))
    record = AccessRecord.objects.get()
    assert (record.actor, record.purpose, record.fields) == (enforcer, "verify", ["name", "phone", "address"])
    with pytest.raises(Refused) as stranger:
        reporters.reveal(public_id=report.public_id, who=staff(Role.OFFICER, unit), purpose="verify")
    assert stranger.value.code == "not_found"
    assert AccessRecord.objects.filter(kind="reporter", was_refused=True).count() == 1


def test_opening_a_report_is_written_down(unit: Organisation) -> None:
    enforcer = staff(Role.ENFORCER, unit)
    report = a_report(unit)
    page = at_desk(enforcer).get(f"/desk/reports/{report.public_id}/")
    assert page.status_code == 200
    assert "示例小饭馆" in page.content.decode()
    assert "何示例" not in page.content.decode()
    assert [(r.actor, r.purpose) for r in AccessRecord.objects.all()] == [(enforcer, "handle")]


def test_the_receipt_code_says_that_it_came_and_never_how_it_ends(unit: Organisation) -> None:
    received = reports.receive_report(filing=a_report_filing(), who=AnonymousUser(), key=KEY)
    seen = selectors.by_receipt(received.receipt_code.lower())
    assert (seen.number, seen.is_decided) == (received.number, False)
    with pytest.raises(Refused) as refusal:
        selectors.by_receipt("AAAAAAAAAAAA")
    assert refusal.value.code == "not_found"
