"""The small course under a figure: a line without axes that the figure's own words explain."""

from collections.abc import Sequence

WIDTH = 120.0
TOP = 6.0
BOTTOM = 34.0
FEWEST = 3


def spark(series: Sequence[float | None]) -> str:
    """The SVG path of a series, oldest first, in a box of 120 × 40; empty with fewer than three known values.

    A hidden value leaves a gap, never a zero; a level series runs along the middle.
    """
    known = [value for value in series if value is not None]
    if len(known) < FEWEST:
        return ""
    low, high = min(known), max(known)
    step = WIDTH / (len(series) - 1)
    path, is_down = [], False
    for place, value in enumerate(series):
        if value is None:
            is_down = False
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        path.append(f"{'L' if is_down else 'M'}{step * place:.1f} {BOTTOM - (BOTTOM - TOP) * share:.1f}")
        is_down = True
    return "".join(path)
