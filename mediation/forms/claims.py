"""Forms around first payout. They ask; the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.payout_rules import PURPOSES
from portal.kernel.web import MoneyInput


def account_input() -> forms.TextInput:
    """A field for an account number."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class ClaimForm(forms.Form):
    """What the consumer fills in."""

    amount = forms.CharField(
        label=_("申请多少钱"),
        help_text=_("单位是元，不超过协议里没有付的数。"),
        widget=MoneyInput(),
        required=False,
    )
    payee_name = forms.CharField(
        label=_("收款人姓名"),
        help_text=_("和银行卡上的一样。加密保存，只用来付款。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        required=False,
    )
    payee_account = forms.CharField(
        label=_("收款银行卡号"),
        help_text=_("只填数字，可以有空格。"),
        widget=account_input(),
        required=False,
    )
    has_no_other_compensation = forms.BooleanField(label=_("我没有从商家、保险或者别处得到这笔赔偿。"), required=False)
    assigns_the_claim = forms.BooleanField(label=_("赔付以后，由基金代我向商家追回这笔钱。"), required=False)


class Versioned(forms.Form):
    """A form that says which version of the claim was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def renew(self, version: int) -> None:
        """Let what was typed be sent again from the newest version, once its reader has seen what changed."""
        self.data = {**self.data.dict(), self.add_prefix("version"): str(version)}  # type: ignore[attr-defined]


class PayeeForm(Versioned):
    """A corrected account after the bank sent the money back."""

    payee_name = forms.CharField(label=_("收款人姓名"), required=False)
    payee_account = forms.CharField(label=_("收款银行卡号"), widget=account_input(), required=False)


class ObjectionForm(forms.Form):
    """Why the shop does not agree."""

    reason = forms.CharField(
        label=_("为什么不同意"),
        help_text=_("审批人会看。不要写消费者的姓名和电话。"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "area short"}),
        required=False,
    )


class WithdrawForm(Versioned):
    """Taking a claim back, with or without having been paid."""

    has_been_paid = forms.BooleanField(label=_("商家已经把钱付给我了。"), required=False)


class RefuseForm(Versioned):
    """A refusal needs its reason."""

    reason = forms.CharField(
        label=_("不批准的理由"),
        help_text=_("申请人会看到。"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "area short"}),
        required=False,
    )


class ReceiptForm(forms.Form):
    """Money that came in, as the bank line shows it."""

    amount = forms.CharField(label=_("到账金额"), help_text=_("单位是元。"), widget=MoneyInput(), required=False)
    reference = forms.CharField(label=_("银行流水号"), help_text=_("每个流水号只能登记一次。"), required=False)


def purposes() -> list[tuple[str, Any]]:
    """Why somebody may look at a payee."""
    return list(PURPOSES.items())


class RevealForm(forms.Form):
    """Why a payee is looked at."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=purposes,
        widget=forms.RadioSelect,
        error_messages={"required": _("请先选查看收款人的用途。")},
    )
