"""A stretch of text and what kind of personal data it looks like."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of text looks like."""

    PHONE = "phone"
    LANDLINE = "landline"
    RESIDENT_ID = "resident_id"
    OTHER_ID = "other_id"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    PLATE = "plate"
    WECHAT = "wechat"
    QQ = "qq"
    ORDER = "order"
    ADDRESS = "address"
    NAME = "name"


STARS = "***"
PHONE_LENGTH = 11
_DASHES = str.maketrans("‐‑‒–—―−－﹣·•・_\u200b\u200c\u200d\u2060\ufeff", "-" * 13 + " " * 5)
_SPELLED = str.maketrans("零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖", "0012345678912123456789")


def fold(text: str) -> str:
    """*text* with full-width and circled figures made plain, character by character, so that places stay the same."""
    return "".join(map(_fold_char, text.translate(_DASHES)))


def spelled_out(text: str) -> str:
    """*text* with the characters 一二三 and 壹贰叁 as figures, place by place."""
    return text.translate(_SPELLED)


def _fold_char(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


@dataclass(frozen=True, order=True)
class Span:
    """`text[start:end]` looks like `kind`; not `is_sure` means that only a reader can tell."""

    start: int
    end: int
    kind: Kind
    is_sure: bool = True

    def masked(self, text: str) -> str:
        """What stands in place of the span: as on screen for numbers and names, three stars for everything else."""
        found = text[self.start : self.end]
        figures = re.sub(r"[^0-9X]", "", spelled_out(fold(found)).upper())
        match self.kind:
            case Kind.NAME:
                return f"{found[0]}*"
            case Kind.PLATE:
                return f"{found[:2]}*****"
            case Kind.PHONE:
                return _starred(figures[-PHONE_LENGTH:], 3, 4)
            case Kind.RESIDENT_ID:
                return _starred(figures, 6, 4)
            case Kind.BANK_CARD:
                return _starred(figures, 0, 4)
            case _:
                return STARS


def _starred(figures: str, head: int, tail: int) -> str:
    return figures[:head] + "*" * (len(figures) - head - tail) + figures[-tail:]
