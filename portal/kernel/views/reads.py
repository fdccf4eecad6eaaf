"""Who looked at which identity, for what, and who was refused: for the person in charge of personal data."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel import access, access_log, stories
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into

auditors = access.staff(Role.AUDITOR)


class CaseForm(forms.Form):
    """The number of a case."""

    number = forms.CharField(
        label=_("投诉或者举报的编号"), max_length=60, error_messages={"required": _("请填写编号。")}
    )


@auditors
@never_cache
@require_safe
def reads(request: HttpRequest) -> HttpResponse:
    """The record, newest first, whole or narrowed; `?number=` leads to that case's story, or says there is none."""
    form = CaseForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        try:
            return redirect("kernel:story", *stories.find(who=request.user, text=form.cleaned_data["number"]))
        except Refused as refused:
            into(form, refused)
    only = request.GET.get("only", "")
    page = access_log.page_of(who=request.user, only=only, after=request.GET.get("after", "")[:40])
    context = {"page": page, "only": only, "form": form}
    return render(request, "kernel/desk/reads.html", context)


@auditors
@never_cache
@require_safe
def story(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """One case's whole story; opening it is itself on record."""
    told = stories.story_of(who=request.user, kind=kind, name=name)
    return render(request, "kernel/desk/story.html", {"story": told})
