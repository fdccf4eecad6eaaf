"""The one door to who reported: enforcement people give a purpose, and the look stays on record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints import rules
from complaints.models import Report, Reporter
from complaints.selectors.reports import reports_open_to
from portal.kernel import access_log, crypto
from portal.kernel.access import Who, require_person
from portal.kernel.errors import Refused, not_found

FIELDS = ["name", "phone", "address"]


@dataclass(frozen=True)
class Known:
    """What a reporter said of themselves; any of it may be empty."""

    name: str
    phone: str
    address: str


def reveal(*, public_id: str, who: Who, purpose: str) -> Known:
    """The reporter in clear; written to the access log first. Refused: `purpose_missing`, `no_identity` (anonymous)."""
    report = reports_open_to(who).filter(public_id=public_id).first()
    if report is None:
        hidden = Report.objects.filter(public_id=public_id).first()
        access_log.refused("reporter", who=who, subject=hidden, purpose=purpose[:40])
        raise not_found()
    if purpose not in rules.PURPOSES:
        raise Refused("purpose_missing", _("请先选查看身份的用途。"), field="purpose")
    reporter = Reporter.objects.filter(report=report).first()
    if reporter is None:
        raise Refused("no_identity", _("举报人没有留下身份。"))
    access_log.read(require_person(who), reporter, purpose=purpose, fields=FIELDS)
    return Known(**{name: crypto.unseal(reporter, name) for name in FIELDS})
