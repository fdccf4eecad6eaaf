"""The registry of periods as a whole: every row of the law's table, once, in the room that uses or will use it."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from portal.kernel import calendars
from portal.kernel.calendars import Certainty, Rule, Unit
from tests.services.portal import clean_environment
from tests.shell.commands import portal

pytestmark = pytest.mark.django_db

ROOMS = ("complaints", "mediation", "publicity")
ASKS = {"start", "rule_on", "meet"}
EITHER_TRACK = {"track_for(claim.amount_fen).clock": {"PAY_SMALL", "PAY_ORDINARY"}}

NOT_YET_USED = {
    "complaints": """
        D08 D09 D10 D11a D11b D11c D12 D13a D13b D14a D14b D14c D14d D15a D15b D16 D17a D17b D18a D18b D19 D20 D23
        D36 D37a D37b D38 D39 D40a D40b D45 D46
    """,
    "mediation": "D04 D05 D21 D22a D22b",
    "publicity": """
        D24 D25 D26 D27a D27b D28a D28b D29 D30 D31a D31b D32a D32b D32c D33 D34 D35 D43 D44a D44b
    """,
}

NOT_COUNTED = "D04 D11a D15a D15b D17b D18b D32a D32c D33 D37a D39 D40a D40b D42 D45 D46"
OF_THIS_HOUSE = """
    HUB FILL CONSENT D04 D05 D41 D43 D44a D44b PAY_CHECK PAY_OBJECT PAY_SMALL PAY_ORDINARY PAY_RECOURSE
"""
MOST_OF_AN_ARTICLE = 120


def ours() -> list[str]:
    """The codes of the rooms; the kernel's tests may have registered some of their own."""
    return [code for code in calendars.codes() if calendars.chapter_of(code).room in ROOMS]


def newest(code: str) -> Rule:
    return calendars.versions(code)[-1]


def used_by(room: str) -> Iterator[str]:
    """The codes that a room's program starts clocks on, meets, or asks the registry for."""
    for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not ast.unparse(call.func).startswith("calendars."):
                continue
            if ast.unparse(call.func).removeprefix("calendars.") not in ASKS:
                continue
            asked = call.args[0] if ast.unparse(call.func) == "calendars.rule_on" else call.args[1]
            yield from _codes(ast.unparse(asked), module)


def _codes(expression: str, module: str) -> set[str]:
    if expression in EITHER_TRACK:
        return EITHER_TRACK[expression]
    if not re.fullmatch(r"[A-Z_]+|rules\.[A-Z_]+", expression):
        return set()
    found = import_module(module)
    for name in expression.split("."):
        found = getattr(found, name)
    return {str(found)}


def test_every_row_of_the_table_is_registered() -> None:
    rows = {re.match(r"D\d\d", code)[0] for code in ours() if code.startswith("D")}  # type: ignore[index]
    assert sorted(rows) == [f"D{number:02}" for number in range(1, 47)]


@pytest.mark.parametrize("room", ROOMS)
def test_the_periods_that_nobody_uses_yet_are_these(room: str) -> None:
    registered = {code for code in ours() if calendars.chapter_of(code).room == room}
    used = set(used_by(room))
    assert used <= registered
    assert sorted(registered - used) == sorted(NOT_YET_USED[room].split())


def test_every_version_is_whole() -> None:
    for code in ours():
        for rule in calendars.versions(code):
            assert rule.title, code
            assert rule.from_date >= rule.basis.law.from_date or rule.certainty != Certainty.TEXT, code
            assert rule.from_date <= date(2026, 11, 24), code
            if rule.certainty == Certainty.TEXT:
                assert re.search(r"》第[零一二三四五六七八九十百]+条", rule.article), code
            assert len(rule.article) <= MOST_OF_AN_ARTICLE, code


def test_only_days_that_go_forward_run_on_clocks() -> None:
    uncounted = {code for code in ours() if not newest(code).is_counted}
    assert sorted(uncounted) == NOT_COUNTED.split()


