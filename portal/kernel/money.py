"""Money is whole fen: read what people type, show yuan, and write amounts in 大写 on papers."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import Refused

FEN_PER_YUAN = 100
MOST_FEN = 99_999_999_999_999
_PLAIN = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|\.\d+")
_DRESSING = re.compile(r"^(?:人民币|RMB|CNY)?¥?|元整?$", re.IGNORECASE)
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def fen_from_yuan(text: str, *, field: str = "amount") -> int:
    """The amount that a person typed in yuan, as fen.

    Takes `1299`, `1,299.00`, `¥1299元` and full-width figures. Refused (`amount`) with a sentence fit for the form
    field: nothing typed, not a number, below zero, parts of a fen, or too large.
    """
    clean = _DRESSING.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    if not clean:
        raise Refused("amount", _("请填写金额。"), field=field)
    if clean[0] in "-−–":
        raise Refused("amount", _("金额不能小于零。"), field=field)
    if not _PLAIN.fullmatch(clean):
        raise Refused("amount", _("请用数字填写金额，单位是元，例如 1299 或 1299.50。"), field=field)
    yuan_part, _point, fen_part = clean.replace(",", "").partition(".")
    if len(fen_part.rstrip("0")) > 2:
        raise Refused("amount", _("金额最多精确到分，小数点后只能有两位。"), field=field)
    fen = int(yuan_part or "0") * FEN_PER_YUAN + int((fen_part + "00")[:2])
    if fen > MOST_FEN:
        raise Refused("amount", _("金额太大了，请核对有没有多填了数字。"), field=field)
    return fen


def yuan(fen: int) -> str:
    """`129900` as `1,299.00`."""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


def daxie(fen: int) -> str:
    """The amount in capital characters, as cheques are written: `129900` is 壹仟贰佰玖拾玖元整.

    整 follows a whole number of yuan only. A 零 stands for zeros between figures, and before the jiao when the yuan
    end in zero or the jiao are none.
    """
    if abs(fen) > MOST_FEN:
        raise ValueError("an amount of a trillion yuan or more has no agreed form")
    sign = "负" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    jiao, odd_fen = divmod(rest, 10)
    if not rest:
        return f"{sign}{_whole(whole) or '零'}元整"
    head = f"{_whole(whole)}元" if whole else ""
    gap = "零" if whole and (not jiao or whole % 10 == 0) else ""
    tail = (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[odd_fen]}分" if odd_fen else "")
    return f"{sign}{head}{gap}{tail}"


def _whole(number: int) -> str:
    written, gap = "", False
    for power in reversed(range(len(GROUPS))):
        group = number // 10_000**power % 10_000
        if not group:
            gap = bool(written)
            continue
        if written and (gap or group < 1000):
            written += "零"
        written += _group(group) + GROUPS[power]
        gap = False
    return written


def _group(number: int) -> str:
    written, gap = "", False
    for power in reversed(range(len(PLACES))):
        digit = number // 10**power % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + PLACES[power]
        gap = not digit
    return written
