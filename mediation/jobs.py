"""What this room does after something happened, and how the desk shows its clocks."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from complaints.selectors.gists import gist_of
from mediation import period_rules
from mediation.access import TALK_ROLES, side_of
from mediation.models import Agreement, Mediation
from mediation.payout_rules import PURPOSES
from mediation.selectors.bench import in_hand
from mediation.selectors.claims import claims_open_to
from mediation.services import offers, performance, sessions
from portal.kernel import access_log, calendars, documents, jobs, rail
from portal.kernel.access import Who
from portal.kernel.calendars import Presented
from portal.kernel.models import Document, Event, User

__all__ = ["period_rules"]


def _case_id(event_id: int) -> int:
    event = Event.objects.get(pk=event_id)
    assert event.subject_label == Case._meta.label_lower
    return int(event.subject_pk)


@jobs.on("case.accepted")
def invite(*, event_id: int) -> None:
    """Ask both sides of an accepted case whether they agree to mediate."""
    sessions.invite(case_id=_case_id(event_id))


@jobs.on("case.terminated")
def end_talks(*, event_id: int) -> None:
    """The mediation was terminated: the room closes."""
    sessions.end(case_id=_case_id(event_id))


@jobs.job("mediation.remind")
def remind(*, mediation_id: int) -> None:
    """The second contact with whoever has not answered the invitation."""
    sessions.remind(mediation_id=mediation_id)


@jobs.job("mediation.watch_period", jobs.Priority.CLOCK)
def watch_period(*, mediation_id: int) -> None:
    """On the last day of D02, put ground T5 before the mediator."""
    sessions.watch_period(mediation_id=mediation_id)


@jobs.job("mediation.expire_offer", jobs.Priority.CLOCK)
def expire_offer(*, offer_id: int) -> None:
    """An offer's last day has passed."""
    offers.expire(offer_id=offer_id)


@jobs.job("mediation.check_performance", jobs.Priority.CLOCK)
def check_performance(*, agreement_id: int) -> None:
    """The days for performance have passed."""
    performance.check(agreement_id=agreement_id)


def present(ids: list[int]) -> Mapping[int, Presented]:
    """How the desk's queue shows the talks."""
    rows = Mediation.objects.filter(pk__in=ids).select_related("case__shop")
    return {
        row.pk: Presented(
            title=row.case.title,
            url=reverse("mediation:bench", args=[row.public_id]),
            gist=gist_of(row.case),
            stage=row.get_state_display(),
        )
        for row in rows
    }


calendars.presents(Mediation._meta.label_lower, present, *TALK_ROLES)


def may_read_paper(document: Document, who: Who) -> bool:
    """Form 九 is for both sides, for the staff at the table, and for the fund that is asked to pay it."""
    agreement = Agreement.objects.select_related("mediation__case").filter(pk=document.subject_pk).first()
    if agreement is None:
        return False
    return side_of(who, agreement.mediation) is not None or claims_open_to(who).filter(agreement=agreement).exists()


documents.register_subject(Agreement._meta.label_lower, may_read_paper)


def lists_of(who: User) -> list[rail.Group]:
    """The talks in the rail of those who conduct them."""
    if not who.unit_ids(*TALK_ROLES):
        return []
    entry = rail.Entry(_("手上的调解"), reverse("mediation:desk_mediations"), in_hand(who).count())
    return [rail.Group(_("调解"), (entry,))]


rail.contributes("mediation_talks", 30, lists_of)
access_log.say(
    {
        **PURPOSES,
        "mediation.claim": _("先行赔付申请"),
        "payee_name": _("收款人"),
        "payee_account": _("收款账号"),
    }
)