def test_the_numbers_of_this_house_are_marked() -> None:
    marked = {code: newest(code).certainty for code in ours() if newest(code).certainty != Certainty.TEXT}
    assert {code for code, mark in marked.items() if mark == Certainty.HOUSE} == set(OF_THIS_HOUSE.split())
    assert {code for code, mark in marked.items() if mark == Certainty.PRACTICE} == {"D23", "D42"}
    assert {code for code, mark in marked.items() if mark == Certainty.OPEN} == {"D46"}


@pytest.mark.parametrize(
    ("code", "unit", "length", "article", "extension", "pauses"),
    [
        ("D01", "WD", 7, "《市场监督管理投诉举报处理办法》第十五条", 0, set()),
        ("D02", "CD", 60, "《市场监督管理投诉举报处理办法》第二十三条", 0, {"appraisal"}),
        ("D06", "WD", 15, "《市场监督管理投诉举报处理办法》第二十七条", 15, set()),
        ("D07", "WD", 15, "《市场监督管理行政处罚程序规定》第十八条", 15, {"appraisal", "right_holder"}),
        ("D08", "CD", 90, "《市场监督管理行政处罚程序规定》第六十四条", 30,
         {"appraisal", "right_holder", "suspension", "hearing", "announcement", "refund_order"}),
        ("D17b", "H", 24, "《行政执法机关移送涉嫌犯罪案件的规定》第五条", 0, set()),
        ("D22b", "CD", 15, "《最高人民法院关于人民调解协议司法确认程序的若干规定》第五条", 10, set()),
        ("D16", "WD", 7, "《中华人民共和国广告法》第五十三条", 0, set()),
        ("D39", "Y", 3, "《市场监督管理投诉举报处理办法》第十六条第四项", 0, set()),
        ("D41", "WD", 7, "本市目标", 0, set()),
    ],
)  # fmt: skip
def test_what_the_law_says(code: str, unit: str, length: int, article: str, extension: int, pauses: set[str]) -> None:
    rule = newest(code)
    assert (rule.unit, rule.length, rule.article, rule.extension, set(rule.pauses)) == (
        unit,
        length,
        article,
        extension,
        pauses,
    )


def printed(*arguments: str) -> str:
    call_command("law", *arguments, stdout=(said := StringIO()))
    return said.getvalue()


def test_the_console_prints_the_registry_room_by_room() -> None:
    said = printed()
    places = [said.index(f"== {room} ==") for room in ROOMS]
    assert places == sorted(places)
    lines = said.splitlines()
    head = next(number for number, line in enumerate(lines) if re.match(r"D02 +2026-04-15", line))
    assert re.split(r"  +", lines[head]) == [
        "D02",
        "2026-04-15",
        "60 日",
        "调解期限",
        "办法第二十三条、办法第二十二条、消法条例第四十六条第三款",
    ]
    assert lines[head + 1].strip() == (
        "自投诉受理之日起 60 日内，完成调解；谈不成的终止调解。鉴定、检测的时间不计算在内。"
    )
    assert "〔本市目标，不是法律规定的期限〕" in said


def test_programs_get_the_registry_as_json() -> None:
    rows = [row for row in json.loads(printed("--json")) if row["room"] in ROOMS]
    assert len(rows) == sum(len(calendars.versions(code)) for code in ours())
    d06 = next(row for row in rows if row["code"] == "D06")
    assert d06 == {
        "room": "complaints",
        "chapter": "举报和查处",
        "code": "D06",
        "title": "线索核查",
        "starts": "调解中发现违法线索",
        "duty": "核查，按行政处罚程序处理",
        "unit": "WD",
        "length": 15,
        "shape": "within",
        "counted": True,
        "article": "《市场监督管理投诉举报处理办法》第二十七条",
        "also": [],
        "regime": "ORDER121",
        "from_date": "2026-04-15",
        "certainty": "text",
        "pauses": [],
        "extension": 15,
        "approver": "市场监督管理部门负责人",
        "note": "",
        "source": "",
        "loaded": "",
    }
    assert {row["unit"] for row in rows} == set(Unit)


def test_the_registry_is_printed_before_the_first_start(tmp_path: Path) -> None:
    done = portal("portal", "law", environment=clean_environment(tmp_path, PORTAL_DEMO="1"))
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("== complaints ==\n\n投诉的办理\n\nD01 ")
