"""The report form: what and where; who reports may stay empty."""

from django import forms
from django.utils.translation import gettext_lazy

from complaints.filing_rules import MOST_FACTS_CHARS
from complaints.forms.filing import Choices, district_choices, text

REPORT_CLASSES: Choices = [
    ("", gettext_lazy("不清楚，可以不选")),
    ("food", gettext_lazy("食品安全违法行为")),
    ("consumer", gettext_lazy("侵害消费者权益行为")),
    ("competition", gettext_lazy("不正当竞争行为")),
    ("advertising", gettext_lazy("广告违法行为")),
    ("price", gettext_lazy("价格违法行为")),
    ("other", gettext_lazy("其他市场监管领域违法行为")),
]


class ReportForm(forms.Form):
    """A report of a suspected breach; the services say what is missing."""

    target_name = forms.CharField(
        label=gettext_lazy("举报谁"),
        help_text=gettext_lazy("商家或者个人的名称，照门头、小票或者网店上的写。"),
        required=False,
        widget=text(autocomplete="off"),
    )
    district = forms.ChoiceField(label=gettext_lazy("事情发生在哪个区"), choices=district_choices, required=False)
    target_address = forms.CharField(
        label=gettext_lazy("地址"),
        help_text=gettext_lazy("写到门牌号；网店写平台和店名。"),
        required=False,
        widget=text(autocomplete="off"),
    )
    facts = forms.CharField(
        label=gettext_lazy("线索和事实"),
        help_text=gettext_lazy("什么时候、在哪里、谁做了什么，您是怎么知道的。不要写能认出您的话。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "7", "maxlength": str(MOST_FACTS_CHARS)}),
    )
    reported_class = forms.ChoiceField(
        label=gettext_lazy("哪一类行为（可以不选）"), choices=REPORT_CLASSES, required=False
    )
    name = forms.CharField(
        label=gettext_lazy("您的姓名（可以不填）"), required=False, max_length=60, widget=text(autocomplete="off")
    )
    phone = forms.CharField(
        label=gettext_lazy("您的电话（可以不填）"),
        help_text=gettext_lazy("只有办案的执法人员看得到，每次查看都有记录。"),
        required=False,
        max_length=30,
        widget=text(type="tel", inputmode="tel", autocomplete="off"),
    )
    address = forms.CharField(
        label=gettext_lazy("您的地址（可以不填）"), required=False, max_length=200, widget=text(autocomplete="off")
    )
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    kept = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
