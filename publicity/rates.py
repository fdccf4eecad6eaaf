"""Rates in words: exact where both sides are large enough, a bound where one is few, nothing where that is too much."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from publicity.disclosure_rules import SMALLEST_CELL

HIDDEN = "—"


def percent_of(ratio: Mapping[str, Any]) -> float | None:
    """The rate in per cent, where it may be shown exactly."""
    return None if ratio["part"] is None else 100 * ratio["part"] / ratio["whole"]


def in_words(ratio: Mapping[str, Any]) -> tuple[str, str]:
    """The figure and its unit: 98.7 and %, 98.1 and % 以上, or a dash and nothing."""
    exact = percent_of(ratio)
    if exact is not None:
        return ("0" if exact == 0 else "100" if exact == 100 else f"{min(max(exact, 0.1), 99.9):.1f}"), "%"
    most = SMALLEST_CELL - 1
    if ratio["few"] == "rest":
        return _tenths((ratio["whole"] - most) * 1000 // ratio["whole"]), _("% 以上")
    if ratio["few"] == "part":
        return _tenths(-(-most * 1000 // ratio["whole"])), _("% 以下")
    return HIDDEN, ""


def _tenths(value: int) -> str:
    return f"{value // 10}.{value % 10}"
