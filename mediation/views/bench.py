"""The mediator's bench and what is done from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.services import decisions
from mediation.access import TALK_ROLES
from mediation.forms.talks import (
    AppraisalForm,
    ConsentForm,
    EndForm,
    PerformedForm,
    ReportForm,
    SayForm,
    VersionForm,
)
from mediation.selectors import bench as selectors
from mediation.selectors.bench import Bench
from mediation.services import agreements, appraisals, messages, performance, sessions
from portal.kernel import access, clock
from portal.kernel.errors import Refused, into

talk_staff = access.staff(*TALK_ROLES)


@talk_staff
@require_GET
def desk_mediations(request: HttpRequest) -> HttpResponse:
    """The talks in hand, the one due first on top."""
    return render(request, "mediation/desk/talks.html", {"rows": selectors.talks_in_hand(request.user)})


def _page(request: HttpRequest, bench: Bench, *, status: int = 200, **forms: object) -> HttpResponse:
    version = bench.mediation.version
    context: dict[str, object] = {
        "bench": bench,
        "say_form": SayForm(auto_id="say_%s"),
        "consent_form": ConsentForm(initial={"version": version}),
        "version_form": VersionForm(initial={"version": version}, auto_id=False),
        "performed_form": PerformedForm(
            initial={
                "performed_on": clock.today(),
                "version": bench.agreement.version if bench.agreement is not None else 0,
            }
        ),
    }
    return render(request, "mediation/desk/bench.html", {**context, **forms}, status=status)


@talk_staff
@never_cache
@require_GET
def bench(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mediation: lane, offers, evidence, clock, consents, agreement."""
    return _page(request, selectors.bench_open_to(who=request.user, public_id=public_id))


@talk_staff
@require_POST
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the talks over."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        sessions.take(mediation_id=found.mediation.pk, who=request.user, **form.cleaned_data)
    return redirect("mediation:bench", public_id)


@talk_staff
@require_POST
def say(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say something to both sides."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    form = SayForm(request.POST, auto_id="say_%s")
    if form.is_valid():
        try:
            messages.post(lane_id=found.lane.pk, who=request.user, **form.cleaned_data)
            return redirect(f"{reverse('mediation:bench', args=[public_id])}#latest")
        except Refused as refused:
            into(form, refused)
    return _page(request, found, status=422, say_form=form)


@talk_staff
@require_POST
def consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down an answer given by telephone."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            sessions.record_consent(mediation_id=found.mediation.pk, who=request.user, **form.cleaned_data)
            return redirect("mediation:bench", public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, found, status=422, consent_form=form)


@talk_staff
@require_POST
def draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the agreement from the accepted offer."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        agreements.draw(mediation_id=found.mediation.pk, who=request.user, **form.cleaned_data)
    return redirect("mediation:bench", public_id)


@talk_staff
@never_cache
@require_POST
def read_agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The words of the agreement, with the consumer's name in it: the look is written to the access log."""
    found = selectors.drawn_bench_open_to(who=request.user, public_id=public_id)
    text = agreements.open_text(agreement_id=found.agreement_id, who=request.user)
    return render(request, "mediation/desk/agreement_text.html", {"bench": found, "text": text})


@talk_staff
@require_http_methods(["GET", "POST"])
def appraisal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Commission an appraisal: D02 stands still."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    start = {"commissioned_on": clock.today(), "version": found.mediation.version}
    form = AppraisalForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            appraisals.commission(mediation_id=found.mediation.pk, who=request.user, **form.cleaned_data)
            return redirect("mediation:bench", public_id)
        except Refused as refused:
            into(form, refused)
    return _act(request, "appraisal", found, form)


@talk_staff
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """The report is here: D02 runs on."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    start = {"received_on": clock.today(), "version": found.mediation.version}
    form = ReportForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            appraisals.receive(mediation_id=found.mediation.pk, who=request.user, **form.cleaned_data)
            return redirect("mediation:bench", public_id)
        except Refused as refused:
            into(form, refused)
    return _act(request, "report", found, form)


@talk_staff
@require_http_methods(["GET", "POST"])
def terminate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose to a reviewer that the mediation ends, on one of the printed grounds."""
    found = selectors.bench_open_to(who=request.user, public_id=public_id)
    start = {"version": found.mediation.case.version, "ground": request.GET.get("ground", "")}
    form = EndForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            decisions.propose_termination(case_id=found.mediation.case_id, who=request.user, **form.cleaned_data)
            return redirect("mediation:bench", public_id)
        except Refused as refused:
            into(form, refused)
    return _act(request, "terminate", found, form)


def _act(request: HttpRequest, name: str, found: Bench, form: object) -> HttpResponse:
    status = 422 if getattr(form, "errors", None) else 200
    return render(request, f"mediation/desk/{name}.html", {"bench": found, "form": form}, status=status)


@talk_staff
@require_POST
def performed(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that the agreement was performed."""
    found = selectors.drawn_bench_open_to(who=request.user, public_id=public_id)
    form = PerformedForm(request.POST)
    if form.is_valid():
        try:
            performance.mark_performed(agreement_id=found.agreement_id, who=request.user, **form.cleaned_data)
            return redirect("mediation:bench", public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, found, status=422, performed_form=form)
