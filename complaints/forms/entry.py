"""What staff write down for a consumer who calls, comes or writes: everything on one page, read back at the end."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.filing_rules import ID_TYPES, MOST_FACTS_CHARS, MOST_TITLE_CHARS, SALE_MODES
from complaints.forms.desk import Versioned
from complaints.forms.filing import district_choices, object_choices, problem_choices
from complaints.models import Case
from complaints.rules import CLAIMS
from complaints.services import entry
from complaints.services.filing import PARTS, Filing, problems, tidied
from portal.kernel import money, regions
from portal.kernel.errors import Refused, into
from portal.kernel.web import MoneyInput
from publicity.models import Shop

WORDS = (
    "shop_name",
    "shop_address",
    "shop_phone",
    "district",
    "facts",
    "problem",
    "object_class",
    "sale_mode",
    "topic",
    "name",
    "phone",
    "address",
    "id_type",
    "id_number",
)


def topic_choices() -> list[tuple[str, str]]:
    """The matters by which a case is routed."""
    return [("", _("不清楚，可以不选")), *((row.code, row.label) for row in regions.city().topics)]


def channel_choices() -> list[tuple[str, Any]]:
    """How consumers reach staff."""
    return [(channel.value, channel.label) for channel in entry.STAFF_CHANNELS]


class FilingForm(forms.Form):
    """The items of 办法10 and what helps to decide. Money is typed in yuan."""

    shop_name = forms.CharField(label=gettext_lazy("商家名称"), required=False)
    district = forms.ChoiceField(label=gettext_lazy("在哪个区"), choices=district_choices, required=False)
    shop_address = forms.CharField(label=gettext_lazy("商家地址"), required=False)
    shop_phone = forms.CharField(label=gettext_lazy("商家电话（可以不填）"), required=False)
    purchased_on = forms.DateField(
        label=gettext_lazy("哪一天买的，或者哪一天接受的服务"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": gettext_lazy("这个日子写得不对，例如 2026-11-02。")},
    )
    facts = forms.CharField(
        label=gettext_lazy("发生了什么"),
        help_text=gettext_lazy("照消费者说的先后写，最多 2000 个字。"),
        widget=forms.Textarea(attrs={"rows": "8"}),
        required=False,
    )
    paid_fen = forms.CharField(label=gettext_lazy("付了多少钱"), widget=MoneyInput, required=False)
    claims = forms.MultipleChoiceField(
        label=gettext_lazy("要商家怎么做"),
        choices=list(CLAIMS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    claimed_fen = forms.CharField(
        label=gettext_lazy("要退还或者赔偿多少钱"),
        widget=MoneyInput,
        required=False,
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("事项"),
        help_text=gettext_lazy("用来建议分送给哪个单位。"),
        choices=topic_choices,
        required=False,
    )
    problem = forms.ChoiceField(label=gettext_lazy("问题类别"), choices=problem_choices, required=False)
    object_class = forms.ChoiceField(label=gettext_lazy("商品或者服务"), choices=object_choices, required=False)
    sale_mode = forms.ChoiceField(
        label=gettext_lazy("怎么买的"), choices=[("", gettext_lazy("不清楚")), *SALE_MODES.items()], required=False
    )
    name = forms.CharField(label=gettext_lazy("消费者真实姓名"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"), widget=forms.TextInput(attrs={"inputmode": "tel"}), required=False
    )
    address = forms.CharField(label=gettext_lazy("通讯地址"), required=False)
    id_type = forms.ChoiceField(
        label=gettext_lazy("证件（可以不填）"),
        choices=[("", gettext_lazy("没有登记")), *ID_TYPES.items()],
        required=False,
    )
    id_number = forms.CharField(label=gettext_lazy("证件号码"), required=False)
    agrees_to_disclosure = forms.BooleanField(label=gettext_lazy("消费者同意公示投诉信息"), required=False)
    agrees_to_delegation = forms.BooleanField(label=gettext_lazy("消费者同意委托调解"), required=False)
    was_read_back = forms.BooleanField(label=gettext_lazy("已经把以上内容读给消费者听，消费者确认无误"), required=False)

    def __init__(self, *args: Any, shop: Shop | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shop = shop
        if shop is not None:
            for name in ("shop_name", "district", "shop_phone"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Every item that the law asks for and that is missing or wrong is named at once."""
        cleaned = super().clean() or {}
        filing = tidied(self._filing(cleaned))
        for part in PARTS:
            for problem in problems(filing, part):
                if problem.field not in self.errors:
                    into(self, problem)
        cleaned["filing"] = filing
        return cleaned

    def _filing(self, cleaned: dict[str, Any]) -> Filing:
        words: dict[str, Any] = {name: cleaned.get(name) or "" for name in WORDS}
        if self.shop is not None:
            words |= {"shop_name": "", "shop_phone": "", "district": self.shop.district}
        return Filing(
            **words,
            title=cleaned.get("title") or "",
            shop_id=self.shop.pk if self.shop else None,
            purchased_on=cleaned.get("purchased_on"),
            paid_fen=self._fen("paid_fen", cleaned),
            claims=tuple(cleaned.get("claims") or ()),
            claimed_fen=self._fen("claimed_fen", cleaned) or 0,
            agrees_to_disclosure=bool(cleaned.get("agrees_to_disclosure")),
            agrees_to_delegation=bool(cleaned.get("agrees_to_delegation")),
        )

    def _fen(self, name: str, cleaned: dict[str, Any]) -> int | None:
        text = str(cleaned.get(name) or "").strip()
        if not text:
            return None
        try:
            return money.fen_from_yuan(text, field=name)
        except Refused as refused:
            into(self, refused)
            return None


class EntryForm(FilingForm):
    """A new complaint told to staff. `key` makes a double click one case."""

    channel = forms.ChoiceField(
        label=gettext_lazy("消费者怎么找来的"), choices=channel_choices, initial=Case.Channel.T12315.value
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    field_order = ["channel"]

    @classmethod
    def fresh(cls, shop: Shop | None) -> "EntryForm":
        """An empty form with a key of its own."""
        return cls(shop=shop, initial={"key": uuid4().hex})


class CompleteForm(FilingForm, Versioned):
    """What an incomplete order still lacks. It keeps its own matter line, as staff leave it."""

    title = forms.CharField(
        label=gettext_lazy("事由"),
        help_text=gettext_lazy("消费者和商家都看得到，不写姓名、电话。不写就按类别和请求写成。"),
        widget=forms.TextInput(attrs={"maxlength": str(MOST_TITLE_CHARS)}),
        required=False,
    )

    @classmethod
    def begun(cls, case: Case, came: str, shop: Shop | None) -> "CompleteForm":
        """Filled in with what came; a text that is longer than an account may be is left for staff to put in short."""
        facts = came if len(came) <= MOST_FACTS_CHARS else ""
        known = {"version": case.version, "title": case.title, "facts": facts, "district": case.district}
        return cls(shop=shop, initial=known)
