"""The one way to get a case: every read says who asks."""

from django.db.models import QuerySet

from complaints import access
from complaints.models import Case, Movement
from portal.kernel.access import Who
from portal.kernel.errors import not_found
from portal.kernel.models import Organisation


def cases_open_to(who: Who) -> QuerySet[Case]:
    """The cases that *who* may know of, each once and in no particular order."""
    allowed = access.cases_of(who)
    if allowed is None:
        return Case.objects.none()
    return Case.objects.filter(allowed)


def case_open_to(*, who: Who, public_id: str) -> Case:
    """The case of that public id; one that is not for *who* is as absent as one that does not exist."""
    wanted = cases_open_to(who).select_related("shop", "hub", "unit", "handler", "respondent", "consumer", "fact")
    case = wanted.filter(public_id=public_id).first()
    if case is None:
        raise not_found()
    return case


def receiver_of(case: Case) -> Organisation | None:
    """The department that a case was handed to; None while it is the city's own."""
    if case.state != Case.State.TRANSFERRED_OUT:
        return None
    move = case.movements.filter(kind=Movement.Kind.TRANSFER_OUT).select_related("to_unit").last()
    return move.to_unit if move else None
