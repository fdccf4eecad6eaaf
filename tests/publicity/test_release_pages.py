"""Releases in the browser: every number with its definition, the same numbers as data, the two people at the desk."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.kernel.access import Role
from publicity.models import Release
from publicity.services import releases
from tests.build import staff
from tests.build_publicity import signed_in
from tests.build_register import a_fact, a_public, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def some(count: int, **changes: Any) -> None:
    milestones = {"decided_on": date(2026, 10, 12), "was_accepted": True, "decision_due_on": date(2026, 10, 20)}
    for _ in range(count):
        a_fact(**({"received_on": date(2026, 10, 9), "milestones": milestones} | changes))


def a_signed(month: date = OCTOBER) -> Release:
    made = releases.compute(month=month, who=staff(Role.ANALYST))
    return releases.sign(release_id=made.pk, who=staff(Role.STATISTICS_APPROVER))


def test_before_the_first_release_the_page_says_so(client: Client) -> None:
    answer = client.get("/statistics/")
    assert answer.status_code == 200
    assert "还没有发布过统计" in answer.content.decode()


def test_every_figure_has_its_definition_and_the_page_names_its_one_source(client: Client) -> None:
    some(12, district="120101")
    some(3, district="120102")
    some(6, district="120103")
    a_signed()
    page = unescape(client.get("/statistics/").content.decode())

    figures = re.findall(
        r'<h3 class="fig-name">([^<]+)</h3><p class="fig-n[^"]*">(.*?)</p><p class="define">([^<]+)</p>', page
    )
    assert [name for name, _value, _definition in figures] == [
        "接收量",
        "受理量",
        "办结量",
        "按时初查率",
        "按期办结率",
        "调解成功率",
        "自行和解",
        "在办逾期",
        "诉转案",
        "挽回经济损失",
        "举报接收量",
        "按期核查率",
    ]
    assert figures[0][1].startswith("21<small>件")
    assert figures[3][1].startswith("100<small>%")
    assert figures[5][1].startswith("—")
    assert "统计库" in page
    assert "10 月接收 21 件" in page
    assert page.count('<text class="v"') == 16
    assert re.search(r"河东</text><text class=\"v\"[^>]*>—", page)
    for figure in re.findall(r"<figure.*?</figure>", page, re.S):
        assert 'class="define"' in figure
        assert "<details><summary>看表格" in figure


def test_the_two_sources_are_never_on_one_page(client: Client) -> None:
    row = a_public(received_on=date(2026, 10, 9))
    settle()
    some(9)
    a_signed()
    statistics = client.get("/statistics/2026-10/").content.decode()
    assert row.public_id not in statistics
    assert str(row.shop) not in statistics
    register = client.get("/register/").content.decode()
    assert row.public_id in register
    assert "公示库" in register
    assert "统计库" not in register


def test_the_csv_holds_every_number_of_the_json(client: Client) -> None:
    some(12, district="120101")
    some(3, district="120102")
    some(6, district="120103")
    made = a_signed()
    answer = client.get("/statistics/2026-10/data.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statistics-2026-10-1.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def of(table: str) -> dict[str, str]:
        return {row["代码"]: row["数值"] for row in rows if row["表"] == table}

    assert of("发布") == {"2026-10": "1", "sha256": made.sha256}
    assert of("区") == {"120101": "12", "120102": "不显示", "120103": "不显示"}
    assert of("每月接收量")["2026-10"] == "21"
    indicators = of("主要数字")
    assert len(indicators) == 12
    assert (indicators["received"], indicators["on_time_decision"], indicators["success"]) == ("21", "21", "不显示")
    assert all(row["说明"] for row in rows)
    assert set(indicators) == {
        *client.get("/statistics/2026-10/data.json").json()["tables"]["indicators"],
        "reports_received",
        "on_time_verification",
    }


@pytest.mark.parametrize("month", ["2026-09", "2026-13", "2026-1", "x", "0000-00", "2026-10-01", "９９９９-10"])
def test_a_month_without_a_release_is_not_found(client: Client, month: str) -> None:
    a_signed()
    for part in ("", "data.json", "data.csv"):
        assert client.get(f"/statistics/{month}/{part}").status_code == 404
    assert client.get("/statistics/2026-10/?edition=2").status_code == 404
    assert client.get("/statistics/2026-10/?edition=x").status_code == 404


def test_the_month_is_chosen_without_script(client: Client) -> None:
    a_signed(date(2026, 9, 1))
    a_signed()
    page = client.get("/statistics/").content.decode()
    assert re.findall(r'<option value="([\d-]+)"', page) == ["2026-10", "2026-09"]
    assert client.get("/statistics/", {"month": "2026-09"}).headers["Location"] == "/statistics/2026-09/"
    assert client.get("/statistics/", {"month": "//evil"}).status_code == 200


def test_one_freezes_another_signs_at_the_desk(client: Client) -> None:
    some(9)
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    desk = signed_in(analyst)
    page = desk.get("/desk/releases/").content.decode()
    assert "2026 年 10 月还没有定稿" in page
    assert 'value="2026-10"' in page

    frozen = desk.post("/desk/releases/freeze/", {"month": "2026-10", "note": ""})
    made = Release.objects.get()
    assert frozen.headers["Location"] == f"/desk/releases/{made.public_id}/"
    own = desk.get(frozen.headers["Location"]).content.decode()
    assert "由另一个人签发" in own
    assert "/sign/" not in own
    assert client.get("/statistics/2026-10/").status_code == 404

    other = signed_in(signer)
    assert made.sha256 in other.get(frozen.headers["Location"]).content.decode()
    wrong = other.post(f"/desk/releases/{made.public_id}/sign/", {"sha256": "0" * 64})
    assert (wrong.status_code, "刚刚重新定过" in wrong.content.decode()) == (422, True)
    assert Release.objects.get().state == Release.State.DRAFT
    signed = other.post(f"/desk/releases/{made.public_id}/sign/", {"sha256": made.sha256})
    assert signed.status_code == 302
    assert client.get("/statistics/2026-10/").status_code == 200
    again = other.post(f"/desk/releases/{made.public_id}/sign/", {"sha256": made.sha256})
    assert (again.status_code, "已经签发" in again.content.decode()) == (422, True)


@pytest.mark.parametrize("month", ["", "2026-11", "2026-13", "十月", "2026/10"])
def test_a_month_that_cannot_be_frozen_keeps_what_was_typed(month: str) -> None:
    answer = signed_in(staff(Role.ANALYST)).post("/desk/releases/freeze/", {"month": month, "note": "原因"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="errors"' in body
    assert f'value="{month}"' in body or not month
    assert Release.objects.count() == 0


def test_the_release_desk_is_shut_to_others() -> None:
    made = releases.compute(month=OCTOBER, who=staff(Role.ANALYST))
    for role in (Role.OFFICER, Role.DISCLOSER, Role.ADMIN):
        assert signed_in(staff(role)).get("/desk/releases/").status_code == 403
    signer = signed_in(staff(Role.STATISTICS_APPROVER))
    assert "给一个月定稿" not in signer.get("/desk/releases/").content.decode()
    assert signer.post("/desk/releases/freeze/", {"month": "2026-10"}).status_code == 403
    analyst = signed_in(staff(Role.ANALYST))
    assert analyst.post(f"/desk/releases/{made.public_id}/sign/", {"sha256": made.sha256}).status_code == 403
    made.refresh_from_db()
    assert made.state == Release.State.DRAFT
