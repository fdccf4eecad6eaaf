"""The harness of the benchmarks: ratios, verdicts, and what `bench --json` prints. Nothing here measures the portal."""

import json
from collections.abc import Iterator

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import harness
from tests.benchmarks.harness import Result, absolute, latencies, rates, table


class Watch:
    """A clock that only the measured work moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float, units: int = 10) -> int:
        self.now += seconds
        return units


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    found = Watch()
    monkeypatch.setattr(harness, "perf_counter", found)
    return found


def test_a_rate_is_judged_by_its_ratio_or_by_its_value(watch: Watch) -> None:
    def measured(ratio_at_least: float | None = None, value_at_least: float | None = None) -> Result:
        return rates(
            "work",
            unit="/s",
            portal=lambda turn: watch.work(2 if turn == 1 else 4),
            floor=lambda turn: watch.work(1),
            budget="b",
            ratio_at_least=ratio_at_least,
            value_at_least=value_at_least,
            rounds=3,
        )

    found = measured(ratio_at_least=0.3)
    assert (found.value, found.floor, found.ratio, found.spread) == (2.5, 10, 0.25, (0.25, 0.5))
    assert found.met is False
    assert measured(ratio_at_least=0.25).met is True
    assert measured(ratio_at_least=0.3, value_at_least=2.5).met is True
    assert measured(value_at_least=2.6).met is False


def test_a_latency_is_judged_at_its_percentile(watch: Watch) -> None:
    def measured(ratio_at_most: float) -> Result:
        return latencies(
            "work",
            portal=lambda turn: watch.work(turn / 1000),
            floor=lambda turn: watch.work(0.010),
            budget="b",
            ratio_at_most=ratio_at_most,
            samples=101,
        )

    found = measured(9.4)
    assert (found.name, round(found.value, 6), round(found.floor or 0, 6)) == ("work, p95", 95, 10)
    assert found.met is False
    assert measured(9.6).met is True


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
