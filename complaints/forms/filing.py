"""The steps of the wizard as forms. They ask and keep what is typed; what is right is the services' matter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.filing_rules import ID_TYPES, MOST_FACTS_CHARS, RESIDENT_ID, SALE_MODES
from complaints.rules import CLAIMS
from portal.kernel import clock, regions
from portal.kernel.web import DayInput, MoneyInput

Choices = list[tuple[str, Any]]


def text(**attrs: str) -> forms.TextInput:
    """A one-line input with these attributes."""
    return forms.TextInput(attrs=attrs)


def district_choices() -> Choices:
    """The districts of the city, with an empty first line."""
    return [("", _("请选择")), *((row.code, row.label) for row in regions.city().districts)]


def problem_choices() -> Choices:
    """The problem classes, in Chinese each with an example of what it means."""
    rows: Choices = [("", _("请选择"))]
    for row in regions.city().problems:
        has_examples = row.examples and row.label == row.name
        rows.append((row.code, f"{row.label}（{'、'.join(row.examples)}）" if has_examples else row.label))
    return rows


def object_choices() -> Choices:
    """The classes of goods and services, in groups."""
    groups: dict[str, list[tuple[str, str]]] = {"goods": [], "service": [], "other": []}
    for row in regions.city().objects:
        groups[row.kind].append((row.code, row.label))
    return [("", _("不清楚，可以不选")), (_("商品"), groups["goods"]), (_("服务"), groups["service"]), *groups["other"]]


class DayField(forms.Field):
    """Three pieces of a date, unread."""

    widget = DayInput


class Step(forms.Form):
    """One step; every field is optional here, since a step is kept as typed and checked afterwards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def full_clean(self) -> None:
        """Judge nothing: errors are what the services say."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def typed(self) -> dict[str, Any]:
        """Everything as it was typed."""
        return {name: self[name].data for name in self.fields}


class ShopForm(Step):
    """A shop that the look-up does not know."""

    shop_name = forms.CharField(
        label=gettext_lazy("商家叫什么"),
        help_text=gettext_lazy("照小票、门头或者网店上的写。"),
        widget=text(autocomplete="off"),
    )
    district = forms.ChoiceField(label=gettext_lazy("在哪个区"), choices=district_choices)
    shop_address = forms.CharField(
        label=gettext_lazy("地址"),
        help_text=gettext_lazy("写到门牌号或者楼层铺位。网店写平台上公布的地址。"),
        widget=text(autocomplete="off"),
    )
    shop_phone = forms.CharField(
        label=gettext_lazy("商家电话（可以不填）"), widget=text(inputmode="tel", autocomplete="off")
    )


class ShopAddressForm(Step):
    """The address of a known shop that we have no address of."""

    shop_address = ShopForm.base_fields["shop_address"]


class WhatForm(Step):
    """What happened."""

    purchased_on = DayField(
        label=gettext_lazy("哪一天买的，或者哪一天接受的服务"),
        help_text=gettext_lazy("记不清具体哪天，写大概的日子。例如 2026 年 11 月 2 日。"),
    )
    facts = forms.CharField(
        label=gettext_lazy("发生了什么"),
        help_text=gettext_lazy("按先后写：买了什么，出了什么问题，跟商家怎么说的，商家怎么答复。"),
        widget=forms.Textarea(attrs={"rows": "7", "maxlength": str(MOST_FACTS_CHARS)}),
    )
    paid_fen = forms.CharField(
        label=gettext_lazy("涉及多少钱"),
        help_text=gettext_lazy("实际付的数，没有付钱就填 0。"),
        widget=MoneyInput,
    )
    problem = forms.ChoiceField(label=gettext_lazy("最像哪一类问题（可以不选）"), choices=problem_choices)
    sale_mode = forms.ChoiceField(label=gettext_lazy("怎么买的"), choices=list(SALE_MODES.items()), initial="offline")
    object_class = forms.ChoiceField(label=gettext_lazy("买的是什么（可以不选）"), choices=object_choices)


class WantForm(Step):
    """What the consumer asks for."""

    claims = forms.MultipleChoiceField(
        label=gettext_lazy("您想让商家怎么做"),
        help_text=gettext_lazy("可以选几项。"),
        choices=list(CLAIMS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    claimed_fen = forms.CharField(
        label=gettext_lazy("退还或者赔偿多少钱"),
        help_text=gettext_lazy("先按您付的数填好了，可以改。不要钱就填 0。"),
        widget=MoneyInput,
    )


class EvidenceForm(Step):
    """Files; each is kept as soon as it arrives."""

    upload_ids = forms.FileField(label=gettext_lazy("有没有凭证（可以不传）"))

    def typed(self) -> dict[str, Any]:
        return {}


class YouForm(Step):
    """Who complains."""

    name = forms.CharField(
        label=gettext_lazy("您的姓名"),
        help_text=gettext_lazy("照身份证上的写。依法投诉要用真实姓名。"),
        widget=text(autocomplete="name"),
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号码"),
        help_text=gettext_lazy("用来收验证码和进展短信。"),
        widget=text(type="tel", inputmode="tel", autocomplete="tel"),
    )
    address = forms.CharField(
        label=gettext_lazy("通讯地址"),
        help_text=gettext_lazy("能收到信的地址，写到门牌号。"),
        widget=text(autocomplete="street-address"),
    )
    id_type = forms.ChoiceField(
        label=gettext_lazy("证件（可以不填）"), choices=list(ID_TYPES.items()), initial=RESIDENT_ID
    )
    id_number = forms.CharField(
        label=gettext_lazy("证件号码（可以不填）"),
        help_text=gettext_lazy("现在填了，以后核验身份就不用再找您要。"),
        widget=text(autocomplete="off"),
    )


class CheckForm(Step):
    """The two consents, the declaration and the phone code."""

    agrees_to_disclosure = forms.BooleanField(
        label=gettext_lazy("同意公示这件投诉"),
        help_text=gettext_lazy("公示前去掉姓名、电话、地址、订单号，由工作人员看过才发布。"),
    )
    agrees_to_delegation = forms.BooleanField(
        label=gettext_lazy("同意委托调解"),
        help_text=gettext_lazy("双方都同意时，可以由消费者协会或者人民调解委员会来调解。"),
    )
    is_true = forms.BooleanField(label=gettext_lazy("以上内容真实，我对它负责。"))
    code = forms.CharField(
        label=gettext_lazy("短信里的 6 位数字"),
        widget=text(inputmode="numeric", autocomplete="one-time-code", maxlength="12"),
    )


FORMS: dict[str, type[Step]] = {
    "shop": ShopForm,
    "what": WhatForm,
    "want": WantForm,
    "evidence": EvidenceForm,
    "you": YouForm,
    "check": CheckForm,
}


class ResumeForm(forms.Form):
    """The two things that take a draft up on another device."""

    code = forms.CharField(
        label=gettext_lazy("续填码"),
        help_text=gettext_lazy("8 位，不分大小写，例如 K7F2-9QMT。"),
        max_length=20,
        widget=text(autocomplete="off", autocapitalize="characters", spellcheck="false"),
        error_messages={"required": gettext_lazy("请填续填码。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号码"),
        help_text=gettext_lazy("填过“您的信息”的，用那里写的手机号。"),
        max_length=30,
        widget=text(type="tel", inputmode="tel", autocomplete="tel"),
        error_messages={"required": gettext_lazy("请填写手机号码。")},
    )


class PhoneCodeForm(forms.Form):
    """The code that was just sent."""

    phone_code = forms.CharField(
        label=gettext_lazy("短信里的 6 位数字"),
        max_length=12,
        widget=text(inputmode="numeric", autocomplete="one-time-code"),
        error_messages={"required": gettext_lazy("请填写验证码。")},
    )


class TrackForm(forms.Form):
    """A number and a phone."""

    number = forms.CharField(
        label=gettext_lazy("投诉编号"),
        max_length=40,
        widget=text(autocomplete="off", autocapitalize="characters", spellcheck="false"),
        error_messages={"required": gettext_lazy("请填投诉编号。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("投诉时留的手机号"),
        max_length=30,
        widget=text(type="tel", inputmode="tel", autocomplete="tel"),
        error_messages={"required": gettext_lazy("请填写手机号码。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        example = regions.city().numbers.complaint.format(day=clock.today(), number=1)
        self.fields["number"].help_text = _("在回执和短信里，例如 {example}。").format(example=example)


class SupplementForm(forms.Form):
    """Words added after filing; files come beside them."""

    text = forms.CharField(
        label=gettext_lazy("要补充什么"),
        help_text=gettext_lazy("新的情况，或者说明下面文件是什么。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "6", "maxlength": str(MOST_FACTS_CHARS)}),
    )


class ConsentsForm(forms.Form):
    """The two consents, as they stand."""

    disclosure = CheckForm.base_fields["agrees_to_disclosure"]
    delegation = CheckForm.base_fields["agrees_to_delegation"]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("disclosure", "delegation"):
            self.fields[name].required = False


class WithdrawForm(forms.Form):
    """Only the version of the page: withdrawing asks for nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def without(form: forms.Form, names: Iterable[str]) -> None:
    """Take fields out of a form that this person need not answer."""
    for name in names:
        form.fields.pop(name, None)
