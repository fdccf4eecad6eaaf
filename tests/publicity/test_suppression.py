"""Small cells stay hidden, also from subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from publicity.suppression import suppress


def test_big_cells_and_zero_stay_visible() -> None:
    assert suppress({"a": 5, "b": 0, "c": 12}) == {"a": 5, "b": 0, "c": 12}


def test_one_small_cell_takes_its_smallest_neighbor_along() -> None:
    assert suppress({"a": 2, "b": 9, "c": 6}) == {"a": None, "b": 9, "c": None}


def test_two_small_cells_that_sum_below_five_take_a_third() -> None:
    assert suppress({"a": 1, "b": 2, "c": 6, "d": 9}) == {"a": None, "b": None, "c": None, "d": 9}


def test_a_lone_small_cell_is_hidden() -> None:
    assert suppress({"a": 3}) == {"a": None}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=16))
def test_subtraction_from_the_total_never_reveals_a_small_cell(cells: dict[str, int]) -> None:
    shown = suppress(cells)
    hidden = [key for key, value in shown.items() if value is None]

    assert all(shown[key] is None for key, count in cells.items() if 0 < count < 5)
    assert all(value == cells[key] for key, value in shown.items() if value is not None)
    remaining = [key for key, value in shown.items() if value]
    if hidden and remaining:
        assert len(hidden) >= 2
        assert sum(cells[key] for key in hidden) >= 5
    assert suppress(cells) == shown
