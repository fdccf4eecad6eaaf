"""The question whether a party agrees to mediate, as that party sees it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints.selectors.steps import said_day
from mediation.access import other
from mediation.models import Consent, Mediation, Side
from mediation.rules import CONSENT, CONSENT_ARTICLE
from mediation.selectors.rooms import back_url
from mediation.selectors.talks import mediation_open_to, party_at
from mediation.selectors.words import called, claims_of, frame_of, nav_of
from portal.kernel import calendars, clock
from portal.kernel.access import Who
from portal.kernel.calendars import Clock
from portal.kernel.errors import Sentence


@dataclass(frozen=True)
class Invitation:
    """The invitation for one party: what it answered, and what comes next."""

    mediation: Mediation
    side: Side
    mine: Consent | None
    other_has_answered: bool
    asked: Clock | None
    claims: str
    headline: str
    lead: str
    back_url: str

    @property
    def is_open(self) -> bool:
        return bool(self.mediation.state == Mediation.State.INVITED)

    @property
    def is_consumer(self) -> bool:
        return self.side == Side.CONSUMER

    @property
    def nav(self) -> str:
        return nav_of(self.side)

    @property
    def base(self) -> str:
        return frame_of(self.side)

    @property
    def article(self) -> Sentence:
        return CONSENT_ARTICLE

    @property
    def has_room(self) -> bool:
        return self.mediation.started_at is not None


def invitation_open_to(*, who: Who, public_id: str) -> Invitation:
    """The invitation to a party; not found for strangers, 403 for staff."""
    mediation = mediation_open_to(who=who, public_id=public_id)
    side = party_at(who, mediation)
    mine = mediation.consents.filter(side=side).first()
    asked = calendars.open_clocks(mediation).filter(code=CONSENT).first()
    headline, lead = _heading(mediation, side, mine, _until(asked))
    return Invitation(
        mediation=mediation,
        side=side,
        mine=mine,
        other_has_answered=mediation.consents.filter(side=other(side)).exists(),
        asked=asked,
        claims=claims_of(mediation.case),
        headline=headline,
        lead=lead,
        back_url=back_url(mediation, side),
    )


def _until(asked: Clock | None) -> str:
    """The day until which an answer is awaited; nothing once it has passed."""
    return said_day(asked.due_on) if asked is not None and clock.today() <= asked.due_on else ""


def _heading(mediation: Mediation, side: Side, mine: Consent | None, day: str) -> tuple[str, str]:
    who = called(other(side), reader=side)
    if mediation.started_at is not None:
        return _("双方都同意了，可以开始谈了。"), _("调解员会先说话。您随时可以进调解室。")
    if mediation.state == Mediation.State.ENDED:
        return _("调解已经终止。"), ""
    if mine is None:
        ask = _("请在{day}前答复。").format(day=day) if day else _("答复的日子过了，请尽快答复。")
        return _("您同意调解吗？"), ask + _("同意调解不等于认错，谈不成可以随时停。")
    if mine.agrees:
        by = _("{who}要在{day}前答复，").format(who=who, day=day) if day else ""
        return _("您已同意调解，等{who}答复。").format(who=who), by + _("答复了马上通知您。")
    return _("您没有同意调解。"), _("调解员会核实，然后可能终止调解。改主意了，现在还可以同意。")
