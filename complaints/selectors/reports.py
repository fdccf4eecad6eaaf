"""Reports for the enforcement people of their unit; for everyone else there are none, not even their number."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from complaints.access import report_units
from complaints.models import Report
from portal.kernel import access_log, crypto
from portal.kernel.access import Role, Who
from portal.kernel.errors import not_found
from portal.kernel.models import User


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
