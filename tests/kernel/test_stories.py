"""One case's whole story, reads included, for the person in charge of personal data; never a text, never a party."""

import ast
from pathlib import Path

import pytest

from complaints.models import Case, Report
from complaints.services import identities, reporters
from portal.bootstrap.environment import ROOT
from portal.kernel import access_log, jobs, stories, words
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.jobs import kinds
from portal.kernel.models import AccessRecord, User
from tests import build, build_desk, build_mediation, build_money
from tests.build_desk import at_desk
from tests.build_publicity import signed_in

pytestmark = pytest.mark.django_db
SECRETS = ("林示例", "何示例", "1390000", "示例道 1 号", "不肯退", "过期的调料", "您好。")


@pytest.fixture
def auditor() -> User:
    return build.staff(Role.AUDITOR, build.a_hub())


def page_of(auditor: User, case: Case | Report, kind: str) -> str:
    answer = at_desk(auditor).get(f"/desk/reads/{kind}/{case.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_complaint_is_told_from_filing_to_talks_with_who_did_what(auditor: User) -> None:
    table = build_mediation.a_room()
    build_mediation.said(table, table.consumer)
    jobs.drain()
    case = table.mediation.case
    identities.reveal(public_id=case.public_id, who=build.staff(Role.OFFICER, case.unit), purpose="contact")

    told = stories.story_of(who=auditor, kind="case", name=str(case.number))

    steps = [line.what for line in told.lines]
    for step in (
        "提交投诉，受理中心收到",
        "分送有权处理的局",
        "决定受理",
        "征求双方调解意见",
        "打开调解室",
        "发出一条消息",
    ):
        assert step in steps
    assert [line.at for line in told.lines] == sorted(line.at for line in told.lines)
    accepted = next(line for line in told.lines if line.what == "决定受理")
    assert case.unit is not None
    assert accepted.who.startswith(case.unit.short_name)
    filed = next(line for line in told.lines if line.what == "提交投诉，受理中心收到")
    assert filed.who == "消费者"
    assert next(line for line in told.lines if line.what == "发出一条消息").part == "三方共谈"
    assert {"投诉登记回执", "投诉受理决定书"} <= {paper.title for paper in told.papers}
    assert {row.clock.code for row in told.periods} >= {"D01", "D02"}
    assert "制作文书" in {work.title for work in told.work}
    assert all(work.job.done_at or work.job.due_at for work in told.work)
    assert {message.state for row in told.notices for message in row.messages} == {"failed"}, "no gateway is set here"
    assert [(look.part, look.record.purpose) for look in told.looks if look.record.kind == "identity"][-1] == (
        "投诉人",
        "contact",
    )


def test_the_page_holds_no_text_and_nobody_of_the_parties(auditor: User) -> None:
    table = build_mediation.a_room(facts="店长不肯退，我叫林示例，13900001111 找我。")
    build_mediation.said(table, table.consumer)
    jobs.drain()

    page = page_of(auditor, table.mediation.case, "case")

    assert [secret for secret in SECRETS if secret in page] == []
    assert table.mediation.case.title not in page
    assert "决定受理" in page
    assert "当事人的姓名和电话" in page


def test_the_story_goes_on_to_the_payout(auditor: User) -> None:
    matter, claim = build_money.a_paid_claim()
    jobs.drain()
    case = claim.agreement.mediation.case

    told = stories.story_of(who=auditor, kind="case", name=case.public_id)

    assert {line.what for line in told.lines} >= {"双方签署，协议成立", "申请先行赔付", "冻结赔付款", "已付款"}
    assert "先行赔付申请" in {line.part for line in told.lines}
    assert matter.desk.keeper.display_name in {line.who.rpartition(" ")[2] for line in told.lines}


def test_opening_it_is_on_record_and_stands_on_the_page(auditor: User) -> None:
    case = build.a_filed_case()

    page = page_of(auditor, case, "case")

    row = AccessRecord.objects.get(kind="story")
    assert (row.actor, row.subject_label, row.subject_pk) == (auditor, "complaints.case", str(case.pk))
    assert "整件卷宗" in page


def test_refused_attempts_stand_on_the_page(auditor: User) -> None:
    case = build.a_dispatched_case(unit=build.a_unit())
    stranger = build.staff(Role.OFFICER, build.a_unit())
    with pytest.raises(Refused):
        identities.reveal(public_id=case.public_id, who=stranger, purpose="contact")

    told = stories.story_of(who=auditor, kind="case", name=str(case.number))

    refused = [look for look in told.looks if look.record.was_refused]
    assert [look.who.rpartition(" ")[2] for look in refused] == [stranger.display_name]
    assert "被拒绝" in page_of(auditor, case, "case")


def test_a_report_is_told_with_its_reads_and_without_who_reported(auditor: User) -> None:
    unit = build.a_unit()
    enforcer = build.staff(Role.ENFORCER, unit)
    report = build_desk.a_taken_report(unit, enforcer)
    reporters.reveal(public_id=report.public_id, who=enforcer, purpose="verify")

    page = page_of(auditor, report, "report")

    assert "执法员接手核查" in page
    assert "举报人" in page
    assert [secret for secret in SECRETS if secret in page] == []


def test_a_complaint_does_not_tell_that_a_lead_was_found_in_it(auditor: User) -> None:
    unit = build.a_unit()
    officer = build.staff(Role.OFFICER, unit)
    case = build.an_accepted_case(unit=unit, officer=officer)
    before = page_of(auditor, case, "case")
    at_desk(officer).post(f"/desk/cases/{case.public_id}/lead/", {"reason": "后厨使用过期调料，要核查。"})
    lead = Report.objects.filter(kind="lead").first()

    page = page_of(auditor, case, "case")

    assert lead is None or lead.number not in page
    assert page.count("举报") == before.count("举报")


@pytest.mark.parametrize("kind", ["case", "report"])
def test_nobody_else_learns_whether_it_exists(kind: str) -> None:
    case = build.a_filed_case()
    report = build_desk.a_report(build.a_unit())
    real = {"case": case.number, "report": report.number}[kind]
    people = [build.staff(role) for role in set(Role) - {Role.AUDITOR}] + [build_desk.consumer_of(case)]
    for who in people:
        client = at_desk(who) if who.is_staff else signed_in(who)
        found, absent = client.get(f"/desk/reads/{kind}/{real}/"), client.get(f"/desk/reads/{kind}/none/")
        assert found.status_code == absent.status_code == 403
        with pytest.raises(Refused) as refused:
            stories.story_of(who=who, kind=kind, name=str(real))
        assert refused.value.code == "forbidden"
        with pytest.raises(Refused):
            stories.find(who=who, text=str(real))
    assert AccessRecord.objects.filter(kind="story").count() == 0


def test_the_number_leads_to_the_story(auditor: User) -> None:
    case, report = build.a_filed_case(), build_desk.a_report(build.a_unit())
    desk = at_desk(auditor)

    assert desk.get("/desk/reads/", {"number": f" {case.number} "})["Location"] == f"/desk/reads/case/{case.number}/"
    assert desk.get("/desk/reads/", {"number": report.number})["Location"] == f"/desk/reads/report/{report.number}/"
    nothing = desk.get("/desk/reads/", {"number": "TJ-TS-20200101-000001"})
    assert nothing.status_code == 200
    assert "没有这个编号" in nothing.content.decode()
    assert desk.get("/desk/reads/", {"number": ""}).status_code == 200
    assert desk.get("/desk/reads/nothing/x/").status_code == 404
    assert AccessRecord.objects.filter(kind="story").count() == 0


def _recorded_names() -> set[str]:
    """Every event name that stands in the sources as the first argument of `events.record` and its like."""
    found: set[str] = set()
    for room in ("portal", "publicity", "complaints", "mediation"):
        for path in Path(ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and node.args and _called(node) in ("record", "record_each"):
                    found |= {str(one.value) for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)}
    return {name for name in found if "." in name}


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def test_every_event_and_every_job_has_a_plain_word() -> None:
    names = _recorded_names()
    assert len(names) > 60
    assert names - words.known() == set()
    ours = {name for name in kinds.names() if not name.startswith(("test", "tests."))}
    assert {name for name in ours if jobs.word_of(name) == name} == set()
    assert access_log.word_of("export") == "导出"
