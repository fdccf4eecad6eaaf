"""How long each step may take, for everybody; and where administrators load a new version of the law."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import access, calendars, page_cache
from portal.kernel.access import Role
from portal.kernel.calendars import book, words
from portal.kernel.errors import Refused, into
from portal.kernel.models.law import LawVersion
from portal.kernel.views.people import REQUIRED
from portal.kernel.web import DayInput

NUMBER = {**REQUIRED, "invalid": _("请填一个整数。"), "min_value": _("请填一个整数，不能小于 0。")}
admins = access.staff(Role.ADMIN)


@access.public
@page_cache.keep
@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """Every period of the registry, a sentence each, with its law."""
    return render(request, "kernel/law.html", {"parts": book.book()})


def _periods() -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that have a number, chapter by chapter."""
    return [
        (
            str(part.chapter.title),
            [
                (entry.code, f"{entry.held.title}（{words.length_of(entry.held)}）")
                for entry in part.entries
                if entry.held.length
            ],
        )
        for part in book.book()
    ]


class DayField(forms.Field):
    """A day typed as year, month and day."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            year, month, day = (int(piece) for piece in value)
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(_("请填一个真实的日期，例如 2027 年 1 月 1 日。"), code="invalid") from None


class VersionForm(forms.Form):
    """A later version of one period."""

    code = forms.ChoiceField(label=_("哪一个期限"), choices=_periods, error_messages=REQUIRED)
    length = forms.IntegerField(
        label=_("新的长度"), help_text=_("单位不变；单位也改的，要随软件升级。"), error_messages=NUMBER
    )
    extension = forms.IntegerField(
        label=_("最多延长"), help_text=_("依法不能延长的填 0。"), initial=0, error_messages=NUMBER
    )
    law = forms.CharField(label=_("法律文件"), help_text=_("全称，带书名号。"), max_length=80, error_messages=REQUIRED)
    article = forms.CharField(label=_("条款"), help_text=_("例如第十五条第一款。"), max_length=40, required=False)
    certainty = forms.ChoiceField(
        label=_("性质"),
        choices=LawVersion.Certainty.choices,
        initial="text",
        widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )
    source = forms.CharField(
        label=_("出处"), help_text=_("公布的文号或者网址，第二个人按它核对。"), max_length=300, error_messages=REQUIRED
    )
    from_date = DayField(label=_("施行日期"), help_text=_("最早是明天。"), error_messages=REQUIRED)


def _desk(request: HttpRequest, form: forms.Form, *, status: int = 200) -> HttpResponse:
    rows = [(row, book.entry(row.code)) for row in calendars.law_versions(request.user)]
    waiting = [pair for pair in rows if pair[0].state == LawVersion.State.PROPOSED]
    decided = [pair for pair in rows if pair[0].state != LawVersion.State.PROPOSED]
    return render(
        request, "kernel/desk/law.html", {"form": form, "waiting": waiting, "decided": decided}, status=status
    )


@admins
@require_http_methods(["GET", "POST"])
def law_desk(request: HttpRequest) -> HttpResponse:
    """Versions that wait, versions that were decided, and the form that proposes one."""
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calendars.propose_law_version(**form.cleaned_data, who=request.user)
            return redirect("kernel:law_desk")
        except Refused as refused:
            into(form, refused)
    return _desk(request, form, status=422 if form.errors else 200)


@admins
@require_POST
def law_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve or decline a version."""
    calendars.decide_law_version(public_id=public_id, verdict=request.POST.get("verdict", ""), who=request.user)
    return redirect("kernel:law_desk")
