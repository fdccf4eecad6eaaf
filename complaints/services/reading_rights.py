"""Who may open the papers and files of a case: whoever may know of the case, each side only what is theirs."""

from complaints.models import Case, Evidence, Report
from complaints.selectors.cases import cases_open_to
from complaints.selectors.reports import reports_open_to
from complaints.services import papers
from portal.kernel import documents, files
from portal.kernel.access import Who
from portal.kernel.models import Document, Upload, User

BETWEEN_OFFICES = frozenset({papers.DISPATCH})
FOR_THE_SHOP = frozenset({papers.TERMINATION})


def may_read_paper(document: Document, who: Who) -> bool:
    """Staff at the case read all of its papers, the consumer those not between offices, the shop those sent to it."""
    case = cases_open_to(who).filter(pk=document.subject_pk).first()
    if case is None or not isinstance(who, User):
        return False
    if who.is_staff:
        return True
    return document.kind not in BETWEEN_OFFICES if _is_own(case, who) else document.kind in FOR_THE_SHOP


def may_read_evidence(upload: Upload, who: Who) -> bool:
    """Evidence is for staff at the case and for whoever handed it in."""
    case = cases_open_to(who).filter(pk=upload.owner_pk).first()
    if case is None or not isinstance(who, User):
        return False
    return who.is_staff or Evidence.objects.filter(upload=upload, by=who).exists() or _is_own(case, who)


def may_read_report_file(upload: Upload, who: Who) -> bool:
    """Files of a report are for the enforcement people of its unit."""
    return reports_open_to(who).filter(pk=upload.owner_pk).exists()


def _is_own(case: Case, who: User) -> bool:
    return case.consumer.user_id == who.pk


def register() -> None:
    """Tell the kernel's doors whom to let in."""
    documents.register_subject(Case._meta.label_lower, may_read_paper)
    files.register_owner(Case._meta.label_lower, may_read_evidence)
    files.register_owner(Report._meta.label_lower, may_read_report_file)
