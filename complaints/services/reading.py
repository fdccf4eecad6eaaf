"""From what somebody typed, step by step, to a Filing: nothing typed is lost, what cannot be read is named."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.services.filing import PARTS, Filing, problems, tidied, wrong
from portal.kernel import money, phones, pii
from portal.kernel.access import Who
from portal.kernel.errors import Refused
from publicity.models import Shop
from publicity.selectors.shops import shop_of

Typed = Mapping[str, Any]
Answers = Mapping[str, Typed]

WORDS: dict[str, tuple[str, ...]] = {
    "shop": ("shop_name", "shop_address", "shop_phone", "district"),
    "what": ("facts", "problem", "object_class", "sale_mode"),
    "want": (),
    "evidence": (),
    "you": ("name", "phone", "address", "id_type", "id_number"),
}
ASKED: dict[str, tuple[str, ...]] = {
    "shop": ("shop", *WORDS["shop"]),
    "what": ("purchased_on", "paid_fen", *WORDS["what"]),
    "want": ("claims", "claimed_fen"),
    "evidence": (),
    "you": WORDS["you"],
    "check": ("agrees_to_disclosure", "agrees_to_delegation"),
}
EXTRA = ("upload_ids", "title", "topic")

NEEDLESS = {
    pii.Kind.RESIDENT_ID: gettext_lazy("身份证号码"),
    pii.Kind.OTHER_ID: gettext_lazy("证件号码"),
    pii.Kind.BANK_CARD: gettext_lazy("银行卡号"),
    pii.Kind.PHONE: gettext_lazy("手机号码"),
}


class Reading:
    """What answers amount to: a tidied filing and, by part, what is missing, wrong or unreadable in it."""

    def __init__(self, answers: Answers, *, who: Who, upload_ids: tuple[str, ...] = ()) -> None:
        self._unread: dict[str, dict[str, Refused]] = {part: {} for part in PARTS}
        self._who = who
        self.shop: Shop | None = None
        filing = Filing(upload_ids=upload_ids)
        for part in PARTS:
            filing = self._part(part, answers.get(part, {}), filing)
        agreed = answers.get("check", {})
        self.filing = tidied(
            replace(
                filing,
                agrees_to_disclosure=bool(agreed.get("agrees_to_disclosure")),
                agrees_to_delegation=bool(agreed.get("agrees_to_delegation")),
            )
        )

    def problems(self, part: str) -> list[Refused]:
        """What is wrong with one part, one refusal a field, in the order of asking."""
        unread = self._unread[part]
        found = {str(problem.field): problem for problem in problems(self.filing, part)}
        if part == "you" and "phone" not in found and not phones.is_mobile(self.filing.phone):
            found["phone"] = wrong("phone", _("请填手机号码，要用它收验证码和进展短信。"), "not_mobile")
        found |= unread
        return [found[field] for field in ASKED[part] + EXTRA if field in found]

    def first_gap(self) -> str | None:
        """The first part that is not yet complete."""
        return next((part for part in PARTS if self.problems(part)), None)

    def needless(self) -> list[str]:
        """What the account gives away that nobody needs there (个人信息保护法第六条): named, never refused."""
        kinds = {span.kind for span in pii.find(self.filing.facts) if span.is_sure}
        return [str(word) for kind, word in NEEDLESS.items() if kind in kinds]

    @property
    def shop_address(self) -> str:
        """Where the shop is, as written or as registered."""
        return self.filing.shop_address or (self.shop.address if self.shop else "")

    def _part(self, part: str, typed: Typed, filing: Filing) -> Filing:
        read: dict[str, Any] = {field: str(typed.get(field) or "") for field in WORDS[part]}
        if part == "shop" and typed.get("shop"):
            read = self._chosen(str(typed["shop"]), read)
        if part == "what":
            read["purchased_on"] = self._day(part, typed.get("purchased_on"))
            read["paid_fen"] = self._fen(part, "paid_fen", typed)
        if part == "want":
            read["claims"] = tuple(str(claim) for claim in typed.get("claims") or ())
            read["claimed_fen"] = self._fen(part, "claimed_fen", typed) or 0
        return replace(filing, **read)

    def _chosen(self, public_id: str, read: dict[str, Any]) -> dict[str, Any]:
        try:
            shop = shop_of(who=self._who, public_id=public_id)
        except Refused:
            sentence = _("刚才选的商家已经不在名录里，请重新查一次，或者自己填写。")
            self._unread["shop"]["shop_name"] = wrong("shop_name", sentence, "unknown")
            return read
        self.shop = shop
        if not shop.address and not read["shop_address"].strip():
            sentence = _("我们没有这家商家的地址，请补上，写到门牌号。")
            self._unread["shop"]["shop_address"] = wrong("shop_address", sentence)
        return {"shop_id": shop.pk, "district": shop.district, "shop_address": read["shop_address"]}

    def _fen(self, part: str, field: str, typed: Typed) -> int | None:
        text = str(typed.get(field) or "").strip()
        if not text:
            return None
        try:
            return money.fen_from_yuan(text, field=field)
        except Refused as refused:
            self._unread[part][field] = wrong(field, str(refused.sentence), refused.code)
            return None

    def _day(self, part: str, typed: Any) -> date | None:
        numbers = [str(piece).strip() for piece in typed or ()]
        if not any(numbers):
            return None
        try:
            year, month, day = (int(piece) for piece in numbers)
            return date(year, month, day)
        except ValueError:
            sentence = _("这个日子写得不对。请写年、月、日三个数，例如 2026、11、2。")
            self._unread[part]["purchased_on"] = wrong("purchased_on", sentence, "invalid")
            return None
