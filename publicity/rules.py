"""Numbers of shops and pledges: each once, with where it comes from ([D]: set by this house, to be confirmed)."""

import re
import unicodedata
from datetime import date, timedelta

from portal.kernel import regions

REAPPLY_MONTHS_AFTER_FRAUD = 24
"""How long a shop delisted for fraud waits before it applies again ([D]); the city pack holds the ordinary wait."""

FEWEST_COMMITMENT_CHARS = 10
MOST_COMMITMENT_CHARS = 600
MOST_REASON_CHARS = 200

FEWEST_FOR_A_RATE = 10
"""No rate is shown of fewer cases than this (safeguard of the statistics, [D])."""

SHORTEST_CODE_PREFIX = 6
"""From this many figures and letters on, a query is read as the beginning of a credit code."""

_NOISE = re.compile(r"[\W_]+")
_CODE = re.compile(rf"[0-9A-Z]{{{SHORTEST_CODE_PREFIX},18}}")
_KIND = re.compile(r"(有限责任公司|股份有限公司|有限公司|个体工商户|公司|旗舰店|专卖店|分店|门店|商店|店)$")


def search_key(*names: str) -> str:
    """Names in their plainest form: full-width made plain, lower case, no spaces or marks; one blank between two."""
    plain = (_NOISE.sub("", unicodedata.normalize("NFKC", name).lower()) for name in names)
    return " ".join(dict.fromkeys(filter(None, plain)))


def code_prefix(text: str) -> str:
    """The credit code, or its beginning, that *text* amounts to; empty when it is words."""
    code = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    return code if _CODE.fullmatch(code) and any(char.isdigit() for char in code) else ""


def core_of(name: str) -> str:
    """A shop's name without the city before it and the kind of business behind it, where enough of it remains."""
    city = regions.city()
    plain = search_key(name)
    before = next((word for word in (city.name, city.short_name) if plain.startswith(word)), "")
    core = _KIND.sub("", plain.removeprefix(before))
    return core if len(core) > 1 else name


def years_after(day: date, years: int) -> date:
    """The last day of a term of whole years that begins on *day*; a term from 29 February ends with February."""
    end = months_after(day, 12 * years)
    return end - timedelta(days=1) if end.day == day.day else end


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    serial = day.year * 12 + day.month - 1 + months
    first = date(serial // 12, serial % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
