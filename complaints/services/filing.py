"""What a filing says, and the law's check that nothing mandatory is missing (办法10)."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from complaints.filing_rules import (
    EARLIEST_YEAR,
    FEWEST_ADDRESS_CHARS,
    FEWEST_FACTS_CHARS,
    ID_TYPES,
    MONEY_CLAIMS,
    MOST_ADDRESS_CHARS,
    MOST_FACTS_CHARS,
    MOST_NAME_CHARS,
    MOST_SHOP_NAME_CHARS,
    MOST_TITLE_CHARS,
    MOST_UPLOADS,
    RESIDENCE_PERMIT,
    RESIDENT_ID,
    SALE_MODES,
)
from complaints.rules import CLAIMS
from portal.kernel import clock, crypto, identifiers, money, phones, regions
from portal.kernel.errors import Refused

_NAME = re.compile(r"[^\W\d_][\w .·'’\-]*")
_OTHER_PAPER = re.compile(r"[A-Z0-9]{5,20}")
_SPACES = re.compile(r"[^\S\n]+")
PARTS = ("shop", "what", "want", "evidence", "you")


@dataclass(frozen=True)
class Filing:
    """One complaint as somebody tells it, whatever way it comes in.

    The shop is a row (`shop_id`) or, when unknown, a name and an address. `upload_ids` are public ids of files that
    nobody has used yet. `source_*` name the register that an order came from, once per number.
    """

    shop_id: int | None = None
    shop_name: str = ""
    shop_address: str = ""
    shop_phone: str = ""
    district: str = ""
    title: str = ""
    facts: str = ""
    purchased_on: date | None = None
    paid_fen: int | None = None
    claims: tuple[str, ...] = ()
    claimed_fen: int = 0
    problem: str = ""
    object_class: str = ""
    sale_mode: str = ""
    topic: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    id_type: str = ""
    id_number: str = ""
    agrees_to_disclosure: bool = False
    agrees_to_delegation: bool = False
    upload_ids: tuple[str, ...] = ()
    source_system: str = ""
    source_no: str = ""
    source_received_on: date | None = None

    def fingerprint(self) -> str:
        """A keyed hash of everything in it: equal filings have equal fingerprints, and nobody can guess back."""
        body = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return crypto.blind_index("filing", hashlib.sha256(body.encode()).hexdigest())


FIELDS = tuple(field.name for field in fields(Filing))


def checked(filing: Filing) -> Filing:
    """The same filing, normalized and complete; otherwise Refused (422) with the first field to mend."""
    filing = tidied(filing)
    for part in PARTS:
        for problem in problems(filing, part):
            raise problem
    return filing


def tidied(filing: Filing) -> Filing:
    """The same filing in normal form: single spaces, plain telephone and paper numbers, nothing listed twice."""
    clean: dict[str, Any] = {
        name: " ".join(value.split()) for name, value in asdict(filing).items() if isinstance(value, str)
    }
    clean["facts"] = "\n".join(_SPACES.sub(" ", line).strip() for line in filing.facts.strip().splitlines())
    clean["phone"] = phones.normalize(filing.phone)
    clean["shop_phone"] = phones.normalize(filing.shop_phone)
    clean["id_number"] = identifiers.compact(filing.id_number)
    clean["id_type"] = (clean["id_type"] or RESIDENT_ID) if clean["id_number"] else ""
    return replace(
        filing, **clean, claims=tuple(dict.fromkeys(filing.claims)), upload_ids=tuple(dict.fromkeys(filing.upload_ids))
    )


def problems(filing: Filing, part: str) -> Iterator[Refused]:
    """What is missing or wrong in one part of a tidied filing, at most one refusal a field, in the order of asking."""
    return _CHECKS[part](filing)


def wrong(field: str, sentence: str, code: str = "missing") -> Refused:
    """The refusal of one field of a filing."""
    return Refused(code, sentence, field=field, status=422)


def _shop(filing: Filing) -> Iterator[Refused]:
    if filing.shop_id is None and not filing.shop_name:
        yield wrong("shop_name", _("请写商家的名称，照小票、门头或者网店上的写。"))
    if len(filing.shop_name) > MOST_SHOP_NAME_CHARS:
        yield _too_long("shop_name", MOST_SHOP_NAME_CHARS)
    if filing.shop_id is None and not filing.district:
        yield wrong("district", _("请选商家在哪个区。"))
    yield from _listed(filing, "district", regions.city().district_codes)
    if filing.shop_id is None and len(filing.shop_address) < FEWEST_ADDRESS_CHARS:
        sentence = _("请写商家的地址，例如“{district}示例路 10 号”。网店写平台上公布的地址。")
        yield wrong("shop_address", sentence.format(district=regions.city().districts[0].name))
    if len(filing.shop_address) > MOST_ADDRESS_CHARS:
        yield _too_long("shop_address", MOST_ADDRESS_CHARS)
    if filing.shop_phone:
        yield from _refusal_of(phones.any_number, filing.shop_phone, "shop_phone")


def _what(filing: Filing) -> Iterator[Refused]:
    yield from _day(filing.purchased_on)
    if len(filing.facts) < FEWEST_FACTS_CHARS:
        yield wrong("facts", _("请写清发生了什么，至少 {fewest} 个字。").format(fewest=FEWEST_FACTS_CHARS))
    if len(filing.facts) > MOST_FACTS_CHARS:
        message = _("经过最多写 {most} 个字，现在有 {now} 个字。长的材料可以作为文件上传。")
        yield wrong("facts", message.format(most=MOST_FACTS_CHARS, now=len(filing.facts)), "too_long")
    if filing.paid_fen is None:
        yield wrong("paid_fen", _("请填实际付的数，例如 1299 或者 1299.00。没有付钱就填 0。"))
    elif not 0 <= filing.paid_fen <= money.MOST_FEN:
        yield wrong("paid_fen", _("金额不对，请核对。"), "out_of_range")
    if len(filing.title) > MOST_TITLE_CHARS:
        yield _too_long("title", MOST_TITLE_CHARS)
    city = regions.city()
    yield from _listed(filing, "problem", city.problem_codes)
    yield from _listed(filing, "object_class", city.object_codes)
    yield from _listed(filing, "sale_mode", SALE_MODES)
    yield from _listed(filing, "topic", city.topic_codes)


def _day(day: date | None) -> Iterator[Refused]:
    if day is None:
        yield wrong("purchased_on", _("请写哪一天买的，或者哪一天接受的服务。"))
    elif day > clock.today():
        message = _("{year} 年 {month} 月 {day} 日还没有到。请写今天或者更早的日子。")
        yield wrong("purchased_on", message.format(year=day.year, month=day.month, day=day.day), "in_future")
    elif day.year < EARLIEST_YEAR:
        yield wrong("purchased_on", _("年份太早了，请核对。"), "too_early")


def _want(filing: Filing) -> Iterator[Refused]:
    if not filing.claims:
        yield wrong("claims", _("请至少选一项您要商家做的事。"))
    elif any(claim not in CLAIMS for claim in filing.claims):
        yield wrong("claims", _("请从列出的要求里选。"), "unknown")
    if not 0 <= filing.claimed_fen <= money.MOST_FEN:
        yield wrong("claimed_fen", _("金额不对，请核对。"), "out_of_range")
    elif MONEY_CLAIMS & set(filing.claims) and not filing.claimed_fen:
        yield wrong("claimed_fen", _("请填要求商家退还或者赔偿多少钱，例如 1299.00。"))


def _evidence(filing: Filing) -> Iterator[Refused]:
    if len(filing.upload_ids) > MOST_UPLOADS:
        yield wrong("upload_ids", _("最多传 {most} 个文件。").format(most=MOST_UPLOADS), "too_many")


def _you(filing: Filing) -> Iterator[Refused]:
    if not filing.name:
        yield wrong("name", _("请填您的真实姓名。依法投诉要用真实姓名，会加密保存。"))
    elif not 2 <= len(filing.name) <= MOST_NAME_CHARS or not _NAME.fullmatch(filing.name):
        yield wrong("name", _("姓名写得不对，请照身份证上的写。"), "invalid")
    if not filing.phone:
        yield wrong("phone", _("请填电话号码，办案人员要用它联系您。"))
    elif not (phones.is_mobile(filing.phone) or filing.phone.startswith("0")):
        yield wrong("phone", _("请填您自己的手机号，或者带区号的座机号。"), "phone")
    else:
        yield from _refusal_of(phones.any_number, filing.phone, "phone")
    if len(filing.address) < FEWEST_ADDRESS_CHARS:
        yield wrong("address", _("请填能收到信的通讯地址，写到门牌号。"))
    if len(filing.address) > MOST_ADDRESS_CHARS:
        yield _too_long("address", MOST_ADDRESS_CHARS)
    if filing.id_number:
        yield from _paper(filing)


def _paper(filing: Filing) -> Iterator[Refused]:
    if filing.id_type not in ID_TYPES:
        yield wrong("id_type", _("请从列出的证件里选一种。"), "unknown")
    elif filing.id_type in (RESIDENT_ID, RESIDENCE_PERMIT):
        yield from _refusal_of(identifiers.resident_id, filing.id_number, "id_number")
    elif not _OTHER_PAPER.fullmatch(filing.id_number):
        yield wrong("id_number", _("证件号码由 5 到 20 位字母和数字组成，请核对。"), "invalid")


def _too_long(field: str, most: int) -> Refused:
    return wrong(field, _("太长了，最多 {most} 个字。").format(most=most), "too_long")


def _listed(filing: Filing, field: str, codes: Collection[str]) -> Iterator[Refused]:
    value = getattr(filing, field)
    if value and value not in codes:
        yield wrong(field, _("请从列出的项目里选一项。"), "unknown")


def _refusal_of(check: Callable[..., object], value: str, field: str) -> Iterator[Refused]:
    try:
        check(value, field=field)
    except Refused as refused:
        yield wrong(field, str(refused.sentence), refused.code)


_CHECKS: dict[str, Callable[[Filing], Iterator[Refused]]] = {
    "shop": _shop,
    "what": _what,
    "want": _want,
    "evidence": _evidence,
    "you": _you,
}
