"""What staff fill in on the desk's page of a case. The forms ask; the services decide."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.services import decisions
from portal.kernel.calendars import book
from portal.kernel.models import Organisation


class Versioned(forms.Form):
    """A form that says which version of the case was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def renew(self, version: int) -> None:
        """Let what was typed be sent again from the newest version, once its reader has seen what changed."""
        sent: Any = self.data
        again = sent.copy()
        again[self.add_prefix("version")] = str(version)
        self.data = again

    def typed_words(self) -> list[str]:
        """What was written by hand, so that a page which no longer asks can still give it back."""
        names = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return [str(self.data.get(self.add_prefix(name), "")) for name in names if self.data.get(self.add_prefix(name))]


def area(rows: int) -> forms.Textarea:
    """A field for some sentences."""
    return forms.Textarea(attrs={"rows": str(rows), "class": "area short"})


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One body, named by its public id."""

    def __init__(self, *kinds: str, label: Any) -> None:
        bodies = Organisation.objects.filter(kind__in=kinds, is_active=True).order_by("code")
        super().__init__(queryset=bodies, to_field_name="public_id", label=label, empty_label=gettext_lazy("请选择"))
        self.error_messages["required"] = gettext_lazy("请选一个单位。")
        self.error_messages["invalid_choice"] = gettext_lazy("请从列出的单位里选。")

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class DispatchForm(Versioned):
    """To which bureau, and why."""

    unit = UnitField(Organisation.Kind.BUREAU, label=gettext_lazy("分送给"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), help_text=gettext_lazy("写进案卷，受理机关看得到。"), widget=area(2), required=False
    )


class TransferForm(Versioned):
    """To which department outside market regulation, and why."""

    unit = UnitField(Organisation.Kind.DEPARTMENT, label=gettext_lazy("移送给"))
    reason = forms.CharField(
        label=gettext_lazy("移送理由"), help_text=gettext_lazy("印在移送函上。"), widget=area(2), required=False
    )


class ReasonForm(Versioned):
    """A reason, and nothing else."""

    reason = forms.CharField(label=gettext_lazy("理由"), widget=area(3), required=False)


def ground_choices() -> list[tuple[str, str]]:
    """The seven grounds of 办法16, as they are printed."""
    return [(ground.code, f"（{ground.number}）{ground.text}") for ground in rules.REJECTION_GROUNDS]


class DecideForm(Versioned):
    """Accept, propose to decline, or give back to the hub."""

    HINTS = {
        decisions.ACCEPT: format_lazy(
            gettext_lazy("生成受理决定书，今天起算 {within}"), within=book.lazy_length_of(rules.MEDIATE)
        ),
        decisions.REJECT: gettext_lazy("须选法定情形，由审核人批准"),
        decisions.RETURN: gettext_lazy("本局没有处理权限，不得自行移送"),
    }
    decision = forms.ChoiceField(
        label=gettext_lazy("决定"),
        choices=[
            (decisions.ACCEPT, gettext_lazy("受理")),
            (decisions.REJECT, gettext_lazy("不予受理")),
            (decisions.RETURN, gettext_lazy("退回分送")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一种决定。")},
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("不予受理的法定情形"), choices=ground_choices, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("理由（不予受理、退回时填写）"),
        help_text=gettext_lazy("不予受理的理由会印在决定书上。"),
        widget=area(4),
        required=False,
    )

    def decision_rows(self) -> list[tuple[Any, Any]]:
        """Each choice with the line that says what follows from it."""
        return [(radio, self.HINTS[str(radio.data["value"])]) for radio in self["decision"]]


class ReviewForm(Versioned):
    """Approve what was proposed, or send it back with a reason."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("审核意见"),
        choices=[("approve", gettext_lazy("批准")), ("return", gettext_lazy("退回"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选批准还是退回。")},
    )
    reason = forms.CharField(label=gettext_lazy("退回的理由"), widget=area(3), required=False)


class ServiceForm(Versioned):
    """Which side was told of the termination, and how."""

    side = forms.ChoiceField(
        label=gettext_lazy("告知了谁"),
        choices=[("consumer", gettext_lazy("消费者")), ("shop", gettext_lazy("商家"))],
        widget=forms.RadioSelect,
    )
    method = forms.ChoiceField(label=gettext_lazy("怎么告知的"), choices=lambda: list(rules.SERVICE_METHODS.items()))


class CloseForm(Versioned):
    """Whether a sign of a breach was found, and what."""

    lead = forms.ChoiceField(
        label=gettext_lazy("有没有发现违法线索"),
        choices=[("none", gettext_lazy("查过，没有发现")), ("found", gettext_lazy("发现了，写在下面"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请先回答有没有发现违法线索。")},
    )
    lead_facts = forms.CharField(
        label=gettext_lazy("线索"),
        help_text=gettext_lazy("转给执法人员核查。案卷里不留，双方和其他人都看不到。"),
        widget=area(3),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("lead") == "found" and not cleaned.get("lead_facts", "").strip():
            self.add_error("lead_facts", _("请写清发现了什么。"))
        if cleaned.get("lead") == "none" and cleaned.get("lead_facts", "").strip():
            self.add_error("lead", _("您写了线索，请选“发现了”，或者把它删去。"))
        return cleaned


class MaterialForm(Versioned):
    """Words or a file that somebody told or brought."""

    text = forms.CharField(
        label=gettext_lazy("内容"),
        help_text=gettext_lazy("写明谁、什么时候、怎么给的。"),
        widget=area(2),
        required=False,
    )
    upload = forms.FileField(
        label=gettext_lazy("文件（可以不传）"),
        help_text=gettext_lazy("JPEG、PNG、WebP 或者 PDF，不超过 20 MB。一次一个，可以分几次。"),
        required=False,
    )


class LeadForm(forms.Form):
    """A sign of a breach, found while the case is open."""

    lead_facts = forms.CharField(
        label=gettext_lazy("发现了什么"),
        help_text=format_lazy(
            gettext_lazy("转给执法人员核查，从今天起算 {within}。案卷里不留，双方和其他人都看不到。"),
            within=book.lazy_length_of(rules.VERIFY_LEAD),
        ),
        widget=area(3),
        required=False,
    )


class RevealForm(forms.Form):
    """What somebody wants to see an identity for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"),
        choices=lambda: list(rules.PURPOSES.items()),
        widget=forms.RadioSelect,
        required=False,
    )


class QueueForm(forms.Form):
    """How the queue is narrowed and ordered."""

    stage = forms.ChoiceField(required=False)
    problem = forms.ChoiceField(required=False)
    order = forms.ChoiceField(required=False)
