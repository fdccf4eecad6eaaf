"""Forms of the disclosure desk and the release desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

REQUIRED = {"required": _("请填写这一项。")}


class SummaryForm(forms.Form):
    """The sentence that the public will read."""

    summary = forms.CharField(
        label=_("公示的话"),
        help_text=_("写清商品、问题和结果，10 到 300 个字。不写姓名、电话、地址、订单号和金额。"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=REQUIRED,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Sending back, withholding and taking down need a reason."""

    reason = forms.CharField(label=_("理由"), max_length=200, error_messages=REQUIRED)
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """A press of one button."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SignForm(forms.Form):
    """Signing names what was in front of the signer: its fingerprint."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class MonthForm(forms.Form):
    """The month of a release; a correction says why."""

    month = forms.DateField(
        label=_("月份"),
        input_formats=["%Y-%m"],
        help_text=_("例如 2026-10。只能给已经过完的月份定稿。"),
        error_messages={**REQUIRED, "invalid": _("请写成 2026-10 这样。")},
    )
    note = forms.CharField(label=_("更正原因（第一次发布可以不填）"), max_length=200, required=False)
