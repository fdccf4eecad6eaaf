"""Reports and leads at the desk: only for the enforcement people of the unit; for everyone else they do not exist."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints import rules
from complaints.access import ENFORCEMENT_ROLES, HUB_ROLES
from complaints.forms.desk import RevealForm, Versioned
from complaints.forms.reports import FileForm, NotFileForm, ReportEntryForm, ReportReasonForm
from complaints.models import Case, Report
from complaints.selectors import desk as desk_selectors
from complaints.selectors import reports as selectors
from complaints.services import reporters, verification
from complaints.services import reports as services
from portal.kernel import access, calendars, events, files
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.models import User

enforcement = access.staff(*ENFORCEMENT_ROLES)
enforcers = access.staff(Role.ENFORCER)
reviewers = access.staff(Role.ENFORCEMENT_REVIEWER)

MOST_DECIDED = 50


@enforcement
@require_GET
@never_cache
def desk_reports(request: HttpRequest) -> HttpResponse:
    """What is being verified, the oldest first, and what was decided lately."""
    context = {
        "at_work": selectors.rows(desk_selectors.reports_at_work(_who(request))),
        "decided": selectors.rows(selectors.decided(_who(request))[:MOST_DECIDED]),
    }
    return render(request, "complaints/desk/reports.html", context)


@enforcement
@require_GET
@never_cache
def desk_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """One report in clear; the look is written down."""
    return _page(request, _report(request, public_id))


def _who(request: HttpRequest) -> User:
    return access.require_person(request.user)


def _report(request: HttpRequest, public_id: str) -> Report:
    return selectors.report_open_to(who=request.user, public_id=public_id)


def _page(request: HttpRequest, report: Report, *, status: int = 200, **filled: Any) -> HttpResponse:
    who = _who(request)
    first = {"version": report.version}
    context = {
        "report": report,
        "opened": selectors.opened(report, who),
        "clock": calendars.clocks_of(report).last(),
        "files": [(upload, files.name_of(upload)) for upload in files.of(report)],
        "found_in": selectors.found_in(report, who),
        "has_reporter": selectors.has_reporter(report),
        "story": events.of(report).select_related("actor"),
        "may": selectors.may(report, who),
        "conditions": [rules.FILING_CONDITIONS[code] for code in report.conditions],
        "ground": rules.NOT_FILING_GROUNDS.get(report.ground, ""),
        "take_form": Versioned(initial=first, prefix="take"),
        "file_form": FileForm(initial=first, prefix="file", colleagues=selectors.colleagues(report, who)),
        "decline_form": NotFileForm(initial=first, prefix="decline"),
        "hand_back_form": ReportReasonForm(initial=first, prefix="hand_back"),
        "extend_form": ReportReasonForm(initial=first, prefix="extend"),
        "approve_form": Versioned(initial=first, prefix="approve"),
        "send_back_form": ReportReasonForm(initial=first, prefix="send_back"),
        "reveal_form": RevealForm(prefix="reveal"),
        "form": next(iter(filled.values()), None),
        **filled,
    }
    return render(request, "complaints/desk/report.html", context, status=status)


def _act(
    request: HttpRequest, report: Report, name: str, form: Versioned, act: Callable[..., Any], done: str
) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            act(report_id=report.pk, who=request.user, **form.cleaned_data)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                raise
            into(form, refused)
            status = refused.status
            report = _report(request, report.public_id)
        else:
            messages.success(request, done)
            return redirect("complaints:desk_report", report.public_id)
    form.renew(report.version)
    return _page(request, report, status=status, **{f"{name}_form": form})


@enforcers
@require_POST
def desk_report_take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a report on."""
    report = _report(request, public_id)
    form = Versioned(request.POST, prefix="take")
    return _act(request, report, "take", form, verification.take, _("已认领，由您核查。"))


@enforcers
@require_POST
def desk_report_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose to file."""
    report = _report(request, public_id)
    form = FileForm(request.POST, prefix="file", colleagues=selectors.colleagues(report, _who(request)))

    def act(*, second_officer: User | None, **said: Any) -> Report:
        return verification.propose_filing(second_officer_id=second_officer.pk if second_officer else None, **said)

    return _act(request, report, "file", form, act, _("立案意见已经提交审核。"))


@enforcers
@require_POST
def desk_report_decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose not to file."""
    report = _report(request, public_id)
    form = NotFileForm(request.POST, prefix="decline")
    return _act(request, report, "decline", form, verification.propose_not_filing, _("不予立案意见已经提交审核。"))


@enforcers
@require_POST
def desk_report_hand_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose to say that this bureau has no power."""
    report = _report(request, public_id)
    form = ReportReasonForm(request.POST, prefix="hand_back")
    return _act(request, report, "hand_back", form, verification.propose_hand_back, _("意见已经提交审核。"))


@enforcers
@require_POST
def desk_report_extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for fifteen more working days."""
    report = _report(request, public_id)
    form = ReportReasonForm(request.POST, prefix="extend")
    return _act(request, report, "extend", form, verification.propose_extension, _("延长申请已经提交审核。"))


@reviewers
@require_POST
def desk_report_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide as proposed."""
    report = _report(request, public_id)
    form = Versioned(request.POST, prefix="approve")
    return _act(request, report, "approve", form, verification.approve, _("已批准。"))


@reviewers
@require_POST
def desk_report_send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the proposal with a reason."""
    report = _report(request, public_id)
    form = ReportReasonForm(request.POST, prefix="send_back")
    return _act(request, report, "send_back", form, verification.send_back, _("已退回承办人。"))


@enforcement
@require_POST
@never_cache
def desk_reporter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show who reported, once, for a purpose."""
    form = RevealForm(request.POST, prefix="reveal")
    try:
        purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
        reporter = reporters.reveal(public_id=public_id, who=request.user, purpose=purpose)
    except Refused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise
        into(form, refused)
        return _page(request, _report(request, public_id), status=refused.status, reveal_form=form)
    report = _report(request, public_id)
    return render(request, "complaints/desk/reporter.html", {"report": report, "reporter": reporter})


@access.staff(*HUB_ROLES, Role.ENFORCER)
@require_http_methods(["GET", "POST"])
@never_cache
def desk_report_entry(request: HttpRequest) -> HttpResponse:
    """Write a report down for somebody who calls or comes; afterwards only the enforcement people can see it."""
    form = ReportEntryForm(request.POST) if request.method == "POST" else ReportEntryForm.fresh()
    if form.is_bound and form.is_valid():
        try:
            received = services.receive_report(
                filing=form.filing(), who=request.user, key=form.cleaned_data["key"], channel=Case.Channel.T12315
            )
        except Refused as refused:
            into(form, refused)
        else:
            return render(request, "complaints/desk/report_received.html", {"received": received})
    status = 422 if form.errors else 200
    return render(request, "complaints/desk/report_entry.html", {"form": form}, status=status)
