"""Whatever happened in a month, its release never says, not even by subtraction, what a small group did."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publicity.models import CaseFact
from publicity.services.release_tables import BREAKDOWNS, tables_of
from publicity.suppression import ratio, suppress
from tests.build_register import a_fact

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
OUTCOMES = ["settled", "settled", "not_agreed", "self_settled", "withdrawn", "rejected"]
COUNTS = st.integers(0, 40)


@given(settled=COUNTS, ended=COUNTS)
def test_a_rate_shows_no_small_side(settled: int, ended: int) -> None:
    found = ratio(settled, settled + ended)
    if found["part"] is not None:
        assert all(side == 0 or side >= 5 for side in (settled, ended))
        assert (found["part"], found["whole"]) == (settled, settled + ended)
    elif found["whole"] is not None:
        assert settled + ended == found["whole"]
        assert settled + ended >= 10
        assert found["few"] == ("part" if settled < ended else "rest")
        assert 1 <= min(settled, ended) <= 4


@given(
    cells=st.dictionaries(st.sampled_from("abcdef"), COUNTS, min_size=1),
    unpublished=st.sets(st.sampled_from("abcdef"), max_size=2),
)
def test_hidden_cells_stand_for_at_least_five_in_at_least_two(cells: dict[str, int], unpublished: set[str]) -> None:
    shown = suppress(cells, unpublished=unpublished)
    hidden = {key for key, value in shown.items() if value is None and cells[key] > 0}
    assert all(shown[key] is None for key, count in cells.items() if 0 < count < 5 or key in unpublished)
    assert all(value == cells[key] for key, value in shown.items() if value is not None)
    if any(0 < cells[key] < 5 for key in hidden) and any(shown.values()):
        assert len(hidden) >= 2
        assert sum(cells[key] for key in hidden) >= 5


def endings_that_fit(found: dict[str, Any]) -> Iterator[tuple[int, int, int, int]]:
    """Every (settled, ended, self-settled, rest) that a reader of the release must hold possible."""
    total = found["closed"]
    success, alone = found["success"], found["self_settled"]
    for settled, ended, itself in product(range(total + 1), repeat=3):
        rest = total - settled - ended - itself
        if rest < 0 or (alone is not None and itself != alone):
            continue
        if success["whole"] is not None and settled + ended != success["whole"]:
            continue
        if success["part"] is not None and settled != success["part"]:
            continue
        if success["few"] and not 0 < (settled if success["few"] == "part" else ended) < 5:
            continue
        yield settled, ended, itself, rest


FACTS = st.lists(
    st.tuples(
        st.sampled_from(["120101", "120102", "120103", "120104"]),
        st.sampled_from(["", "P01", "P02"]),
        st.sampled_from(["", "platform"]),
        st.sampled_from([None, *OUTCOMES]),
        st.sampled_from([0, 0, 100]),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS)
def test_no_release_gives_a_small_count_away(facts: list[tuple[str, str, str, str | None, int]]) -> None:
    CaseFact.objects.all().delete()
    for district, problem, sale_mode, outcome, fen in facts:
        ended = {
            "decided_on": date(2026, 10, 12),
            "was_accepted": outcome != "rejected",
            "closed_on": date(2026, 10, 20),
            "outcome": outcome,
            "recovered_fen": fen if outcome == "settled" else 0,
        }
        a_fact(
            received_on=date(2026, 10, 9),
            district=district,
            problem=problem,
            sale_mode=sale_mode,
            milestones=ended if outcome else {},
        )
    tables = tables_of(OCTOBER)

    for name, field in BREAKDOWNS.items():
        truth = Counter(CaseFact.objects.values_list(field, flat=True))
        cells = tables[name]
        assert set(cells) == set(truth)
        hidden = [key for key, value in cells.items() if value is None]
        assert all(value == truth[key] and value >= 5 for key, value in cells.items() if value is not None)
        if hidden and tables["indicators"]["received"] is not None and len(hidden) < len(cells):
            assert len(hidden) >= 2
            assert sum(truth[key] for key in hidden) >= 5

    found = tables["indicators"]
    outcomes = Counter(outcome for *_rest, outcome, _fen in facts if outcome)
    real = (
        outcomes["settled"],
        outcomes["not_agreed"],
        outcomes["self_settled"],
        outcomes["withdrawn"] + outcomes["rejected"],
    )
    if found["closed"] is not None:
        assert found["closed"] == sum(real)
        possible = list(endings_that_fit(found))
        assert real in possible
        for place, count in enumerate(real):
            if 0 < count < 5:
                assert len({fit[place] for fit in possible}) > 1, f"{real} can be told from {found}"
    paid = sum(fen > 0 and outcome == "settled" for *_rest, outcome, fen in facts)
    assert (found["recovered_fen"] is None) == (0 < paid < 5)
