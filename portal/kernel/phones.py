"""Telephone numbers: one normal form for sealing, indexing, dialling and comparing."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from portal.kernel import regions
from portal.kernel.errors import Refused

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}[2-9]\d{6,7}")
_LOCAL = re.compile(r"[2-9]\d{7}")
_SERVICE = re.compile(r"[48]00\d{7}|95\d{3,7}|96\d{3,4}|1[02]\d{3}|1[12]\d")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))")
_ABROAD_LANDLINE = re.compile(r"[2-9]\d{8,10}")
_SEPARATORS = re.compile(r"[\s\-‐-―−()]+")


def compact(text: str) -> str:
    """*text* with full-width figures made plain and +86, spaces, brackets and hyphens gone."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    number = _COUNTRY.sub("", plain)
    return f"0{number}" if number != plain and _ABROAD_LANDLINE.fullmatch(number) else number


def is_mobile(text: str) -> bool:
    """Whether *text* is a mobile number, however it is spaced."""
    return bool(_MOBILE.fullmatch(compact(text)))


def normalize(text: str) -> str:
    """The digits of a mobile, landline or service number; a bare eight-digit number is one of this city.

    What is no telephone number comes back compacted, so that an index never mixes two people up.
    """
    number = compact(text)
    return regions.city().area_code + number if _LOCAL.fullmatch(number) else number


def mobile(text: str, *, field: str = "phone") -> str:
    """A person's mobile number in normal form; refused (`phone`) with a sentence for the field."""
    number = compact(text)
    if not number:
        raise Refused("phone", _("请填写手机号码。"), field=field)
    if not _MOBILE.fullmatch(number):
        raise Refused("phone", _("手机号码应是 1 开头的 11 位数字，请核对。"), field=field)
    return number


def any_number(text: str, *, field: str = "phone") -> str:
    """A mobile, landline or service number in normal form; refused (`phone`) when it is none of them."""
    number = normalize(text)
    if not number:
        raise Refused("phone", _("请填写电话号码。"), field=field)
    if not any(form.fullmatch(number) for form in (_MOBILE, _LANDLINE, _SERVICE)):
        sentence = _("这不像电话号码。请填手机号，或带区号的座机号，例如 %(example)s。")
        raise Refused("phone", sentence % {"example": f"{regions.city().area_code}-00000000"}, field=field)
    return number


def mask(text: str) -> str:
    """The number for showing: 138****5678, and a landline with its last four figures only."""
    number = normalize(text)
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(0, len(number) - 4) + number[-4:]
