"""Take a case in hand: lock it, be allowed to, and see it as it is on the page."""

from django.utils.translation import gettext as _

from complaints.models import Case, Proposal
from complaints.selectors.cases import cases_open_to
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User


def lock(case_id: int) -> Case:
    """The case, locked until the transaction ends; for callers that have already settled who may act."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise not_found()
    return case


def at_hub(*roles: Role, case_id: int, who: Who, version: int) -> tuple[Case, User]:
    """The locked case and *who* as one of the hub's people.

    Refused: `not_found` to those who may not know of the case, `forbidden` without the role, `stale` on an old page.
    """
    case = lock(case_id)
    _must_know_of(case, who)
    person = require(who, *roles, unit_id=case.hub_id)
    check_version(case, version)
    return case, person


def at_bureau(*roles: Role, case_id: int, who: Who, version: int | None) -> tuple[Case, User]:
    """The locked case and *who* as one of its bureau's people; refused as at the hub. Without a bureau: forbidden."""
    case = lock(case_id)
    _must_know_of(case, who)
    person = require(who, *roles, unit_id=case.unit_id or 0)
    if version is not None:
        check_version(case, version)
    return case, person


def _must_know_of(case: Case, who: Who) -> None:
    if not cases_open_to(who).filter(pk=case.pk).exists():
        raise not_found()


def put_back(case: Case) -> None:
    """Save the case under its next version, so that every older page is stale."""
    case.version += 1
    case.save()


def void_open_proposal(case: Case) -> None:
    """End a proposal that the case has left behind."""
    case.proposals.filter(state=Proposal.State.OPEN).update(state=Proposal.State.VOID)


def refuse_while_proposed(case: Case) -> None:
    """Refuse (`proposal_open`) while a reviewer still has a proposal on this case."""
    if case.proposals.filter(state=Proposal.State.OPEN).exists():
        raise Refused("proposal_open", _("这件投诉有一份建议正等审核人决定，请等审核完再办。"))


def moved_on() -> Refused:
    """What the second of two people who press together is told."""
    return Refused("case_moved_on", _("这件投诉已经到了下一步，请刷新页面。"))


def needs_words(text: str, *, field: str = "reason", most: int = 300) -> str:
    """The stripped text; Refused (`reason_missing`, `reason_long`) on *field* when it says nothing or too much."""
    found = text.strip()
    if len(found) < 2:
        raise Refused("reason_missing", _("请写明理由。"), field=field)
    if len(found) > most:
        raise Refused("reason_long", _("最多写 {most} 个字。").format(most=most), field=field)
    return found
