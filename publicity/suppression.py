"""Small-cell suppression: no published count may point at a person, not even by subtraction.

What is guaranteed for the tables of one release: a count of 1 to 4 is never shown; and whatever a reader subtracts, the
counts they cannot see are known to them only as sums of at least two cells that reach at least five. That holds across
the tables of a release, too, because every breakdown is a partition of the same total by one attribute: two breakdowns
share nothing but that total, so one says nothing about a cell of the other. Nothing is said of two attributes at once.
It is not promised across two editions of a month: a correction shows what it corrects, and says why.
"""

from collections.abc import Collection, Mapping

from publicity.disclosure_rules import FEWEST_FOR_A_BOUND, SMALLEST_CELL


def is_small(count: int, *, smallest: int = SMALLEST_CELL) -> bool:
    """Whether a count speaks of too few people; zero speaks of nobody."""
    return 0 < count < smallest


def suppress(
    cells: Mapping[str, int], *, unpublished: Collection[str] = (), smallest: int = SMALLEST_CELL
) -> dict[str, int | None]:
    """The cells of one partition whose total is public, with small ones hidden (None).

    Counts from 1 to smallest - 1 are hidden. When the hidden cells are fewer than two, or together stay below
    *smallest*, the smallest visible non-zero cells are hidden too. The cells named in *unpublished* are not shown
    anyway, so they come back as None and serve as the first cover; alone they need cover only when they are small.
    """
    withheld = {key for key in cells if key in unpublished and cells[key] > 0}
    hidden = withheld | {key for key, count in cells.items() if is_small(count, smallest=smallest)}
    if any(is_small(cells[key], smallest=smallest) for key in hidden):
        rest = sorted((count, key) for key, count in cells.items() if key not in hidden and count > 0)
        while rest and (len(hidden) < 2 or sum(cells[key] for key in hidden) < smallest):
            hidden.add(rest.pop(0)[1])
    return {key: None if key in hidden or key in unpublished else count for key, count in cells.items()}


def count_of(count: int) -> int | None:
    """A count that stands alone."""
    return None if is_small(count) else count


def ratio(part: int, whole: int) -> dict[str, int | str | None]:
    """A rate by its two counts. Where one side is small only the whole is shown, and which side is `few`: below five.

    Nothing is shown of a whole that is small, nor of one below ten with a small side.
    """
    few = "part" if is_small(part) else "rest" if is_small(whole - part) else ""
    if whole < (FEWEST_FOR_A_BOUND if few else SMALLEST_CELL):
        return {"part": None, "whole": None, "few": ""}
    return {"part": None if few else part, "whole": whole, "few": few}
