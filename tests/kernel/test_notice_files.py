"""A notice as a file: what is read, what is wrong in which line, what it would change, and the desk that loads it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from portal import opening
from portal.kernel import access, calendars, clock, jobs
from portal.kernel.access import Role
from portal.kernel.calendars import Move, workdays
from portal.kernel.clock import SHANGHAI
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, Event, Job, User, WorkdayNotice
from portal.kernel.models.clock import ClockChange
from tests.kernel.clocked import LABEL, body, member

pytestmark = pytest.mark.django_db
LAW = "02-05 02-08 02-09 02-10 04-05 05-03 05-04 06-09 09-15 10-01 10-04 10-05"
HOLIDAYS = [f"2027-{day}" for day in LAW.split(" ")]
"""The weekdays of 2027 that are holidays of the law, besides New Year."""

NEW_YEAR = "date,kind\n2027-01-01,放假\n2027-01-02,放假\n2027-01-03,放假\n2026-12-27,上班\n"
CSV = NEW_YEAR + "".join(f"{day},放假\n" for day in HOLIDAYS)
SOURCE = "国办发明电〔2026〕99 号"
LATE = date(2026, 12, 24)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 12, 24, 10, tzinfo=SHANGHAI), tick=False):
        yield


def some_clocks() -> None:
    """Three that the notice moves, one of them paused before, one that it settles, one that stays, one closed."""
    for number in range(2):
        calendars.start(body(f"moves{number}"), "T-WD", on=LATE)
    paused = body("paused")
    calendars.start(paused, "T-WD", on=date(2026, 12, 14))
    calendars.pause(paused, "T-WD", on=date(2026, 12, 15), reason="appraisal")
    calendars.resume(paused, "T-WD", on=date(2026, 12, 22))
    calendars.start(body("settled"), "T-CD", on=date(2026, 12, 1))
    calendars.start(body("stays"), "T-WD", on=date(2026, 11, 2))
    closed = body("closed")
    calendars.start(closed, "T-WD", on=LATE)
    calendars.meet(closed, "T-WD", on=LATE)


def test_csv_may_come_from_a_spreadsheet() -> None:
    told = calendars.read_notice("\ufeff日期，安排\r\n\r\n2027-01-01\toff\r\n2026-12-27，班,调休\r\n")
    assert (told.off, told.on) == ((date(2027, 1, 1),), (date(2026, 12, 27),))


def test_a_file_of_holiday_cn_names_its_year_and_source() -> None:
    told = calendars.read_notice(
        json.dumps(
            {
                "year": 2027,
                "papers": ["https://www.gov.cn/a", "https://www.gov.cn/b"],
                "days": [
                    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
                    {"name": "元旦", "date": "2026-12-27", "isOffDay": False},
                ],
            }
        )
    )
    assert told == calendars.NoticeFile(
        (date(2027, 1, 1),), (date(2026, 12, 27),), 2027, "https://www.gov.cn/a https://www.gov.cn/b"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "文件是空的。"),
        ("x" * 100_001, "文件太大，不像一份放假安排。"),
        ("2027-01-01,放假\n2027-13-01,放假\n", "第 2 行：2027-13-01 不是日期，要写成 2027-01-01 这样。"),
        ("date,kind\n\n2027-01-01,放假\n元旦,放假\n", "第 4 行：元旦 不是日期，要写成 2027-01-01 这样。"),
        ("2027-01-01,放假\n2027-01-02,也许\n", "第 2 行：也许 看不懂，只能是“放假”或者“上班”。"),
        ("2027-01-01,放假\n2027-01-02\n", "第 2 行：要有日期和“放假”或者“上班”两栏。"),
        ("2027-01-01,放假\n2027-01-02,放假\n2027-01-01,上班\n", "第 3 行：2027-01-01 前面已经写过。"),
        ('{\n "off": [\n  "2027-01-01"\n  "2027-01-02"]}', "第 4 行：不是完整的 JSON"),
        ('{\n "off": [\n  "2027-01-01",\n  "2027-02-30"],\n "on": []}', "第 4 行：2027-02-30 不是日期"),
        ('{\n "on": ["2027-01-03"],\n "off": [\n  "2027-01-01",\n  "2027-01-03"]}', "第 5 行：2027-01-03 前面已经写过"),
        ('{"days": [{"date": "2027-01-01"}]}', "days 里第 1 项要有 date 和 isOffDay。"),
        ('{"days": "2027-01-01"}', "days 要是一个列表。"),
        ("{}", "没有 off 和 on，也没有 days，不是放假安排。"),
        ("[1]", "没有 off 和 on，也没有 days，不是放假安排。"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, says: str) -> None:
    with pytest.raises(Refused, match="notice_file") as refused:
        calendars.read_notice(text)
    assert str(refused.value.sentence).startswith(says)
    assert refused.value.field == "text"


def test_a_preview_says_what_loading_then_does() -> None:
    some_clocks()
    before = list(Clock.objects.order_by("pk").values())
    found = calendars.preview_text(year=2027, text=CSV, source=SOURCE)

    assert list(Clock.objects.order_by("pk").values()) == before
    assert (WorkdayNotice.objects.count(), Job.objects.count(), Event.objects.count()) == (0, 0, 0)
    assert (found.was_known, found.becomes_off, found.becomes_working) == (False, (), (date(2026, 12, 27),))
    assert (found.checked, found.moved, found.settled) == (5, 3, 1)
    assert found.moves == (
        Move(date(2027, 1, 12), date(2027, 1, 11), 1),
        Move(date(2027, 1, 15), date(2027, 1, 14), 2),
    )

    notice = calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=None, seen=found.seen)
    jobs.drain()
    moved = ClockChange.objects.filter(notice=notice).values_list("old_due_on", "new_due_on")
    assert sorted(moved) == sorted((move.old, move.new) for move in found.moves for _ in range(move.count))
    assert notice.off == ["2027-01-01", "2027-01-02", "2027-01-03", *HOLIDAYS]


def test_a_preview_warns_of_holidays_that_a_file_forgot() -> None:
    found = calendars.preview_text(year=2027, text=NEW_YEAR, source=SOURCE)
    assert [str(day) for day in found.lost] == HOLIDAYS
    assert found.becomes_working == (date(2026, 12, 27), *found.lost)


def test_a_preview_of_what_is_there_already_changes_nothing() -> None:
    some_clocks()
    calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=None)
    jobs.drain()
    found = calendars.preview_text(year=2027, text=CSV, source=SOURCE)
    assert (found.was_known, found.becomes_off, found.becomes_working) == (True, (), ())
    assert (found.checked, found.moves, found.settled) == (5, (), 0)


def test_a_notice_is_not_loaded_over_another_that_nobody_compared() -> None:
    seen = calendars.preview_text(year=2027, text=CSV, source=SOURCE).seen
    calendars.load_notice_text(year=2027, text="2027-01-01,放假", source=SOURCE, who=None)
    with pytest.raises(Refused, match="notice_stale"):
        calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=None, seen=seen)
    assert WorkdayNotice.objects.count() == 1


def said(*arguments: str) -> list[str]:
    call_command("load_notice", *arguments, stdout=(out := StringIO()))
    return out.getvalue().splitlines()


def test_a_dry_run_at_the_console_prints_the_difference(tmp_path: Path) -> None:
    some_clocks()
    path = tmp_path / "2027.csv"
    path.write_text(CSV, encoding="utf-8-sig")
    assert said("2027", str(path), "--source", SOURCE, "--dry-run") == [
        "- 2026-12-27 改为上班",
        "未办结的期限 5 个，其中 3 个改变到期日，1 个由暂定变为确定。",
        "  2027-01-12 → 2027-01-11：1 个",
        "  2027-01-15 → 2027-01-14：2 个",
        "没有写入。去掉 --dry-run 才会载入。",
    ]
    assert WorkdayNotice.objects.count() == 0
    assert said("2027", str(path), "--source", SOURCE) == [
        "已载入 2027 年放假安排（第 1 版）：放假 15 天，调休上班 1 天。"
    ]
    assert said("2027", str(path), "--source", SOURCE, "--dry-run")[0] == "和现在的安排没有差别。"


def test_the_console_takes_the_source_from_the_file_and_refuses_another_year(tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    days = [{"date": "2027-01-01", "isOffDay": True}]
    path.write_text(json.dumps({"year": 2027, "papers": ["https://www.gov.cn/a"], "days": days}))
    with pytest.raises(CommandError, match="文件写的是 2027 年，不是 2028 年"):
        said("2028", str(path))
    assert WorkdayNotice.objects.count() == 0
    said("2027", str(path))
    assert WorkdayNotice.objects.get().source == "https://www.gov.cn/a"
    path.write_text("2027-01-01,放假")
    with pytest.raises(CommandError, match="请写明通知的名称"):
        said("2027", str(path), "--dry-run")
    path.write_bytes("2027-01-01,放假".encode("gbk"))
    with pytest.raises(CommandError, match="不是 UTF-8 文字"):
        said("2027", str(path), "--source", SOURCE)
    assert WorkdayNotice.objects.count() == 1


def test_clocks_of_an_earlier_release_catch_up_with_the_notices_that_ship() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=date(2026, 12, 1))
    right = Clock.objects.get().due_on
    Clock.objects.update(due_on=right + timedelta(days=1), calendar_version="earlier")
    opening.open_city()
    opening.open_city()
    assert Job.objects.filter(name="clocks.recompute", done_at=None).count() == 1
    jobs.drain()
    assert Clock.objects.get().due_on == right
    change = ClockChange.objects.get()
    assert (change.notice, change.old_due_on, change.new_due_on) == (None, right + timedelta(days=1), right)
    assert Event.objects.get(name="clock.moved").payload["notice"] == ""
    opening.open_city()
    assert Job.objects.filter(name="clocks.recompute", done_at=None).count() == 0


def test_a_notice_that_is_being_worked_off_needs_no_catching_up() -> None:
    calendars.start(body(), "T-WD", on=LATE)
    notice = calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=None)
    calendars.catch_up()
    assert Job.objects.filter(name="clocks.recompute").count() == 1
    jobs.drain()
    assert ClockChange.objects.get().notice == notice


def desk_of(*roles: Role, unit: Any = None) -> tuple[Client, User]:
    who = member(unit or body("office"), *roles)
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[access.SECOND_FACTOR] = clock.now().isoformat()
    session.save()
    return client, who


def test_an_administrator_sees_the_difference_and_loads_it() -> None:
    some_clocks()
    desk, who = desk_of(Role.ADMIN)
    first = desk.get("/desk/workdays/").content.decode()
    assert "2027 年的放假安排还没有载入" in first
    assert "4 个没有办结的期限要用到还没有公布的安排" in first

    upload = SimpleUploadedFile("2027.csv", CSV.encode("utf-8-sig"))
    shown = desk.post("/desk/workdays/", {"year": "2027", "source": SOURCE, "file": upload})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "5 个，其中 3 个改变到期日，1 个由暂定变为确定" in page
    assert "2026 年 12 月 27 日" in page
    assert WorkdayNotice.objects.count() == 0

    loaded = desk.post("/desk/workdays/", shown.context["again"])
    notice = WorkdayNotice.objects.get()
    assert (notice.loaded_by, notice.source) == (who, SOURCE)
    assert loaded["Location"] == f"/desk/workdays/{notice.public_id}/"
    assert "2027 年的安排正在重算，还有 5 个期限" in desk.get(loaded["Location"]).content.decode()
    jobs.drain()
    report = desk.get(loaded["Location"]).content.decode()
    assert "2027 年的安排改变了 3 个到期日" in report
    assert report.count("2027 年 1 月 15 日") == report.count("2027 年 1 月 14 日") == 2
    assert report.count("原来是暂定的") == 3
    assert "3 个到期日改变" in desk.get("/desk/workdays/").content.decode()


def test_a_report_names_the_subject_only_to_those_whose_work_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars.desk, "_presenters", {})
    calendars.presents(
        LABEL, lambda pks: {pk: calendars.Presented(f"案件 {pk}", "/x/", "", "") for pk in pks}, Role.OFFICER
    )
    unit = body("120101")
    calendars.start(unit, "T-WD", on=LATE, unit=unit)
    notice = calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=None)
    jobs.drain()
    stranger, _who = desk_of(Role.ADMIN)
    handler, _who = desk_of(Role.ADMIN, Role.OFFICER, unit=unit)
    path = f"/desk/workdays/{notice.public_id}/"
    assert f"案件 {unit.pk}" not in stranger.get(path).content.decode()
    assert f"案件 {unit.pk}" in handler.get(path).content.decode()


def test_a_long_report_goes_page_by_page() -> None:
    admin = member(body("office"), Role.ADMIN)
    for number in range(3):
        calendars.start(body(f"moves{number}"), "T-WD", on=LATE)
    notice = calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=None)
    jobs.drain()
    first = calendars.report_page(who=admin, public_id=notice.public_id, size=2)
    rest = calendars.report_page(who=admin, public_id=notice.public_id, size=2, after=first.next_after)
    assert (len(first.rows), len(rest.rows), rest.next_after, rest.moved) == (2, 1, 0, 3)
    with pytest.raises(Refused, match="not_found"):
        calendars.report_page(who=admin, public_id="none")
    with pytest.raises(Refused, match="forbidden"):
        calendars.report_page(who=member(body("else"), Role.OFFICER), public_id=notice.public_id)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"text": CSV}, "请填写这一项"),
        ({"source": SOURCE}, "请传一个文件，或者把日子贴进来"),
        ({"source": SOURCE, "text": "2027-01-01,放假\n2027-01-32,放假"}, "第 2 行：2027-01-32 不是日期"),
        ({"source": SOURCE, "text": CSV, "year": "27"}, "请填四位数的年份"),
        ({"source": SOURCE, "text": CSV, "year": "2029"}, "不属于 2029 年的安排"),
        ({"source": SOURCE, "text": CSV, "seen": "another"}, "放假安排刚刚被别人改过"),
        ({"source": SOURCE, "file": SimpleUploadedFile("x.csv", b"\xff\xfe")}, "文件不是 UTF-8 文字"),
        ({"source": SOURCE, "file": SimpleUploadedFile("x.csv", b"1" * 200_001)}, "文件太大"),
    ],
)
def test_a_form_that_is_wrong_says_what_and_loads_nothing(told: dict[str, Any], says: str) -> None:
    desk, _who = desk_of(Role.ADMIN)
    page = desk.post("/desk/workdays/", {"year": "2027", **told})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert (WorkdayNotice.objects.count(), Job.objects.count()) == (0, 0)


def test_only_an_administrator_comes_to_the_desk_of_notices() -> None:
    desk, officer = desk_of(Role.OFFICER)
    assert desk.get("/desk/workdays/").status_code == 403
    with pytest.raises(Refused, match="forbidden"):
        calendars.load_notice_text(year=2027, text=CSV, source=SOURCE, who=officer)
    assert workdays.load().version == calendars.packaged().version
