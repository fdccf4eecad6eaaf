"""Small-cell suppression: no published count may point at a person, not even by subtraction."""

from collections.abc import Mapping

from publicity.disclosure_rules import SMALLEST_CELL


def suppress(cells: Mapping[str, int], *, smallest: int = SMALLEST_CELL) -> dict[str, int | None]:
    """The cells of one table whose total is public, with small ones hidden (None).

    Counts from 1 to smallest - 1 are hidden. When that leaves exactly one hidden cell, or hidden cells that together
    stay below *smallest*, the smallest visible non-zero cells are hidden too, so subtraction from the total gives a sum
    of at least two cells and at least *smallest*. Zero stays visible: it speaks of nobody.
    """
    hidden = {key for key, count in cells.items() if 0 < count < smallest}
    if not hidden:
        return dict(cells)
    rest = sorted((count, key) for key, count in cells.items() if key not in hidden and count > 0)
    while rest and (len(hidden) < 2 or sum(cells[key] for key in hidden) < smallest):
        hidden.add(rest.pop(0)[1])
    return {key: None if key in hidden else count for key, count in cells.items()}
