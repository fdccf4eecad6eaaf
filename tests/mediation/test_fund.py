"""The public book of the fund: its page, its downloads, its chart; and nobody's name in any of them."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from mediation import charts
from mediation.selectors import statements
from portal.kernel import clock
from portal.kernel.clock import SHANGHAI
from tests.build_money import (
    COMES_BACK_ACCOUNT,
    GOOD_ACCOUNT,
    SMALL,
    FundDesk,
    a_breached_agreement,
    a_paid_claim,
    an_empty_fund,
    asked,
    endowed,
    repaid,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk() -> FundDesk:
    """A fund that in October got 12,000 yuan, paid two claims and got back half of one; money came in in November."""
    desk = an_empty_fund()
    with time_machine.travel(datetime(2026, 10, 20, 10, tzinfo=SHANGHAI), tick=False):
        endowed(desk, 12_000_00)
        matter, claim = a_paid_claim(a_breached_agreement(desk, fen=SMALL))
        a_paid_claim(a_breached_agreement(desk, fen=1_000_00))
        repaid(matter, claim, 200_00)
    endowed(desk, 500_00)
    return desk


def get(name: str, *args: str, status: int = 200, **query: str) -> str:
    answer = Client().get(reverse(f"mediation:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_heading_says_what_happened_in_the_last_month_that_is_over(desk: FundDesk) -> None:
    text = get("fund")

    assert "2026 年 10 月" in text
    assert "赔出 2 笔，追回 1 笔" in text
    assert "月末结余" in text
    for amount in ("0.00", "12,000.00", "−1,400.00", "200.00", "10,800.00"):
        assert f'<td class="n">{amount}</td>' in text
    assert "其中小额快速（500.00 元以内）1 笔" in text
    assert "借贷相等" in text
    assert "经办与审批不是同一人：4 笔中 4 笔" in text
    assert "11,300.00" in text
    assert not any(secret in text for secret in ("林示例", GOOD_ACCOUNT))
    assert desk.fund.name in text


def test_the_running_month_is_called_unfinished(desk: FundDesk) -> None:
    text = get("fund", m="2026-11")

    assert "2026 年 11 月到今天" in text
    assert "没有赔付，也没有追回" in text
    assert "今天结余" in text
    assert '<td class="n">10,800.00</td>' in text
    assert "比月初多 4.6%" in text


@pytest.mark.parametrize("month", ["2026-09", "2026-12", "2026-1", "2026-13", "x", "2026-10-01"])
def test_a_month_that_the_fund_did_not_live_through_is_not_found(desk: FundDesk, month: str) -> None:
    get("fund", m=month, status=404)
    get("fund_csv", month, status=404)
    get("fund_json", month, status=404)


def test_before_there_is_a_fund_the_page_says_so() -> None:
    assert "还没有资金往来" in get("fund")
    get("fund_csv", "2026-10", status=404)


def test_a_fund_without_entries_has_no_month() -> None:
    an_empty_fund()
    assert "还没有资金往来" in get("fund")
    get("fund_json", "2026-11", status=404)


def test_the_table_comes_as_csv(desk: FundDesk) -> None:
    text = get("fund_csv", "2026-10")

    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[2:] for row in rows] == [
        ["项目", "笔数", "金额（元）"],
        ["月初结余", "", "0.00"],
        ["进账", "1", "12000.00"],
        ["赔付", "2", "-1400.00"],
        ["银行退回", "0", "0.00"],
        ["追回", "1", "200.00"],
        ["月末结余", "", "10800.00"],
    ]


def test_anyone_can_recompute_the_fingerprint_and_the_figures(desk: FundDesk) -> None:
    answer = json.loads(get("fund_json", "2026-10"))

    body = answer["statement"]
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == answer["sha256"]
    assert answer["sha256"][:4] in get("fund")
    at_bank = {"CASH", "RESERVED"}
    moved = sum(
        fen * ((debit in at_bank) - (credit in at_bank)) for _seq, _day, _kind, debit, credit, fen in body["entries"]
    )
    assert body["opening"] + moved == body["closing"] == 10_800_00
    assert body["opening"] + body["income"] - body["payouts"] + body["recoveries"] == body["closing"]
    assert [entry[0] for entry in body["entries"]] == list(range(1, 7))
    assert {len(entry) for entry in body["entries"]} == {6}


def test_a_past_month_keeps_its_fingerprint(desk: FundDesk) -> None:
    before = json.loads(get("fund_json", "2026-10"))
    with clock.standing_at(NOW + timedelta(days=40)):
        endowed(desk, 7)
        assert json.loads(get("fund_json", "2026-10")) == before


def test_what_the_bank_returned_stands_in_a_row_of_its_own() -> None:
    desk = endowed(an_empty_fund(), 10_000_00)
    _matter, claim = a_paid_claim(a_breached_agreement(desk, fen=SMALL), payee_account=COMES_BACK_ACCOUNT)
    with time_machine.travel(NOW + timedelta(days=1, hours=1), tick=False):
        asked(claim)

    shown = statements.statement(fund=desk.fund, month=clock.today())
    assert (shown.paid, shown.returned) == (statements.Total(1, SMALL), statements.Total(1, SMALL))
    assert (shown.payouts_fen, shown.closing_fen, shown.reserved_fen) == (0, 10_000_00, SMALL)
    text = get("fund")
    assert "银行退回的赔付款，更正账户以后再付" in text
    assert "其中冻结 400.00 元" in text


def test_the_chart_steps_from_the_opening_to_the_closing_balance() -> None:
    fall = charts.waterfall(
        ("月初", 1_084_310_00),
        [("进账", 45_000_00), ("赔付", -96_218_50), ("追回", 32_356_70), ("退还", -2_000_00)],
        ("月末", 1_063_448_20),
    )

    assert [(bar.label, bar.words, bar.kind) for bar in fall.bars] == [
        ("月初", "108.43", ""),
        ("进账", "+4.50", "b"),
        ("赔付", "−9.62", "out"),
        ("追回", "+3.24", "b"),
        ("退还", "−0.20", "out"),
        ("月末", "106.34", ""),
    ]
    assert fall.is_in_wan
    assert 0 < fall.cut_fen < 1_030_000_00
    first, last = fall.bars[0], fall.bars[-1]
    assert (first.x, first.width, last.right) == (3.0, 10.67, 97.0)
    assert max(bar.y + bar.height for bar in fall.bars) == charts.BOTTOM
    assert min(bar.y for bar in fall.bars) == charts.TOP
    for bar, following in zip(fall.bars, fall.bars[1:], strict=False):
        edges = {round(following.y, 1), round(following.y + following.height, 1)}
        assert any(abs((bar.join_y or 0) - edge) <= 0.2 for edge in edges)
    assert last.join_y is None


def test_small_sums_are_drawn_in_yuan_from_zero_and_nothing_is_no_bar() -> None:
    fall = charts.waterfall(("月初", 0), [("进账", 1_000_00), ("赔付", 0)], ("月末", 1_000_00))

    assert (fall.is_in_wan, fall.cut_fen) == (False, 0)
    assert [(bar.words, bar.height) for bar in fall.bars] == [
        ("0", 0.0),
        ("+1,000", 168.0),
        ("0", 0.0),
        ("1,000", 168.0),
    ]


def test_a_change_too_small_to_see_is_still_said() -> None:
    fall = charts.waterfall(("月初", 1_000_000_00), [("赔付", -36_00)], ("月末", 999_964_00))

    assert [(bar.words, bar.height) for bar in fall.bars][1] == ("−0.0036", 3.0)
