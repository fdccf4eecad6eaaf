"""Reports for the enforcement people of their unit; for everyone else there are none, not even their number."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from complaints.access import report_units
from complaints.models import LeadLink, Report, Reporter
from portal.kernel import access_log, crypto
from portal.kernel.access import Role, Who
from portal.kernel.errors import not_found
from portal.kernel.models import Clock, User


def reports_open_to(who: Who) -> QuerySet[Report]:
    """The reports that *who* may know of."""
    return Report.objects.filter(unit_id__in=report_units(who))


def report_open_to(*, who: Who, public_id: str) -> Report:
    """One report; a refused look at one that exists is written to the access log and looks like an absent one."""
    wanted = reports_open_to(who).select_related("unit", "shop", "handler", "second_officer", "proposed_by")
    report = wanted.filter(public_id=public_id).first()
    if report is None:
        hidden = Report.objects.filter(public_id=public_id).first()
        if hidden is not None:
            access_log.refused("report", who=who, subject=hidden)
        raise not_found()
    return report


@dataclass(frozen=True)
class Opened:
    """A report in clear, for the person who opened it; who reported it stays sealed."""

    target_name: str
    target_address: str
    facts: str
    reason: str


def opened(report: Report, who: User) -> Opened:
    """The words of a report that `report_open_to` gave to *who*; the look is written to the access log."""
    access_log.read(who, report, purpose="handle", fields=["target", "facts"])
    return Opened(
        target_name=crypto.unseal(report, "target_name"),
        target_address=crypto.unseal(report, "target_address"),
        facts=crypto.unseal(report, "facts"),
        reason=crypto.unseal(report, "reason"),
    )


def colleagues(report: Report, who: User) -> QuerySet[User]:
    """The other enforcement officers of the report's unit, of whom one must be the second."""
    return (
        User.objects.filter(is_active=True, memberships__organisation=report.unit, memberships__role=Role.ENFORCER)
        .exclude(pk=who.pk)
        .distinct()
        .order_by("display_name", "pk")
    )


@dataclass(frozen=True)
class ReceiptView:
    """What the holder of a receipt code is shown: that it came, and whether it is decided; never how."""

    number: str
    received_at: datetime
    is_decided: bool


def by_receipt(code: str) -> ReceiptView:
    """The report whose receipt code somebody holds; absent for any other code."""
    index = crypto.blind_index("report.receipt", code.strip().upper())
    report = Report.objects.filter(receipt_index=index, kind=Report.Kind.REPORT).first()
    if report is None:
        raise not_found()
    return ReceiptView(report.number, report.received_at, report.state != Report.State.VERIFYING)


@dataclass(frozen=True)
class Row:
    """One line of the list of reports: number, state and clock; nothing of what it says."""

    report: Report
    clock: Clock | None


def rows(reports: QuerySet[Report]) -> list[Row]:
    """The lines for these reports, each with its verification clock."""
    found = list(reports)
    label = Report._meta.label_lower
    clocks = Clock.objects.filter(subject_label=label, subject_pk__in=[str(report.pk) for report in found])
    by_report = {clock.subject_pk: clock for clock in clocks.order_by("pk")}
    return [Row(report, by_report.get(str(report.pk))) for report in found]


def decided(who: User) -> QuerySet[Report]:
    """Reports that were decided, the latest first."""
    done = reports_open_to(who).exclude(state=Report.State.VERIFYING)
    return done.select_related("handler", "unit").order_by("-decided_at", "-pk")


def has_reporter(report: Report) -> bool:
    """Whether somebody left their name or number."""
    return Reporter.objects.filter(report=report).exists()


def found_in(report: Report, who: User) -> str:
    """The number of the complaint in which a lead was found; empty for a report."""
    link = LeadLink.objects.filter(report__in=reports_open_to(who), report=report).select_related("case").first()
    return str(link.case) if link else ""


def may(report: Report, who: User) -> frozenset[str]:
    """What *who* can do with a report now."""
    is_enforcer = report.unit_id in who.unit_ids(Role.ENFORCER)
    is_reviewer = report.unit_id in who.unit_ids(Role.ENFORCEMENT_REVIEWER)
    at_work = report.state == Report.State.VERIFYING
    parties = (report.handler_id, report.proposed_by_id, report.second_officer_id)
    acts = {
        "take": at_work and is_enforcer and report.handler_id is None,
        "propose": at_work and is_enforcer and report.handler_id == who.pk and not report.proposed,
        "review": at_work and is_reviewer and bool(report.proposed) and who.pk not in parties,
    }
    return frozenset(name for name, holds in acts.items() if holds)
