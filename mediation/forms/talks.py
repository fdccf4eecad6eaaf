"""What people type at the table; the services check what it means."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints import rules as law
from mediation.models import Side
from mediation.rules import ANSWER_CHOICES, LONGEST_MESSAGE, LONGEST_TERMS, PAY_CHOICES
from portal.kernel import clock, ids
from portal.kernel.templatetags.portal import zhdate
from portal.kernel.web import MoneyInput

REQUIRED = {"required": _("请填写这一项。")}
CHOOSE = {"required": _("请选一项。"), "invalid_choice": _("请从列出的里面选一项。")}
BAD_DAY = {"required": _("请填写日期。"), "invalid": _("请写年、月、日，例如 2026-11-24。")}
USUAL_ANSWER_DAYS = 3
USUAL_PAY_DAYS = 10


class SayForm(forms.Form):
    """One line, with the key that lets a double click say it once."""

    text = forms.CharField(
        label=_("写一句话"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1, "maxlength": LONGEST_MESSAGE}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40, initial=ids.new_id)


def _days(counts: tuple[int, ...]) -> list[tuple[str, str]]:
    today = clock.today()
    return [
        (
            (today + timedelta(days=n)).isoformat(),
            _now("{day}，{n} 天后").format(day=zhdate(today + timedelta(days=n)), n=n),
        )
        for n in counts
    ]


def _usual(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


class OfferForm(forms.Form):
    """A sum, what else is done, and two days to choose from."""

    amount = forms.CharField(
        label=_("商家付多少钱"),
        help_text=_("单位是元，例如 799 或者 799.00。不付钱填 0。"),
        widget=MoneyInput(),
        error_messages={"required": _("请填写金额。")},
    )
    terms = forms.CharField(
        label=_("还要做什么（可以不填）"),
        help_text=_("写清楚谁、做什么，例如：消费者把商品交回店里，商家原路退款。会原样写进协议。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "area short", "maxlength": LONGEST_TERMS}),
    )
    pay_by = forms.TypedChoiceField(label=_("哪一天以前付清"), coerce=date.fromisoformat, error_messages=CHOOSE)
    answer_by = forms.TypedChoiceField(
        label=_("请对方哪一天以前答复"),
        help_text=_("过了这一天没有答复，方案就失效。"),
        coerce=date.fromisoformat,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, counts, usual in (
            ("pay_by", PAY_CHOICES, USUAL_PAY_DAYS),
            ("answer_by", ANSWER_CHOICES, USUAL_ANSWER_DAYS),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = _days(counts)
            field.initial = _usual(usual)


class ConsentForm(forms.Form):
    """What a party said on the telephone, read back to it."""

    side = forms.ChoiceField(
        label=_("哪一方"),
        choices=[(Side.CONSUMER.value, Side.CONSUMER.label), (Side.MERCHANT.value, Side.MERCHANT.label)],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    agrees = forms.TypedChoiceField(
        label=_("怎么答复"),
        choices=[("yes", _("同意调解")), ("no", _("不同意调解"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """A press of one button on talks that others may have moved on."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """The fresh code, over the hash that was shown."""

    code = forms.CharField(
        label=_("短信里的 6 位验证码"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input code-in"}
        ),
        error_messages={"required": _("请填写短信里的 6 位数字。")},
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=BAD_DAY,
    )


class AppraisalForm(forms.Form):
    """Who tests what, under which letter, at whose cost, from when."""

    body = forms.CharField(label=_("鉴定、检测机构"), max_length=200, error_messages=REQUIRED)
    item = forms.CharField(label=_("鉴定、检测什么"), max_length=300, error_messages=REQUIRED)
    cost_note = forms.CharField(
        label=_("费用怎么承担"), help_text=_("双方商定的办法。"), max_length=300, error_messages=REQUIRED
    )
    reference = forms.CharField(
        label=_("委托书编号"), help_text=_("期限从哪一天暂停，凭这一份证明。"), max_length=120, error_messages=REQUIRED
    )
    commissioned_on = _day_field(_("委托日期"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReportForm(forms.Form):
    """Which report came, and when."""

    reference = forms.CharField(
        label=_("报告编号"), help_text=_("期限从哪一天继续算，凭这一份证明。"), max_length=120, error_messages=REQUIRED
    )
    received_on = _day_field(_("收到报告的日期"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """One of the printed grounds, and the reason that the reviewer reads."""

    ground = forms.ChoiceField(
        label=_("依据哪一项"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("写给审核人看：双方各自怎么说的、做了哪些工作。"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "area short"}),
        error_messages=REQUIRED,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        ground.choices = [
            (choice.code, _now("第 {number} 项：{label}").format(number=choice.ground.number, label=choice.label))
            for choice in law.TERMINATIONS
        ]


class PerformedForm(forms.Form):
    """On which day it was done."""

    performed_on = _day_field(_("哪一天履行的"))
    version = forms.IntegerField(widget=forms.HiddenInput)
