"""The disclosure desk: read, mend, pass, publish, withhold, take down."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import access, events
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from publicity import labels
from publicity.disclosure_rules import worth_a_second_look
from publicity.forms.disclosures import ReasonForm, SummaryForm, VersionForm
from publicity.models import Disclosure
from publicity.selectors import disclosure_desk as selectors
from publicity.services import disclosures as services

reviewers = access.staff(*selectors.REVIEWERS)
disclosers = access.staff(Role.DISCLOSER)
Act = Callable[..., Disclosure]
AnyForm = ReasonForm | SummaryForm | VersionForm


@reviewers
@require_safe
def desk_disclosures(request: HttpRequest) -> HttpResponse:
    """What waits for this person's review, by due date, and what left the review last."""
    context = {
        "pending": selectors.waiting_for(request.user),
        "decided": selectors.recently_decided(request.user),
        "words": labels.words(),
    }
    return render(request, "publicity/desk/disclosures.html", context)


def _page(request: HttpRequest, found: Disclosure, *, status: int = HTTPStatus.OK, **forms_sent: Any) -> HttpResponse:
    text = found.summary or found.proposed_summary
    version = {"version": found.version}
    context = {
        "record": found,
        "clock": selectors.clock_of(found),
        "steps": selectors.steps_of(who=request.user, record=found),
        "doubtful": worth_a_second_look(text, shop=found.shop.name),
        "summary_form": SummaryForm(initial={"summary": text, **version}),
        "publish_form": VersionForm(initial=version),
        "back_form": ReasonForm(initial=version, prefix="back"),
        "withhold_form": ReasonForm(initial=version, prefix="withhold"),
        "remove_form": ReasonForm(initial=version, prefix="remove"),
        "history": events.of(found).select_related("actor"),
        "words": labels.words(),
        **forms_sent,
    }
    context["form"] = next(iter(forms_sent.values()), None)
    return render(request, "publicity/desk/disclosure.html", context, status=status)


@reviewers
@require_safe
def desk_disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """One record with what was proposed, what stands now and what this person may do."""
    return _page(request, selectors.desk_record(who=request.user, public_id=public_id))


def _take(request: HttpRequest, public_id: str, act: Act, name: str, form: AnyForm) -> HttpResponse:
    """One step on one record: on to the list, or back to the record with what is wrong and what was typed."""
    found = selectors.desk_record(who=request.user, public_id=public_id)
    if form.is_valid():
        try:
            act(disclosure_id=found.pk, who=request.user, **form.cleaned_data)
            return redirect("publicity:desk_disclosures")
        except Refused as refused:
            into(form, refused)
            found = selectors.desk_record(who=request.user, public_id=public_id)
            form.data = {**request.POST.dict(), form.add_prefix("version"): found.version}
    return _page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY, **{name: form})


@reviewers
@require_POST
def desk_pass(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pass the first review with the sentence as it stands."""
    return _take(request, public_id, services.pass_first, "summary_form", SummaryForm(request.POST))


@disclosers
@require_POST
def desk_publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish after the second review."""
    return _take(request, public_id, services.publish, "publish_form", VersionForm(request.POST))


@disclosers
@require_POST
def desk_send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return to the first review."""
    return _take(request, public_id, services.send_back, "back_form", ReasonForm(request.POST, prefix="back"))


@reviewers
@require_POST
def desk_withhold(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep this complaint out of the register."""
    return _take(request, public_id, services.withhold, "withhold_form", ReasonForm(request.POST, prefix="withhold"))


@disclosers
@require_POST
def desk_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a published record down."""
    return _take(request, public_id, services.remove, "remove_form", ReasonForm(request.POST, prefix="remove"))
