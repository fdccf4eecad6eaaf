"""What a filing says, and the law's check that nothing mandatory is missing (办法10)."""

import hashlib
import json
import re
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
    RESIDENT_ID,
    SALE_MODES,
)
from complaints.rules import CLAIMS
from portal.kernel import clock, crypto, identifiers, money, phones, regions
from portal.kernel.errors import Refused

_NAME = re.compile(r"[^\W\d_][\w .·'’\-]*")
_OTHER_PAPER = re.compile(r"[A-Z0-9]{5,20}")
WHITESPACE = re.compile(r"[^\S\n]+")


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
    """The same filing, normalized and complete; otherwise Refused (422) with the field that is missing or wrong.

    Checks in the order in which the wizard asks, so the first refusal is the first thing to mend.
    """
    filing = _tidied(filing)
    for check in (check_shop, check_facts, check_claims, check_person):
        filing = check(filing)
    if len(filing.upload_ids) > MOST_UPLOADS:
        raise wrong("upload_ids", _("最多传 {most} 个文件。").format(most=MOST_UPLOADS))
    return filing


def wrong(field: str, sentence: str, code: str = "missing") -> Refused:
    """The refusal of one field of a filing."""
    return Refused(code, sentence, field=field, status=422)


def one_line(text: str) -> str:
    """*text* without line breaks, doubled or outer spaces."""
    return " ".join(text.split())


def _tidied(filing: Filing) -> Filing:
    clean: dict[str, Any] = {
        name: one_line(value)
        for name, value in asdict(filing).items()
        if isinstance(value, str) and name != "facts"
    }
    facts = "\n".join(WHITESPACE.sub(" ", line).strip() for line in filing.facts.strip().splitlines())
    claims = tuple(dict.fromkeys(filing.claims))
    return replace(filing, **clean, facts=facts, claims=claims, upload_ids=tuple(dict.fromkeys(filing.upload_ids)))


def check_shop(filing: Filing) -> Filing:
    """Whom the complaint is against: a shop we know, or name, district and address of one we do not."""
    if filing.shop_id is None:
        if not filing.shop_name:
            raise wrong("shop_name", _("请写商家的名称，照小票、门头或者网店上的写。"))
        if len(filing.shop_address) < FEWEST_ADDRESS_CHARS:
            raise wrong("shop_address", _("请写商家的地址，例如“南开区长江道 10 号”。网店写平台上公布的地址。"))
        if not filing.district:
            raise wrong("district", _("请选商家在哪个区。"))
    if len(filing.shop_name) > MOST_SHOP_NAME_CHARS:
        raise wrong("shop_name", _("商家的名称太长了，最多 {most} 个字。").format(most=MOST_SHOP_NAME_CHARS), "too_long")
    if len(filing.shop_address) > MOST_ADDRESS_CHARS:
        raise wrong("shop_address", _("地址太长了，最多 {most} 个字。").format(most=MOST_ADDRESS_CHARS), "too_long")
    if filing.district and filing.district not in regions.district_codes():
        raise wrong("district", _("请从列出的 16 个区里选一个。"), "unknown")
    phone = phones.any_number(filing.shop_phone, field="shop_phone") if filing.shop_phone else ""
    return replace(filing, shop_phone=phone)


