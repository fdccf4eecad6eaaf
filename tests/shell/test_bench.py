"""The harness of the benchmarks: ratios, verdicts, and what `bench --json` prints. Nothing here measures the portal."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks.harness import Result, absolute, latencies, rates, table


def _asleep(seconds: float, units: int = 10) -> int:
    time.sleep(seconds)
    return units


def test_a_rate_is_judged_by_its_ratio_or_by_its_value() -> None:
    def measured(ratio_at_least: float | None = None, value_at_least: float | None = None) -> Result:
        return rates(
            "sleep",
            unit="/s",
            portal=lambda turn: _asleep(0.02),
            floor=lambda turn: _asleep(0.005),
            budget="b",
            ratio_at_least=ratio_at_least,
            value_at_least=value_at_least,
            rounds=3,
        )

    found = measured(ratio_at_least=0.9)
    assert found.value < 500 < 10_000
    assert found.ratio is not None
    assert 0 < found.ratio < 0.9
    assert found.met is False
    assert measured(ratio_at_least=0.001).met is True
    assert measured(ratio_at_least=0.9, value_at_least=1).met is True
    assert measured(value_at_least=10_000).met is False


def test_a_latency_is_judged_at_its_percentile() -> None:
    slow = latencies(
        "sleep",
        portal=lambda turn: time.sleep(0.02 if turn % 10 == 0 else 0),
        floor=lambda turn: time.sleep(0.001),
        budget="b",
        ratio_at_most=2,
        samples=40,
    )
    assert slow.name == "sleep, p95"
    assert slow.value >= 20
    assert slow.met is False


@pytest.mark.parametrize(
    ("value", "at_most", "at_least", "met"), [(1, 1, None, True), (2, 1, None, False), (1, None, 2, False)]
)
def test_a_figure_is_judged_by_its_bounds(value: float, at_most: float, at_least: float, met: bool) -> None:
    found = absolute("n", unit="s", value=value, floor=None, budget="b", at_most=at_most, at_least=at_least)
    assert (found.met, found.ratio) == (met, None)
    assert ("达标" in table([found]), "未达标" in table([found])) == (True, not met)


def test_the_json_is_a_list_of_results_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(name: str) -> Iterator[Result]:
        yield absolute(name, unit="s", value=2, floor=4, budget="≤ 3 s", at_most=3)

    monkeypatch.setattr(bench, "measure", measured)
    assert bench.main(["--json", "filing"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "filing", "value": 2, "unit": "s", "floor": 4, "ratio": 0.5, "budget": "≤ 3 s", "met": True}
    ]


def test_a_name_that_nobody_knows_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["speed"]) == 2
    said = capsys.readouterr().err
    assert "没有这些基准：speed" in said
    assert "filing" in said
