"""Work orders of the 12345 hotline come in whole, once, and with a report of what was left out."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from complaints.models import Case, Supplement
from complaints.services import imports
from portal.kernel import clock, crypto
from portal.kernel.models import Event, Job
from portal.management.reading import resumable
from tests.build import a_hub
from tests.build_desk import clocks_of

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=clock.SHANGHAI)
LONG = "商家拒绝退款。" * 1000


def a_line(**changes: object) -> str:
    row: dict[str, object] = {
        "source_system": "HOTLINE-12345",
        "source_no": "A10024",
        "citizen": "UU001",
        "received_at": "2016/7/21 10:35:52",
        "title": "健身房关门不退卡",
        "text": "办卡三个月店就关了。_x000D_\n  要求退钱。_x000D_",
    }
    return json.dumps(row | changes, ensure_ascii=False)


def the_file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_12345", str(path), *options, stdout=out)
    return out.getvalue()


@time_machine.travel(TUESDAY, tick=False)
def test_an_order_comes_in_incomplete_received_today_with_its_source_date(tmp_path: Path) -> None:
    hub = a_hub()
    assert run(the_file(tmp_path, a_line())) == "已登记 1 件，原来就有 0 件，没有收 0 行。\n"
    case = Case.objects.get()
    assert (case.state, case.channel, case.number, case.hub) == ("incomplete", "T12345", None, hub)
    assert (case.source_system, case.source_no) == ("HOTLINE-12345", "A10024")
    assert (case.source_received_on, clock.day_of(case.submitted_at)) == (date(2016, 7, 21), date(2026, 11, 24))
    assert case.title == "健身房关门不退卡"
    assert crypto.unseal(case, "facts_sealed") == "办卡三个月店就关了。\n  要求退钱。"
    assert clocks_of(case) == {"FILL": "open"}
    assert Event.objects.get(subject_label="complaints.case").payload == {"channel": "T12345"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016/7/21 10:35:52", date(2016, 7, 21)),
        ("2019-01-06 22:31:00", date(2019, 1, 6)),
        ("2018/12/3 9:05:07", date(2018, 12, 3)),
    ],
)
def test_both_ways_of_writing_a_date_are_read(text: str, day: date) -> None:
    assert imports.read_order(a_line(received_at=text)).received_on == day


def test_what_a_spreadsheet_left_behind_is_cleaned_and_the_text_is_kept_whole() -> None:
    order = imports.read_order(a_line(text=f"_x000D_\n{LONG}_x000D_\r\n\n\n\n\n完。_x0007_ "))
    assert order.text == f"{LONG}\n\n完。\x07"
    assert len(order.text) == len(LONG) + 5


@time_machine.travel(TUESDAY, tick=False)
def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    a_hub()
    path = the_file(tmp_path, a_line(), a_line(source_no="A2", reply="已转市场监管局。", replied_at="2016/8/1 9:00:00"))
    run(path)
    before = (Case.objects.count(), Event.objects.count(), Job.objects.count(), Supplement.objects.count())
    assert before[0] == 2
    assert crypto.unseal(Supplement.objects.get(), "text") == "来源单位的答复（2016/8/1 9:00:00）：\n已转市场监管局。"
    assert run(path) == "已登记 0 件，原来就有 2 件，没有收 0 行。\n"
    assert (Case.objects.count(), Event.objects.count(), Job.objects.count(), Supplement.objects.count()) == before


@time_machine.travel(TUESDAY, tick=False)
def test_refused_rows_are_reported_with_line_number_and_reason(tmp_path: Path) -> None:
    a_hub()
    said = run(
        the_file(
            tmp_path,
            a_line(),
            "{不是 JSON",
            "[1, 2]",
            a_line(source_no=""),
            a_line(source_no="A3", text=" _x000D_ "),
            a_line(source_no="A4", received_at="前天"),
            a_line(source_no="A5", received_at="2027/1/1 0:00:00"),
            a_line(),
            "",
            a_line(source_no="A6", received_at="2018-02-30 00:00:00"),
        )
    )
    assert said.splitlines() == [
        "已登记 1 件，原来就有 0 件，没有收 8 行。",
        "  第 2 行 ：这一行不是完整的 JSON。",
        "  第 3 行 ：这一行不是一条工单。",
        "  第 4 行 ：缺少来源系统或者来源编号，或者里面有不能用的字符。",
        "  第 5 行 A3：没有正文。",
        "  第 6 行 A4：收到日期“前天”读不懂，应写成 2016/7/21 10:35:52 或者 2016-07-21 10:35:52。",
        "  第 7 行 A5：收到日期“2027/1/1 0:00:00”还没有到。",
        "  第 8 行 A10024：同一个来源编号在文件里出现了两次。",
        "  第 10 行 A6：收到日期“2018-02-30 00:00:00”读不懂，应写成 2016/7/21 10:35:52 或者 2016-07-21 10:35:52。",
    ]
    assert Case.objects.count() == 1


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    a_hub()
    before = Job.objects.count()
    assert run(the_file(tmp_path, a_line(), "{"), "--dry-run").startswith("可以登记 1 件，原来就有 0 件，没有收 1 行。")
    assert (Case.objects.count(), Event.objects.count(), Job.objects.count()) == (0, 0, before)


def test_the_district_is_taken_from_the_text_when_it_names_exactly_one(tmp_path: Path) -> None:
    a_hub()
    places = tmp_path / "places.json"
    places.write_text('{"A1区": "120101"}', encoding="utf-8")
    lines = [
        a_line(source_no="B1", text="南开区的健身房关门了，不退钱。"),
        a_line(source_no="B2", text="从南开区搬到和平区的健身房关门了。"),
        a_line(source_no="B3", text="A1区的健身房关门了，不退钱。"),
        a_line(source_no="B4"),
    ]
    run(the_file(tmp_path, *lines), "--places", str(places))
    found = dict(Case.objects.values_list("source_no", "district"))
    assert found == {"B1": "120104", "B2": "", "B3": "120101", "B4": ""}


def test_a_telephone_in_the_title_is_masked_and_the_title_cut(tmp_path: Path) -> None:
    a_hub()
    run(the_file(tmp_path, a_line(title="请打13900001234" + "退钱" * 60)))
    title = Case.objects.get().title
    assert "13900001234" not in title
    assert len(title) == 60


@pytest.mark.parametrize("body", ['{"A1区": "990000"}', "[]", "{", '{"A1区": ["120101"]}'])
def test_places_that_name_no_district_are_refused_before_anything_is_read(tmp_path: Path, body: str) -> None:
    a_hub()
    places = tmp_path / "places.json"
    places.write_text(body, encoding="utf-8")
    with pytest.raises(CommandError, match=r"places\.json"):
        run(the_file(tmp_path, a_line()), "--places", str(places))
    assert not Case.objects.exists()


def test_a_number_that_is_no_text_and_hard_blanks_are_read() -> None:
    order = imports.read_order(a_line(source_no=10024, text="您好！\xa0\xa0\xa0\xa0我买的表\xa0坏了。\xa0"))
    assert (order.source_no, order.text) == ("10024", "您好！    我买的表 坏了。")


def test_an_import_that_is_stopped_keeps_what_came_in_and_goes_on(tmp_path: Path) -> None:
    a_hub()

    def until_stopped() -> Iterator[str]:
        yield a_line(source_no="A1")
        raise KeyboardInterrupt

    with pytest.raises(CommandError, match="再运行一次会接着登记其余的") as stopped, resumable():
        imports.import_orders(until_stopped(), places={})
    assert stopped.value.returncode == 130
    assert Case.objects.count() == 1
    path = the_file(tmp_path, a_line(source_no="A1"), a_line(source_no="A2"))
    assert run(path) == "已登记 1 件，原来就有 1 件，没有收 0 行。\n"


def test_a_file_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(a_line(), encoding="gb18030")
    with pytest.raises(CommandError, match="不是 UTF-8 编码"):
        run(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了文件"):
        run(tmp_path / "absent.jsonl")