def check_facts(filing: Filing) -> Filing:
    """What happened: day, story, amount, kind."""
    if filing.purchased_on is None:
        raise wrong("purchased_on", _("请写哪一天买的，或者哪一天接受的服务。"))
    if filing.purchased_on > clock.today():
        day = f"{filing.purchased_on.year} 年 {filing.purchased_on.month} 月 {filing.purchased_on.day} 日"
        raise wrong("purchased_on", _("{day}还没有到。请写今天或者更早的日子。").format(day=day), "in_future")
    if filing.purchased_on.year < EARLIEST_YEAR:
        raise wrong("purchased_on", _("年份太早了，请核对。"), "too_early")
    if len(filing.facts) < FEWEST_FACTS_CHARS:
        raise wrong("facts", _("请写清发生了什么，至少 {fewest} 个字。").format(fewest=FEWEST_FACTS_CHARS))
    if len(filing.facts) > MOST_FACTS_CHARS:
        message = _("经过最多写 {most} 个字，现在有 {now} 个字。长的材料可以作为文件上传。")
        raise wrong("facts", message.format(most=MOST_FACTS_CHARS, now=len(filing.facts)), "too_long")
    if filing.paid_fen is None:
        raise wrong("paid_fen", _("请填实际付的数，例如 1299 或者 1299.00。没有付钱就填 0。"))
    if not 0 <= filing.paid_fen <= money.MOST_FEN:
        raise wrong("paid_fen", _("金额不对，请核对。"), "out_of_range")
    if len(filing.title) > MOST_TITLE_CHARS:
        raise wrong("title", _("事由最多 {most} 个字。").format(most=MOST_TITLE_CHARS), "too_long")
    _check_codes(filing)
    return filing


def _check_codes(filing: Filing) -> None:
    city = regions.city()
    closed_lists: tuple[tuple[str, Any], ...] = (
        ("problem", regions.problem_codes()),
        ("object_class", regions.object_codes()),
        ("sale_mode", SALE_MODES),
        ("topic", regions.topic_codes()),
    )
    del city
    for field, codes in closed_lists:
        value = getattr(filing, field)
        if value and value not in codes:
            raise wrong(field, _("请从列出的项目里选一项。"), "unknown")


def check_claims(filing: Filing) -> Filing:
    """What the consumer asks for (消法52): at least one claim, and the sum when it is about money."""
    if not filing.claims:
        raise wrong("claims", _("请至少选一项您要商家做的事。"))
    if any(claim not in CLAIMS for claim in filing.claims):
        raise wrong("claims", _("请从列出的要求里选。"), "unknown")
    if not 0 <= filing.claimed_fen <= money.MOST_FEN:
        raise wrong("claimed_fen", _("金额不对，请核对。"), "out_of_range")
    if MONEY_CLAIMS & set(filing.claims) and not filing.claimed_fen:
        raise wrong("claimed_fen", _("请填要求商家退还或者赔偿多少钱，例如 1299.00。"))
    return filing


def check_person(filing: Filing) -> Filing:
    """Who complains: the real identity the law asks for; an identity paper only when one is given."""
    if not filing.name:
        raise wrong("name", _("请填您的真实姓名。依法投诉要用真实姓名，会加密保存。"))
    if not 2 <= len(filing.name) <= MOST_NAME_CHARS or not _NAME.fullmatch(filing.name):
        raise wrong("name", _("姓名写得不对，请照身份证上的写。"), "invalid")
    if not filing.phone:
        raise wrong("phone", _("请填电话号码，办案人员要用它联系您。"))
    phone = phones.any_number(filing.phone)
    if len(filing.address) < FEWEST_ADDRESS_CHARS:
        raise wrong("address", _("请填能收到信的通讯地址，写到门牌号。"))
    if len(filing.address) > MOST_ADDRESS_CHARS:
        raise wrong("address", _("地址太长了，最多 {most} 个字。").format(most=MOST_ADDRESS_CHARS), "too_long")
    return replace(filing, phone=phone, **_paper(filing))


def _paper(filing: Filing) -> dict[str, str]:
    number = identifiers.compact(filing.id_number)
    if not number:
        return {"id_type": "", "id_number": ""}
    kind = filing.id_type or RESIDENT_ID
    if kind not in ID_TYPES:
        raise wrong("id_type", _("请从列出的证件里选一种。"), "unknown")
    if kind in (RESIDENT_ID, "residence_permit"):
        return {"id_type": kind, "id_number": identifiers.resident_id(number).number}
    if not _OTHER_PAPER.fullmatch(number):
        raise wrong("id_number", _("证件号码由 5 到 20 位字母和数字组成，请核对。"), "invalid")
    return {"id_type": kind, "id_number": number}
