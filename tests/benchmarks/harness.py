"""Measuring a budget beside its floor: medians, percentiles, ratios and a verdict.

What is measured and its floor run in turn, A B A B …, so that a drifting machine moves both. Nothing here is a test: a
person, or whoever reads the JSON, judges.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

MILLISECONDS = 1000


@dataclass(frozen=True)
class Result:
    """One budget: what was measured, its floor, their ratio (median of the pairs) and whether the budget is met."""

    name: str
    unit: str
    value: float
    floor: float | None
    ratio: float | None
    spread: tuple[float, float] | None
    budget: str
    met: bool

    def as_json(self) -> dict[str, Any]:
        """The result as `bench --json` prints it."""
        kept = asdict(self)
        return {name: kept[name] for name in ("name", "value", "unit", "floor", "ratio", "budget", "met")}


def rates(
    name: str,
    *,
    unit: str,
    portal: Callable[[int], int],
    floor: Callable[[int], int],
    budget: str,
    ratio_at_least: float | None = None,
    value_at_least: float | None = None,
    rounds: int = 7,
) -> Result:
    """Units a second. Both functions get the number of the turn (-1 to warm up) and answer how many units they did."""
    portal(-1)
    floor(-1)
    pairs = [(_rate(portal, turn), _rate(floor, turn)) for turn in range(rounds)]
    ratios = [ours / bare for ours, bare in pairs]
    value, ratio = statistics.median(ours for ours, _bare in pairs), statistics.median(ratios)
    met = (ratio_at_least is not None and ratio >= ratio_at_least) or (
        value_at_least is not None and value >= value_at_least
    )
    bare = statistics.median(bare for _ours, bare in pairs)
    return Result(name, unit, value, bare, ratio, (min(ratios), max(ratios)), budget, met)


def latencies(
    name: str,
    *,
    portal: Callable[[int], object],
    floor: Callable[[int], object],
    budget: str,
    ratio_at_most: float,
    samples: int = 200,
    percentile: int = 95,
) -> Result:
    """Milliseconds of a call at a percentile. Both functions get the number of the sample (-1 to warm up)."""
    portal(-1)
    floor(-1)
    ours, bare = [], []
    for turn in range(samples):
        ours.append(_milliseconds(portal, turn))
        bare.append(_milliseconds(floor, turn))
    value, least = _percentile(ours, percentile), _percentile(bare, percentile)
    ratio = value / least
    middle = statistics.median(ours) / statistics.median(bare)
    spread = (min(middle, ratio), max(middle, ratio))
    return Result(f"{name}, p{percentile}", "ms", value, least, ratio, spread, budget, ratio <= ratio_at_most)


def absolute(
    name: str,
    *,
    unit: str,
    value: float,
    floor: float | None,
    budget: str,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Result:
    """One figure against a bound that does not depend on the machine."""
    met = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
    return Result(name, unit, value, floor, value / floor if floor else None, None, budget, met)


def table(results: Sequence[Result]) -> str:
    """The results for people."""
    head = f"{'':<44}{'measured':>14}{'floor':>14}   ratio (range)           budget, verdict"
    return "\n".join([head, *(_line(result) for result in results)])


def _line(result: Result) -> str:
    floor = "" if result.floor is None else f"{result.floor:,.1f}"
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    spread = "" if result.spread is None else f"({result.spread[0]:.2f}–{result.spread[1]:.2f})"
    verdict = "达标" if result.met else "未达标"
    value = f"{result.value:,.1f} {result.unit}"
    return f"{result.name:<44}{value:>14}{floor:>14}   {ratio:>5} {spread:<16}  {result.budget}: {verdict}"


def _rate(work: Callable[[int], int], turn: int) -> float:
    started = perf_counter()
    units = work(turn)
    return units / (perf_counter() - started)


def _milliseconds(work: Callable[[int], object], turn: int) -> float:
    started = perf_counter()
    work(turn)
    return (perf_counter() - started) * MILLISECONDS


def _percentile(values: Sequence[float], percentile: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percentile - 1]
