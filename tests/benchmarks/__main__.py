"""`python3 -m portal bench [NAME …]`: every budget beside its floor, measured in the same run; medians and ratios.

Nothing here passes or fails: a person reads the ratio. Each measure and its floor run in turn, A B A B …, so that a
drifting machine moves both.
"""

import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
from django.conf import settings
from django.core.management import call_command
from django.test.utils import setup_test_environment

ROUNDS = 7


@dataclass(frozen=True)
class Measure:
    """One budget: what is measured, its floor, how many units a round does, and what the ratio should be."""

    name: str
    budget: str
    portal: Callable[[int], int]
    floor: Callable[[int], int]


def _rate(work: Callable[[int], int], turn: int) -> float:
    started = perf_counter()
    units = work(turn)
    return units / (perf_counter() - started)


def report(measure: Measure) -> None:
    """Warm both up once, then time them in turn and print medians and the ratio, pair by pair."""
    measure.portal(-1)
    measure.floor(-1)
    ours, floors = [], []
    for turn in range(ROUNDS):
        ours.append(_rate(measure.portal, turn))
        floors.append(_rate(measure.floor, turn))
    ratios = [our / floor for our, floor in zip(ours, floors, strict=True)]
    print(
        f"{measure.name:<28} {statistics.median(ours):>10,.0f}/s   floor {statistics.median(floors):>10,.0f}/s   "
        f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})   budget {measure.budget}",
        flush=True,
    )


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    django.setup()
    setup_test_environment()
    settings.DATABASES["default"]["NAME"] = settings.DATABASES["default"]["TEST"]["NAME"]
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)

    from tests.benchmarks import clocks, export, filing, listing

    for module in (filing, listing, export, clocks):
        measure = module.measure() if not names or module.__name__.rsplit(".", 1)[1] in names else None
        if measure is not None:
            report(measure)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
