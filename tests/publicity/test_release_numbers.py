"""The national series, each by its definition (domain 4.5)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from publicity import rates
from publicity.services.release_tables import tables_of
from tests.build_register import a_fact

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
RECEIVED = date(2026, 10, 9)
DECIDED = date(2026, 10, 12)
CLOSED = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def some(count: int, **told: Any) -> None:
    """Some complaints of October; what is not fixed at receipt is a milestone."""
    fixed = {"kind": "complaint", "received_on": RECEIVED, "district": "120101"}
    at_receipt = {name: told.pop(name, value) for name, value in fixed.items()}
    for _ in range(count):
        a_fact(**at_receipt, milestones=dict(told))


def closed(count: int, outcome: str, **milestones: Any) -> None:
    told = {"decided_on": DECIDED, "was_accepted": True, "closed_on": CLOSED, "outcome": outcome}
    some(count, **(told | milestones))


def indicators() -> dict[str, Any]:
    found: dict[str, Any] = tables_of(OCTOBER)["indicators"]
    return found


def whole(part: int, of: int) -> dict[str, Any]:
    return {"part": part, "whole": of, "few": ""}


HIDDEN = {"part": None, "whole": None, "few": ""}


def test_received_accepted_and_closed_count_the_days_of_the_month_alone() -> None:
    some(5, received_on=date(2026, 9, 30), decided_on=OCTOBER, was_accepted=True)
    some(6, received_on=OCTOBER, decided_on=date(2026, 10, 31), was_accepted=True)
    some(7, received_on=date(2026, 10, 31), decided_on=date(2026, 11, 1), was_accepted=True)
    some(8, received_on=date(2026, 11, 1))
    some(9, received_on=date(2026, 9, 1), decided_on=DECIDED, was_accepted=False, closed_on=CLOSED, outcome="rejected")
    some(20, kind="report")

    found = indicators()
    assert (found["received"], found["accepted"], found["closed"]) == (13, 11, 9)
    assert tables_of(OCTOBER)["reports_received"] == 20


def test_the_success_rate_leaves_out_withdrawn_self_settled_and_never_accepted() -> None:
    closed(8, "settled", recovered_fen=100_00)
    closed(6, "not_agreed")
    closed(5, "merchant_refused")
    closed(5, "consumer_refused")
    closed(7, "withdrawn")
    closed(5, "self_settled")
    closed(9, "rejected", was_accepted=False)
    closed(6, "settled", closed_on=date(2026, 9, 30))

    found = indicators()
    assert found["success"] == whole(8, 24)
    assert found["self_settled"] == 5
    assert found["closed"] == 45
    assert found["recovered_fen"] == 800_00


def test_a_decision_is_on_time_on_its_last_day_and_late_after_it() -> None:
    due = {"decision_due_on": date(2026, 10, 20)}
    some(8, decided_on=date(2026, 10, 20), was_accepted=True, **due)
    some(5, decided_on=date(2026, 10, 21), was_accepted=False, **due)
    some(6, **due)
    some(10, decided_on=date(2026, 10, 2), was_accepted=True, decision_due_on=date(2026, 11, 1))
    some(10, decided_on=date(2026, 9, 2), was_accepted=True, decision_due_on=date(2026, 9, 30))
    assert indicators()["on_time_decision"] == whole(8, 19)


def test_a_case_that_ended_in_time_without_a_decision_was_not_due() -> None:
    due = {"decision_due_on": date(2026, 10, 20)}
    some(10, decided_on=date(2026, 10, 19), was_accepted=True, **due)
    some(7, closed_on=date(2026, 10, 20), outcome="withdrawn", **due)
    some(6, closed_on=date(2026, 10, 21), outcome="transferred", **due)
    assert indicators()["on_time_decision"] == whole(10, 16)


def test_closing_on_time_counts_what_was_accepted_and_fell_due() -> None:
    due = {"decided_on": date(2026, 8, 20), "was_accepted": True, "mediation_due_on": date(2026, 10, 19)}
    early = {"received_on": date(2026, 8, 14)}
    some(9, closed_on=date(2026, 10, 19), outcome="settled", **due, **early)
    some(5, closed_on=date(2026, 10, 20), outcome="not_agreed", **due, **early)
    some(6, **due, **early)
    some(8, closed_on=date(2026, 10, 5), outcome="settled", decided_on=date(2026, 10, 2), was_accepted=True)
    assert indicators()["on_time_closing"] == whole(9, 20)


def test_overdue_is_what_was_open_and_past_due_when_the_month_ended() -> None:
    some(6, decision_due_on=date(2026, 10, 31))
    some(5, decision_due_on=date(2026, 10, 20), decided_on=date(2026, 11, 2), was_accepted=True)
    some(7, decision_due_on=date(2026, 10, 20), decided_on=date(2026, 10, 19), was_accepted=True)
    accepted = {"received_on": date(2026, 8, 14), "decided_on": date(2026, 8, 20), "was_accepted": True}
    some(5, mediation_due_on=date(2026, 10, 19), **accepted)
    some(9, decision_due_on=date(2026, 11, 1))
    some(10, decision_due_on=date(2026, 10, 20), closed_on=date(2026, 10, 31), outcome="withdrawn")
    some(5, decision_due_on=date(2026, 10, 20), closed_on=date(2026, 11, 1), outcome="withdrawn")
    assert indicators()["overdue_open"] == whole(6 + 5 + 5 + 5, 6 + 5 + 7 + 5 + 9 + 5)


def test_a_standing_clock_is_neither_due_nor_overdue() -> None:
    accepted = {"decided_on": DECIDED, "was_accepted": True}
    some(10, mediation_due_on=None, **accepted)
    found = indicators()
    assert found["overdue_open"] == whole(0, 10)
    assert found["on_time_closing"] == HIDDEN


def test_reports_are_verified_on_time_or_not_and_never_mixed_with_complaints() -> None:
    due = {"kind": "report", "decision_due_on": date(2026, 10, 20)}
    some(8, decided_on=date(2026, 10, 20), was_accepted=True, became_enforcement=True, **due)
    some(5, **due)
    some(30, decision_due_on=date(2026, 10, 20))
    assert tables_of(OCTOBER)["on_time_verification"] == whole(8, 13)
    assert indicators()["became_enforcement"] == 0


def test_complaints_that_became_cases_are_counted_among_the_closed() -> None:
    closed(6, "settled", became_enforcement=True)
    closed(9, "not_agreed")
    some(7, became_enforcement=True)
    assert indicators()["became_enforcement"] == 6


def test_money_that_went_to_few_is_hidden() -> None:
    closed(30, "not_agreed")
    closed(4, "settled", recovered_fen=1)
    assert indicators()["recovered_fen"] is None
    closed(1, "settled", recovered_fen=50_00)
    assert indicators()["recovered_fen"] == 50_04


def test_no_money_at_all_is_said() -> None:
    closed(6, "not_agreed")
    assert indicators()["recovered_fen"] == 0


def test_a_rate_with_a_small_side_is_a_bound() -> None:
    due = {"decision_due_on": date(2026, 10, 20), "was_accepted": True}
    some(196, decided_on=date(2026, 10, 20), **due)
    some(4, decided_on=date(2026, 10, 21), **due)
    found = indicators()["on_time_decision"]
    assert found == {"part": None, "whole": 200, "few": "rest"}
    assert rates.in_words(found) == ("98.0", "% 以上")
    assert rates.percent_of(found) is None


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ({"part": 8, "whole": 14, "few": ""}, ("57.1", "%")),
        ({"part": 14, "whole": 14, "few": ""}, ("100", "%")),
        ({"part": 0, "whole": 14, "few": ""}, ("0", "%")),
        ({"part": 99_999, "whole": 100_000, "few": ""}, ("99.9", "%")),
        ({"part": 5, "whole": 100_000, "few": ""}, ("0.1", "%")),
        ({"part": None, "whole": 300, "few": "part"}, ("1.4", "% 以下")),
        ({"part": None, "whole": 300, "few": "rest"}, ("98.6", "% 以上")),
        ({"part": None, "whole": None, "few": ""}, ("—", "")),
    ],
)
def test_rates_in_words(ratio: dict[str, Any], words: tuple[str, str]) -> None:
    assert rates.in_words(ratio) == words


def test_endings_are_hidden_together_when_the_rest_would_give_one_away() -> None:
    closed(12, "settled")
    closed(8, "not_agreed")
    closed(2, "self_settled")
    found = indicators()
    assert found["closed"] == 22
    assert found["self_settled"] is None
    assert found["success"] == HIDDEN, "22 closed less 20 mediated would be the two"

    closed(6, "withdrawn")
    found = indicators()
    assert found["success"] == whole(12, 20), "the withdrawn ones, which are not shown, cover the two"
    assert found["self_settled"] is None


def test_the_trend_has_thirteen_months_and_hides_small_ones() -> None:
    some(6, received_on=date(2025, 10, 31))
    some(3, received_on=date(2026, 1, 5))
    some(9)
    trend = tables_of(OCTOBER)["trend"]
    assert len(trend) == 13
    assert trend[0] == ["2025-10-01", 6]
    assert trend[3] == ["2026-01-01", None]
    assert trend[4] == ["2026-02-01", 0]
    assert trend[-1] == ["2026-10-01", 9]


def test_small_districts_are_hidden_with_a_second_one() -> None:
    some(12, district="120101")
    some(3, district="120102")
    some(6, district="120103")
    tables = tables_of(OCTOBER)
    assert tables["by_district"] == {"120101": 12, "120102": None, "120103": None}
    assert tables["by_problem"] == {"P02": 21}
    assert tables["by_object"] == {"": 21}
    assert tables["by_channel"] == {"PORTAL": 21}
    assert tables["by_regime"] == {"ORDER121": 21}
