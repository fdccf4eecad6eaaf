"""Server SVG: x in per cent so that a chart fills its place, y in pixels so that text keeps its size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from portal.kernel.regions import District

TOP = 16
BOTTOM = 212
LEFT = 10.0
WIDTH = 87.0
SHADES = 5
SQUARE = 72


@dataclass(frozen=True)
class Point:
    """One month of a trend: its value (None where suppressed), where it stands, and how it is marked.

    `year` is written below the first month and every January; a month between two gaps has a dot, as no line meets it.
    """

    month: int
    year: int | None
    value: int | None
    x: float
    y: float | None
    has_dot: bool


@dataclass(frozen=True)
class Trend:
    """A line chart ready for the template: points, grid lines and the path of every unbroken run.

    `label_y` is where the words beside the last point stand: on the side that the line does not come from.
    """

    points: tuple[Point, ...]
    grid: tuple[tuple[int, float], ...]
    paths: tuple[str, ...]
    label_y: float | None


def _round_up(value: int) -> int:
    step = 1
    while value > step * 10:
        step *= 10
    return next(factor * step for factor in (1, 2, 4, 5, 8, 10) if factor * step >= value)


def trend(series: Sequence[tuple[date, int | None]]) -> Trend:
    """Lay out a monthly series; a suppressed month leaves a gap, never a zero."""
    top = max(4, *(_round_up(value or 0) for _at, value in series)) if series else 4
    steps = max(len(series) - 1, 1)
    values = [value for _at, value in series]
    points = []
    for place, (at, value) in enumerate(series):
        around = values[max(place - 1, 0) : place] + values[place + 1 : place + 2]
        points.append(
            Point(
                month=at.month,
                year=at.year if place == 0 or at.month == 1 else None,
                value=value,
                x=round(LEFT + WIDTH * place / steps, 2),
                y=None if value is None else round(BOTTOM - (BOTTOM - TOP) * value / top, 1),
                has_dot=value is not None and (place == len(series) - 1 or all(other is None for other in around)),
            )
        )
    grid = tuple((top * part // 4, round(BOTTOM - (BOTTOM - TOP) * part / 4, 1)) for part in range(1, 5))
    return Trend(tuple(points), grid, tuple(_paths(points)), _beside_the_last(points))


def _beside_the_last(points: Sequence[Point]) -> float | None:
    last, before = (points[-1].y, points[-2].y) if len(points) > 1 else (None, None)
    if last is None:
        return None
    comes_from_above = before is not None and before < last
    return round(last + 24 if comes_from_above and last < BOTTOM - 30 else last - 12, 1)


def _paths(points: Sequence[Point]) -> list[str]:
    runs: list[list[str]] = [[]]
    for point in points:
        if point.y is None:
            runs.append([])
        else:
            runs[-1].append(f"{point.x:.2f} {point.y:.1f}")
    return ["M" + "L".join(run) for run in runs if len(run) > 1]


@dataclass(frozen=True)
class Bar:
    """One bar: a class, its count (None where suppressed), its share of the longest bar and of all, in per cent."""

    label: str
    value: int | None
    percent: float
    share: float | None
    is_rest: bool = False


def bars(cells: Sequence[tuple[str, int | None]], *, total: int | None, rest: str = "") -> tuple[Bar, ...]:
    """Bars from the longest to the shortest; the one labeled *rest* and then suppressed ones last."""
    longest = max((value or 0 for _label, value in cells), default=0) or 1
    shown = sorted(cells, key=lambda cell: (cell[1] is None, cell[0] == rest, -(cell[1] or 0), cell[0]))
    return tuple(
        Bar(
            label=label,
            value=value,
            percent=round(100 * (value or 0) / longest, 1),
            share=None if value is None or not total else round(100 * value / total, 1),
            is_rest=label == rest,
        )
        for label, value in shown
    )


@dataclass(frozen=True)
class Tile:
    """One district as a square; the place is roughly where it lies, this is not a map."""

    label: str
    value: int | None
    shade: int
    x: int
    y: int


@dataclass(frozen=True)
class Shade:
    """One step of the tiles' key: which counts have it."""

    shade: int
    low: int
    high: int


def extent(districts: Sequence[District]) -> tuple[int, int]:
    """Width and height of the picture that holds the tiles of all *districts*."""
    columns, rows = ({district.tile[axis] for district in districts} for axis in (0, 1))
    return SQUARE * (1 + max(columns)), SQUARE * (1 + max(rows))


def tiles(cells: Sequence[tuple[District, int | None]]) -> tuple[Tile, ...]:
    """Tiles of districts in five shades by the share of the largest value; suppressed ones have shade 0."""
    largest = _largest(value for _district, value in cells)
    found = []
    for district, value in cells:
        column, row = district.tile
        shade = 0 if value is None else 1 + SHADES * value // (largest + 1)
        found.append(Tile(district.label, value, shade, 1 + SQUARE * column, 1 + SQUARE * row))
    return tuple(found)


def shades(values: Sequence[int | None]) -> tuple[Shade, ...]:
    """The key of the tiles: the counts of every shade that some count could have."""
    largest = _largest(values)
    bounds = [-(-step * (largest + 1) // SHADES) for step in range(SHADES + 1)]
    return tuple(Shade(place + 1, low, after - 1) for place, (low, after) in enumerate(pairwise(bounds)) if low < after)


def _largest(values: Iterable[int | None]) -> int:
    return max((value or 0 for value in values), default=0)
