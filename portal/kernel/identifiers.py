"""Numbers that carry their own check: credit codes of businesses, resident identity cards, bank cards."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.cn import ric, uscc

from portal.kernel import clock
from portal.kernel.errors import Refused

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
OLD_LICENCE_LENGTH = 15
OLDEST_AGE = 130
_USCC_SHAPE = re.compile(rf"[{USCC_ALPHABET}]{{2}}\d{{6}}[{USCC_ALPHABET}]{{10}}")
_RESIDENT_SHAPE = re.compile(r"\d{17}[\dX]")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class CreditCode:
    """A credit code whose own check digit is right; `has_inner_check` says the same of the organisation code in it."""

    code: str
    has_inner_check: bool

    @property
    def region(self) -> str:
        """The six digits of the place of registration."""
        return self.code[2:8]


@dataclass(frozen=True)
class ResidentId:
    """A resident identity number that adds up."""

    number: str
    born_on: date


def compact(text: str) -> str:
    """*text* in plain upper-case figures and letters, without spaces and hyphens."""
    return re.sub(r"[\s\-‐-―−]+", "", unicodedata.normalize("NFKC", text)).upper()


def credit_code(text: str, *, field: str = "uscc") -> CreditCode:
    """A business's unified social credit code (GB 32100), normalised.

    Refused (`uscc`) when empty, of the wrong length (old 15-digit licence numbers with a hint), with letters that the
    code never uses, or with a wrong check digit. A wrong inner check only shows in the answer: old codes carry it.
    """
    code = compact(text)
    if not code:
        raise Refused("uscc", _("请填写统一社会信用代码。"), field=field)
    if len(code) == OLD_LICENCE_LENGTH and code.isdigit():
        raise Refused("uscc", _("这是旧的 15 位注册号。请填营业执照上 18 位的统一社会信用代码。"), field=field)
    if len(code) != USCC_LENGTH:
        raise Refused("uscc", _("统一社会信用代码应是 18 位，请核对。"), field=field)
    if set(code) & set("IOZSV"):
        raise Refused("uscc", _("统一社会信用代码里没有字母 I、O、Z、S、V，请核对是不是数字 1、0、2、5。"), field=field)
    if not _USCC_SHAPE.fullmatch(code):
        raise Refused("uscc", _("统一社会信用代码由数字和大写字母组成，第 3 至 8 位是数字，请核对。"), field=field)
    if uscc.calc_check_digit(code[:17]) != code[17]:
        raise Refused("uscc", _("统一社会信用代码的校验位不对，请逐位核对。"), field=field)
    return CreditCode(code, organisation_check(code[8:16]) == code[16])


def organisation_check(body: str) -> str:
    """The check character of an organisation code's eight characters (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def resident_id(text: str, *, on: date | None = None, field: str = "id_number") -> ResidentId:
    """A resident identity or residence-permit number of 18 characters (GB 11643).

    Refused (`resident_id`) with what is wrong: empty, 15 digits, shape, place, a date of birth that does not exist,
    lies after *on* (today) or more than 130 years before it, or the check character.
    """
    number, on = compact(text), on or clock.today()
    if not number:
        raise Refused("resident_id", _("请填写身份证号码。"), field=field)
    if len(number) == OLD_LICENCE_LENGTH and number.isdigit():
        raise Refused("resident_id", _("15 位的旧号码已经停用，请填 18 位的身份证号码。"), field=field)
    if not _RESIDENT_SHAPE.fullmatch(number) or not _PROVINCE.match(number):
        raise Refused("resident_id", _("身份证号码应是 18 位，最后一位可以是 X，请核对。"), field=field)
    born_on = _birth(number)
    if born_on is None or born_on > on or _age(born_on, on) > OLDEST_AGE:
        raise Refused("resident_id", _("身份证号码里的出生日期不对，请核对。"), field=field)
    if ric.calc_check_digit(number) != number[17]:
        raise Refused("resident_id", _("身份证号码的校验位不对，请逐位核对。"), field=field)
    return ResidentId(number, born_on)


def is_resident_id(text: str) -> bool:
    """Whether *text* is 18 characters that add up to an identity number, whatever the age."""
    number = compact(text)
    return bool(_RESIDENT_SHAPE.fullmatch(number)) and ric.calc_check_digit(number) == number[17]


def is_credit_code(text: str) -> bool:
    """Whether *text* is a credit code with a right check digit."""
    try:
        credit_code(text)
    except Refused:
        return False
    return True


def is_bank_card(text: str) -> bool:
    """Whether *text* is 15 to 19 figures, not all alike, whose last one checks the others (Luhn)."""
    number = compact(text)
    return number.isdecimal() and 15 <= len(number) <= 19 and len(set(number)) > 1 and bool(luhn.is_valid(number))


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
