"""Server SVG: x in per cent so that a chart fills its place, y in pixels so that text keeps its size."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kernel.regions import District

TOP = 16
BOTTOM = 212


@dataclass(frozen=True)
class Point:
    """One month of a trend: its label, its value (None where suppressed), and where it stands."""

    label: str
    value: int | None
    x: float
    y: float | None


@dataclass(frozen=True)
class Trend:
    """A line chart ready for the template: points, grid lines and the path of every unbroken run."""

    points: tuple[Point, ...]
    grid: tuple[tuple[int, float], ...]
    paths: tuple[str, ...]
    top_value: int


def _round_up(value: int) -> int:
    step = 1
    while value > step * 10:
        step *= 10
    for factor in (1, 2, 4, 5, 8, 10):
        if factor * step >= value:
            return factor * step
    return 10 * step


def trend(series: Sequence[tuple[str, int | None]]) -> Trend:
    """Lay out a monthly series; a suppressed month leaves a gap, never a zero."""
    top = max(_round_up(max((value or 0) for _label, value in series)), 4) if series else 4
    width = 87.0
    steps = max(len(series) - 1, 1)
    points = []
    for place, (label, value) in enumerate(series):
        y = None if value is None else BOTTOM - (BOTTOM - TOP) * value / top
        points.append(Point(label, value, round(10 + width * place / steps, 2), None if y is None else round(y, 1)))
    paths: list[str] = []
    run: list[str] = []
    for point in [*points, Point("", None, 0, None)]:
        if point.y is None:
            if len(run) > 1:
                paths.append("M" + "L".join(run))
            run = []
        else:
            run.append(f"{point.x:.2f} {point.y:.1f}")
    grid = tuple((top * part // 4, round(BOTTOM - (BOTTOM - TOP) * part / 4, 1)) for part in range(5))
    return Trend(tuple(points), grid, tuple(paths), top)


@dataclass(frozen=True)
class Bar:
    """One bar: a class, its count (None where suppressed), its share of the longest bar in per cent."""

    label: str
    value: int | None
    percent: float


def bars(cells: Sequence[tuple[str, int | None]]) -> tuple[Bar, ...]:
    """Bars from the longest to the shortest; suppressed ones last, without length."""
    longest = max((value or 0 for _label, value in cells), default=0) or 1
    shown = sorted(cells, key=lambda cell: (cell[1] is None, -(cell[1] or 0), cell[0]))
    return tuple(Bar(label, value, round(100 * (value or 0) / longest, 1)) for label, value in shown)


@dataclass(frozen=True)
class Tile:
    """One district as a square; the place is roughly where it lies, this is not a map."""

    code: str
    label: str
    value: int | None
    shade: int
    x: int
    y: int


def tiles(cells: Sequence[tuple[District, int | None]]) -> tuple[Tile, ...]:
    """Tiles of districts in five shades by the share of the largest value; suppressed ones have shade 0."""
    largest = max((value or 0 for _district, value in cells), default=0) or 1
    found = []
    for district, value in cells:
        column, row = district.tile
        shade = 0 if value is None else min(5, 1 + 5 * value // (largest + 1))
        found.append(Tile(district.code, district.label, value, shade, 1 + 72 * column, 1 + 72 * row))
    return tuple(found)
