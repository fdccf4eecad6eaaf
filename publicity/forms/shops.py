"""Forms about shops: looking one up, asking for a place on the roll, and the desk's."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import regions
from publicity.models import Shop, ShopContact
from publicity.rules import MOST_COMMITMENT_CHARS, MOST_REASON_CHARS, REAPPLY_MONTHS_AFTER_FRAUD

REQUIRED = {"required": _("请填写这一项。")}


def district_choices(first: Any) -> list[tuple[str, Any]]:
    """The city's districts behind a first, empty choice."""
    return [("", first), *((row.code, row.label) for row in regions.city().districts)]


def trade_choices() -> list[tuple[str, Any]]:
    """The trades in which shops may pledge behind a first, empty choice."""
    return [("", _("请选择")), *((row.code, row.label) for row in regions.city().trades)]


class ShopSearchForm(forms.Form):
    """What a reader wants of the register of shops; anything unreadable counts as not asked."""

    q = forms.CharField(required=False, max_length=100)
    district = forms.ChoiceField(required=False)
    plate = forms.ChoiceField(required=False, choices=[("", ""), ("active", "")])
    after = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("district", district_choices(_("全市")))

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wanted(self) -> dict[str, str]:
        """Every readable part as text."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class PledgeForm(forms.Form):
    """A shop's application: which shop, which trade, and its promises."""

    shop = forms.ChoiceField(label=_("为哪家店申请"), error_messages=REQUIRED)
    trade = forms.ChoiceField(label=_("行业"), required=False, choices=[])
    commitments = forms.CharField(
        label=_("承诺什么"),
        help_text=_("一行一条，具体到顾客能核对。批准后公开，公开后就有约束力。"),
        max_length=MOST_COMMITMENT_CHARS * 2,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages=REQUIRED,
    )
    agrees = forms.BooleanField(
        label=_("我代表这家店作出以上承诺，知道违背承诺会被暂停使用牌子或者摘牌，并公开原因。"),
        error_messages={"required": _("请先确认这一条。")},
    )

    def __init__(self, *args: Any, shops: list[Shop], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("shop", [(shop.public_id, str(shop)) for shop in shops]),
            ("trade", trade_choices()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        scheme = regions.city().open_scheme.label
        self.fields["trade"].help_text = gettext("{scheme}只在这些行业里评。").format(scheme=scheme)


class StepForm(forms.Form):
    """A press of one button at the desk."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def take_version(self, version: int) -> None:
        """Let what was typed be sent again over the row as it is now, once the reader has been shown it."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "version": str(version)}


class ReasonForm(StepForm):
    """Refusing, suspending and delisting need a reason that others will read."""

    reason = forms.CharField(label=_("原因"), max_length=MOST_REASON_CHARS, error_messages=REQUIRED)


class DelistForm(ReasonForm):
    """Taking a plate away for good."""

    was_fraud = forms.BooleanField(label=_("因为欺诈"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = gettext("勾选后 {fraud} 个月内不能再申请，否则 {months} 个月。")
        months = regions.city().open_scheme.reapply_months
        self.fields["was_fraud"].help_text = told.format(fraud=REAPPLY_MONTHS_AFTER_FRAUD, months=months)


class ContactForm(forms.Form):
    """Who speaks for a shop, and how the desk made sure."""

    phone = forms.CharField(label=_("联系人手机号"), max_length=20, error_messages=REQUIRED)
    method = forms.ChoiceField(
        label=_("怎样核对的"),
        choices=ShopContact.Method.choices,
        widget=forms.RadioSelect,
        help_text=_("只知道店里的电话或者代码不算核对。"),
        error_messages=REQUIRED,
    )


class AliasForm(forms.Form):
    """Another name by which people look for a shop."""

    alias = forms.CharField(label=_("曾用名、简称或者招牌"), max_length=120, error_messages=REQUIRED)


class MergeForm(StepForm):
    """The registered shop that this one turned out to be."""

    into = forms.CharField(
        label=_("并入的商家"), help_text=_("填那家店的统一社会信用代码。"), max_length=40, error_messages=REQUIRED
    )


class RegisterShopForm(forms.Form):
    """A shop that staff have verified by its licence."""

    name = forms.CharField(label=_("营业执照上的名称"), max_length=120, error_messages=REQUIRED)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=40, error_messages=REQUIRED)
    signboard = forms.CharField(label=_("店面招牌（和名称一样可以不填）"), max_length=120, required=False)
    district = forms.ChoiceField(label=_("区"), choices=[], error_messages=REQUIRED)
    address = forms.CharField(label=_("经营地址"), max_length=200, error_messages=REQUIRED)
    trade = forms.ChoiceField(label=_("承诺店行业（没有可以不选）"), choices=[], required=False)
    phone = forms.CharField(label=_("店里电话（可以不填）"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("district", district_choices(_("请选择"))), ("trade", trade_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
