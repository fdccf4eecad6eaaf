"""A new version of a period arrives: papers and pages follow the version of the case, not the newest one."""

import json
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from complaints.models import Case
from complaints.services import decisions
from portal.kernel import calendars, clock, crypto, jobs
from portal.kernel.access import Role
from portal.kernel.models import Document
from tests.build import a_dispatched_case, a_unit, staff
from tests.build_desk import at_desk, consumer_of

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)
BEFORE = datetime(2026, 12, 7, 10, tzinfo=clock.SHANGHAI)
FROM = date(2026, 12, 8)
AFTER = datetime(2026, 12, 9, 10, tzinfo=clock.SHANGHAI)
OLD = "《市场监督管理投诉举报处理办法》第十五条"
NEW = "《市场监督管理投诉举报处理办法（2026 年修订）》第十七条"


@pytest.fixture
def _five_days() -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        unit = a_unit()
        version = calendars.propose_law_version(
            code="D01",
            from_date=FROM,
            length=5,
            extension=0,
            law=NEW.removesuffix("第十七条"),
            article="第十七条",
            certainty="text",
            source="总局令第 150 号",
            who=staff(Role.ADMIN, unit),
        )
        calendars.decide_law_version(public_id=version.public_id, verdict="approve", who=staff(Role.ADMIN, unit))


def paper(kind: str, subject: Case) -> dict[str, str]:
    document = Document.objects.get(kind=kind, subject_pk=str(subject.pk))
    said: dict[str, str] = json.loads(crypto.unseal(document, "data_sealed"))["data"]
    return said


@pytest.mark.usefixtures("_five_days")
def test_papers_say_what_the_law_of_their_case_says() -> None:
    unit = a_unit()
    with time_machine.travel(BEFORE, tick=False):
        old = a_dispatched_case(unit=unit)
        jobs.drain()
    with time_machine.travel(AFTER, tick=False):
        new = a_dispatched_case(unit=unit)
        jobs.drain()
        for case in (old, new):
            officer = staff(Role.OFFICER, unit)
            case.refresh_from_db()
            decisions.accept(case_id=case.pk, who=officer, version=case.version)

    assert [paper("form05", case)["basis"] for case in (old, new)] == [OLD, NEW]
    assert [paper("form03", case)["decide_within"] for case in (old, new)] == ["七个工作日", "五个工作日"]
    assert [paper("form03", case)["report_back_by"] for case in (old, new)] == [
        "2026 年 12 月 16 日",
        "2026 年 12 月 16 日",
    ]
    assert [paper("receipt", case)["next_step"].partition("该局收到后")[2] for case in (old, new)] == [
        "七个工作日内决定是否受理，并告知您。",
        "五个工作日内决定是否受理，并告知您。",
    ]
    assert [calendars.clocks_of(case).get(code="D01").length for case in (old, new)] == [7, 5]


@pytest.mark.usefixtures("_five_days")
def test_pages_name_the_period_of_today_and_a_case_its_own() -> None:
    unit = a_unit()
    with time_machine.travel(BEFORE, tick=False):
        old = a_dispatched_case(unit=unit)
        assert "7 个工作日内" in Client().get("/").content.decode()
    with time_machine.travel(AFTER, tick=False):
        calendars.book.forget()
        home = Client().get("/?fresh=1").content.decode()
        assert "5 个工作日内" in home
        assert NEW in home
        mine = Client()
        mine.force_login(consumer_of(old), backend="django.contrib.auth.backends.ModelBackend")
        story = mine.get(reverse("complaints:case", args=[old.public_id])).content.decode()
        assert "从这一天起，由它在 7 个工作日内决定是否受理。" in story


def test_a_dispatch_whose_day_may_still_move_names_the_period_instead() -> None:
    with time_machine.travel(datetime(2026, 12, 28, 10, tzinfo=clock.SHANGHAI), tick=False):
        case = a_dispatched_case()
    assert paper("form03", case)["report_back_by"] == "自收到之日起七个工作日内"


def test_the_desk_says_when_days_may_still_move() -> None:
    unit = a_unit()
    with time_machine.travel(datetime(2026, 12, 28, 10, tzinfo=clock.SHANGHAI), tick=False):
        a_dispatched_case(unit=unit)
        page = at_desk(staff(Role.OFFICER, unit)).get("/desk/").content.decode()
        assert "1 件的到期日是暂定的" in page
        admin = at_desk(staff(Role.ADMIN, unit)).get("/desk/workdays/").content.decode()
        assert "2027 年的放假安排还没有载入" in admin
        assert "1 个没有办结的期限要用到还没有公布的安排" in admin
    with time_machine.travel(NOVEMBER, tick=False):
        a_dispatched_case(unit=unit)
        page = at_desk(staff(Role.OFFICER, unit)).get("/desk/").content.decode()
        assert "1 件的到期日是暂定的" in page
        assert "共 2 件" in page
