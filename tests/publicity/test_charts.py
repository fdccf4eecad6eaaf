"""Charts: a hidden month is a gap, the axis is round, the words keep off the line, tiles and their key agree."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import regions
from publicity import charts

VALUES = st.lists(st.one_of(st.none(), st.integers(0, 100_000)), min_size=13, max_size=13)


def months(*values: int | None) -> list[tuple[date, int | None]]:
    return [(date(2025 + (9 + place) // 12, (9 + place) % 12 + 1, 1), value) for place, value in enumerate(values)]


def test_a_hidden_month_breaks_the_line_and_a_lonely_one_has_a_dot() -> None:
    found = charts.trend(months(10, 12, None, 7, None, 9, 11))
    assert [path.count("L") for path in found.paths] == [1, 1]
    assert [point.has_dot for point in found.points] == [False, False, False, True, False, False, True]
    assert found.points[2].y is None


def test_years_are_written_at_the_start_and_in_january() -> None:
    found = charts.trend(months(*range(13)))
    assert [(point.month, point.year) for point in found.points if point.year] == [(10, 2025), (1, 2026)]


def test_the_words_stand_where_the_line_does_not_come_from() -> None:
    falling, rising = charts.trend(months(40, 20)), charts.trend(months(20, 40))
    assert falling.label_y is not None
    assert falling.points[-1].y is not None
    assert falling.label_y > falling.points[-1].y
    assert rising.label_y is not None
    assert rising.points[-1].y is not None
    assert rising.label_y < rising.points[-1].y
    assert charts.trend(months(40, None)).label_y is None


@given(values=VALUES)
def test_every_point_lies_inside_and_no_gap_becomes_a_zero(values: list[int | None]) -> None:
    found = charts.trend(months(*values))
    top = found.grid[-1][0]
    assert top >= max((value or 0 for value in values), default=0)
    for point, value in zip(found.points, values, strict=True):
        assert (point.y is None) == (value is None)
        assert point.y is None or charts.TOP <= point.y <= charts.BOTTOM
    drawn = sum(path.count("L") + 1 for path in found.paths) + sum(
        point.has_dot and point.y is not None for point in found.points[:-1]
    )
    lonely_last = values[-1] is not None and values[-2] is None
    assert drawn + lonely_last == sum(value is not None for value in values)


def test_bars_run_from_the_longest_with_the_rest_and_the_hidden_last() -> None:
    found = charts.bars([("其他", 30), ("质量", 10), ("合同", None), ("价格", 20)], total=70, rest="其他")
    assert [bar.label for bar in found] == ["价格", "质量", "其他", "合同"]
    assert [bar.percent for bar in found] == [66.7, 33.3, 100.0, 0.0]
    assert [bar.share for bar in found] == [28.6, 14.3, 42.9, None]
    assert [bar.is_rest for bar in found] == [False, False, True, False]


def test_a_hidden_total_leaves_no_share() -> None:
    assert charts.bars([("质量", None)], total=None)[0].share is None


@given(values=st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=16, max_size=16))
def test_the_key_names_exactly_the_counts_of_each_shade(values: list[int | None]) -> None:
    districts = regions.city().districts
    found = charts.tiles(list(zip(districts, values, strict=True)))
    key = {step.shade: step for step in charts.shades(values)}
    for tile, value in zip(found, values, strict=True):
        if value is None:
            assert tile.shade == 0
        else:
            assert key[tile.shade].low <= value <= key[tile.shade].high
    bounds = [(step.low, step.high) for step in key.values()]
    assert bounds[0][0] == 0
    assert all(after[0] == before[1] + 1 for before, after in pairwise(bounds))


def test_sixteen_districts_have_sixteen_places() -> None:
    found = charts.tiles([(district, 1) for district in regions.city().districts])
    assert len({(tile.x, tile.y) for tile in found}) == 16
