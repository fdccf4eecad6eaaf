"""The waterfall of a fund's month as server SVG: x in per cent so that it fills its place, y in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

TOP = 48.0
BOTTOM = 216.0
LEFT = 3.0
FEN_PER_WAN = 1_000_000
FEN_PER_YUAN = 100
CUT_ABOVE = 0.5
"""A balance axis is cut when every level lies above this share of the highest one."""


@dataclass(frozen=True)
class Bar:
    """One bar: `kind` is "" for a balance, "b" for money in, "out" for money out; a change of nothing has no bar."""

    label: str
    words: str
    kind: str
    x: float
    width: float
    y: float
    height: float
    middle: float
    join_y: float | None
    join_to: float

    @property
    def is_balance(self) -> bool:
        return self.kind == ""

    @property
    def words_y(self) -> float:
        return round(self.y - 8, 1)

    @property
    def right(self) -> float:
        return round(self.x + self.width, 2)


@dataclass(frozen=True)
class Waterfall:
    """Bars ready for the template. `unit` is what one of the words counts (10,000 yuan or 1 yuan, in fen)."""

    bars: tuple[Bar, ...]
    unit_fen: int
    cut_fen: int

    @property
    def is_in_wan(self) -> bool:
        return self.unit_fen == FEN_PER_WAN

    @property
    def cut_words(self) -> str:
        """From what value on the balance bars are drawn, in units."""
        return f"{self.cut_fen / self.unit_fen:,.0f}"


def waterfall(opening: tuple[str, int], changes: Sequence[tuple[str, int]], closing: tuple[str, int]) -> Waterfall:
    """Lay out opening balance, changes in their order, and closing balance; amounts in fen, money out below zero.

    Where the changes are small against the balances, the axis is cut and `cut_fen` says where.
    """
    levels = [opening[1]]
    for _label, fen in changes:
        levels.append(levels[-1] + fen)
    unit = FEN_PER_WAN if max(levels) >= 10 * FEN_PER_WAN else FEN_PER_YUAN
    cut = _cut(levels, unit)
    reach = max(max(levels) - cut, 1)

    def y(fen: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (fen - cut) / reach, 1)

    slots = len(changes) + 2
    pitch = (100 - 2 * LEFT + 6) / slots
    width = round(pitch - 6, 2)
    bars = []
    for place in range(slots):
        x = round(LEFT + pitch * place, 2)
        if place in (0, slots - 1):
            label, fen = opening if place == 0 else closing
            kind, high, low, level = "", y(fen), BOTTOM, fen
            words = f"{fen / unit:,.{2 if unit == FEN_PER_WAN else 0}f}"
        else:
            label, fen = changes[place - 1]
            before, level = levels[place - 1], levels[place]
            kind, high, low = ("out" if fen < 0 else "b"), y(max(before, level)), y(min(before, level))
            words = _signed(fen, unit)
        height = max(round(low - high, 1), 3.0 if fen else 0.0)
        join = None if place == slots - 1 else y(level)
        bars.append(Bar(label, words, kind, x, width, high, height, round(x + width / 2, 2), join, round(x + pitch, 2)))
    return Waterfall(tuple(bars), unit, cut)


def _cut(levels: Sequence[int], unit: int) -> int:
    lowest, highest = min(levels), max(levels)
    if highest <= 0 or lowest < highest * CUT_ABOVE:
        return 0
    spread = max(highest - lowest, highest // 50)
    step = unit
    while step * 10 < spread:
        step *= 10
    return max(0, (lowest - spread) // step * step)


def _signed(fen: int, unit: int) -> str:
    if not fen:
        return "0"
    decimals = 0 if unit == FEN_PER_YUAN else 2 if abs(fen) >= unit // 100 else 4
    return f"{'+' if fen > 0 else '−'}{abs(fen) / unit:,.{decimals}f}"
