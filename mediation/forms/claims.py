"""Forms around first payout."""

from django import forms
from django.utils.translation import gettext_lazy as _

REQUIRED = {"required": _("请填写这一项。")}


class ClaimForm(forms.Form):
    """What the consumer fills in; the service checks everything else."""

    amount = forms.CharField(
        label=_("申请多少钱"),
        help_text=_("不超过协议里没有付的数，例如 799 或者 799.00。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=REQUIRED,
    )
    payee_name = forms.CharField(
        label=_("收款人姓名"),
        help_text=_("和银行卡上的一样。加密保存，只用来付款。"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=REQUIRED,
    )
    payee_account = forms.CharField(
        label=_("收款银行卡号"),
        help_text=_("只填数字，可以有空格。"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=REQUIRED,
    )
    has_no_other_compensation = forms.BooleanField(label=_("我没有从商家、保险或者别处得到这笔赔偿。"), required=False)
    assigns_the_claim = forms.BooleanField(label=_("赔付以后，由基金代我向商家追回这笔钱。"), required=False)


class PayeeForm(forms.Form):
    """A corrected account after the bank sent the money back."""

    payee_name = forms.CharField(label=_("收款人姓名"), max_length=60, error_messages=REQUIRED)
    payee_account = forms.CharField(
        label=_("收款银行卡号"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=REQUIRED,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """A refusal or an objection needs its reason."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), error_messages=REQUIRED
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class VersionForm(forms.Form):
    """A press of one button on a row that others may have changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReceiptForm(forms.Form):
    """Money that came in, as the bank line shows it."""

    amount = forms.CharField(
        label=_("到账金额"), widget=forms.TextInput(attrs={"inputmode": "decimal"}), error_messages=REQUIRED
    )
    reference = forms.CharField(
        label=_("银行流水号"), help_text=_("每个流水号只能登记一次。"), max_length=40, error_messages=REQUIRED
    )
