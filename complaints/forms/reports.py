"""What enforcement people fill in on a report, and what staff write down for somebody who reports by telephone."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.desk import Versioned, area
from complaints.forms.filing import district_choices
from complaints.services.reports import ReportFiling
from portal.kernel.models import User


class FileForm(Versioned):
    """Propose to file: four conditions, a second officer, what verification found."""

    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("立案条件（四项须同时符合）"),
        choices=lambda: list(rules.FILING_CONDITIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    second_officer = forms.ModelChoiceField(
        label=gettext_lazy("另一名办案人员"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=gettext_lazy("请选择"),
    )
    reason = forms.CharField(label=gettext_lazy("核查情况和理由"), widget=area(3), required=False)

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second_officer"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["second_officer"].label_from_instance = lambda user: user.display_name  # type: ignore[attr-defined]


class NotFileForm(Versioned):
    """Propose not to file, on one ground."""

    ground = forms.ChoiceField(
        label=gettext_lazy("不予立案的情形"),
        choices=lambda: list(rules.NOT_FILING_GROUNDS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("核查情况和理由"), widget=area(3), required=False)


class ReportReasonForm(Versioned):
    """A reason, and nothing else."""

    reason = forms.CharField(label=gettext_lazy("理由"), widget=area(2), required=False)


class ReportEntryForm(forms.Form):
    """A report told to staff; the reporter may stay unnamed."""

    target_name = forms.CharField(label=gettext_lazy("被举报的商家叫什么"), required=False)
    target_address = forms.CharField(label=gettext_lazy("它在哪里"), required=False)
    district = forms.ChoiceField(label=gettext_lazy("事情发生在哪个区"), choices=district_choices, required=False)
    facts = forms.CharField(
        label=gettext_lazy("线索和事实依据"), widget=forms.Textarea(attrs={"rows": "6"}), required=False
    )
    name = forms.CharField(label=gettext_lazy("举报人姓名（可以不说）"), required=False)
    phone = forms.CharField(label=gettext_lazy("电话（可以不说）"), required=False)
    address = forms.CharField(label=gettext_lazy("地址（可以不说）"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    @classmethod
    def fresh(cls) -> "ReportEntryForm":
        """An empty form with a key of its own."""
        return cls(initial={"key": uuid4().hex})

    def filing(self) -> ReportFiling:
        """What was told."""
        said = self.cleaned_data
        names = ("target_name", "target_address", "district", "facts", "name", "phone", "address")
        return ReportFiling(**{name: said[name] for name in names})
