"""What this room owes after something happened."""

from complaints import texts
from complaints.models import Case
from complaints.services import closing, holding
from complaints.services.telling import tell_consumer, tell_shop
from portal.kernel import jobs
from portal.kernel.models import Event

__all__ = ["texts"]


@jobs.job("complaints.tell_termination", jobs.Priority.CLOCK)
def tell_termination(*, case_id: int) -> None:
    """Tell both sides that mediation has ended; whoever has no inbox here is left for an officer (D03 runs on)."""
    case = holding.lock(case_id)
    if tell_consumer(case, "case.terminated"):
        closing.mark_served(case, side="consumer", method="electronic", who=None)
    if tell_shop(case, "case.terminated_shop"):
        closing.mark_served(case, side="shop", method="electronic", who=None)


@jobs.on("case.withdrawn")
def forget_the_proposal(*, event_id: int) -> None:
    """A withdrawn case has nothing left to review."""
    event = Event.objects.get(pk=event_id)
    holding.void_open_proposal(Case.objects.get(pk=event.subject_pk))
