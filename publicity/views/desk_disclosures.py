"""The disclosure desk: read, mend, pass, publish, withhold, take down."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from portal.kernel import access, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from publicity import labels
from publicity.forms.disclosures import ReasonForm, SummaryForm, VersionForm
from publicity.models import Disclosure
from publicity.selectors import register as selectors
from publicity.services import disclosures as services

reviewers = access.staff(Role.DISCLOSER, Role.REVIEWER)
disclosers = access.staff(Role.DISCLOSER)


@reviewers
@require_GET
def desk_disclosures(request: HttpRequest) -> HttpResponse:
    """What waits for this person's review, by due date."""
    return render(request, "publicity/desk/disclosures.html", {"pending": selectors.in_review(request.user)})


def _page(request: HttpRequest, found: Disclosure, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "record": found,
        "summary_form": SummaryForm(
            initial={"summary": found.summary or found.proposed_summary, "version": found.version}
        ),
        "reason_form": ReasonForm(initial={"version": found.version}),
        "version_form": VersionForm(initial={"version": found.version}),
        "events": events.of(found),
        "words": labels.words(),
        **forms,
    }
    return render(request, "publicity/desk/disclosure.html", context, status=status)


@reviewers
@require_GET
def desk_disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """One record with what was proposed, what stands now and what this person may do."""
    return _page(request, selectors.desk_record(who=request.user, public_id=public_id))


@reviewers
@require_POST
def desk_pass(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pass the first review with the sentence as it stands."""
    found = selectors.desk_record(who=request.user, public_id=public_id)
    form = SummaryForm(request.POST)
    if form.is_valid():
        try:
            services.pass_first(disclosure_id=found.pk, who=request.user, **form.cleaned_data)
            return redirect("publicity:desk_disclosures")
        except Refused as refused:
            into(form, refused)
    return _page(request, found, status=422, summary_form=form)


@disclosers
@require_POST
def desk_publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish after the second review."""
    found = selectors.desk_record(who=request.user, public_id=public_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        services.publish(disclosure_id=found.pk, who=request.user, version=form.cleaned_data["version"])
    return redirect("publicity:desk_disclosure", public_id)


def _with_reason(request: HttpRequest, public_id: str, act: Callable[..., Disclosure]) -> HttpResponse:
    found = selectors.desk_record(who=request.user, public_id=public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(disclosure_id=found.pk, who=request.user, **form.cleaned_data)
            return redirect("publicity:desk_disclosures")
        except Refused as refused:
            into(form, refused)
    return _page(request, found, status=422, reason_form=form)


@disclosers
@require_POST
def desk_send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return to the first review."""
    return _with_reason(request, public_id, services.send_back)


@reviewers
@require_POST
def desk_withhold(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep this complaint out of the register."""
    return _with_reason(request, public_id, services.withhold)


@disclosers
@require_POST
def desk_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a published record down."""
    return _with_reason(request, public_id, services.remove)
