"""The administrator's desk for the yearly notice: see what it would change, load it, and read what it moved."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.kernel import access, calendars
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.views.people import REQUIRED

LARGEST = 200_000
PAGE = 100
admins = access.staff(Role.ADMIN)


class NoticeForm(forms.Form):
    """A notice as a file or as text."""

    year = forms.IntegerField(
        label=_("哪一年"),
        min_value=2007,
        max_value=2100,
        error_messages={
            **REQUIRED,
            "invalid": _("请填四位数的年份。"),
            "min_value": _("请填四位数的年份。"),
            "max_value": _("请填四位数的年份。"),
        },
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": "4"}),
    )
    source = forms.CharField(
        label=_("出处"), help_text=_("通知的名称、文号或者网址。"), max_length=300, error_messages=REQUIRED
    )
    file = forms.FileField(label=_("文件（CSV 或者 JSON）"), help_text=_("也可以不传，直接贴在下面。"), required=False)
    text = forms.CharField(
        label=_("放假和上班的日子"),
        help_text=_("一行一天，例如：2027-01-01,放假。调休上班的写“上班”。"),
        widget=forms.Textarea({"rows": 6}),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        upload = told.get("file")
        if upload is not None:
            if upload.size > LARGEST:
                self.add_error("file", _("文件太大，不像一份放假安排。"))
                return told
            try:
                told["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("文件不是 UTF-8 文字。请另存为 UTF-8 的 CSV 或者 JSON。"))
        if not self.errors and not told.get("text", "").strip():
            self.add_error("text", _("请传一个文件，或者把日子贴进来。"))
        return told


def _page(request: HttpRequest, form: NoticeForm, *, status: int = 200, **found: Any) -> HttpResponse:
    notices = calendars.notices_loaded(request.user)
    context = {"form": form, "alarms": calendars.alarms(), "notices": notices, **found}
    return render(request, "kernel/desk/workdays.html", context, status=status)


@admins
@require_http_methods(["GET", "POST"])
def workdays(request: HttpRequest) -> HttpResponse:
    """The notices, and the form: first it shows what would change, then it loads what was shown.

    `seen` names the calendar that the difference was taken against.
    """
    if request.method == "GET":
        return _page(request, NoticeForm())
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    told = {name: form.cleaned_data[name] for name in ("year", "text", "source")}
    seen = request.POST.get("seen")
    try:
        if seen:
            notice = calendars.load_notice_text(**told, seen=seen, who=request.user)
            return redirect("kernel:workdays_notice", notice.public_id)
        found = calendars.preview_text(**told)
    except Refused as refused:
        into(form, refused)
        return _page(request, form, status=422)
    return _page(request, form, found=found, again={**told, "seen": found.seen})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@admins
@require_GET
def workdays_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One notice: how far recomputation is, and every due date that it moved."""
    after = _number(request.GET.get("after", ""))
    page = calendars.report_page(who=request.user, public_id=public_id, after=after, size=PAGE)
    return render(request, "kernel/desk/workdays_notice.html", {"page": page})
