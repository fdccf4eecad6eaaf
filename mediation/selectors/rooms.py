"""What one party sees on entering the room."""

from dataclasses import dataclass

from django.urls import reverse

from complaints import rules as law
from mediation.models import Agreement, Lane, Mediation, Offer, Side
from mediation.selectors.lines import Lines, lines_after
from mediation.selectors.offers import Card, card_of
from mediation.selectors.talks import lane_open_to, mediation_open_to, party_at, side_at
from mediation.selectors.words import sum_of
from portal.kernel import calendars
from portal.kernel.access import Who, require_person
from portal.kernel.calendars import Clock


@dataclass(frozen=True)
class Room:
    """The room for one party: the lane, what stands on the table, and what can be done."""

    mediation: Mediation
    side: Side
    lane: Lane
    log: Lines
    clock: Clock | None
    offer: Card | None
    agreement: Agreement | None
    has_signed: bool
    back_url: str

    @property
    def after_url(self) -> str:
        """What the page asks for lines after a place: the place follows."""
        return after_url(self.lane)

    @property
    def sum(self) -> str:
        return sum_of(self.mediation.case, self.agreement.amount_fen) if self.agreement is not None else ""

    @property
    def is_talking(self) -> bool:
        return self.mediation.state in Mediation.TALKING

    @property
    def may_offer(self) -> bool:
        is_free = self.offer is None or not self.offer.is_open
        return self.mediation.state == Mediation.State.IN_SESSION and self.agreement is None and is_free

    @property
    def is_invited(self) -> bool:
        return bool(self.mediation.state == Mediation.State.INVITED)

    @property
    def is_appraised(self) -> bool:
        return bool(self.mediation.state == Mediation.State.APPRAISAL)


def room_open_to(*, who: Who, public_id: str) -> Room:
    """The room of talks that *who* is a party to; not found for strangers, 403 for staff."""
    mediation = mediation_open_to(who=who, public_id=public_id)
    return _room(mediation, who)


def room_of_lane(*, who: Who, public_id: str) -> Room:
    """The room around a joint lane."""
    return _room(lane_open_to(who=who, public_id=public_id).mediation, who)


def missing_lines(*, who: Who, public_id: str, seq: int) -> Lines:
    """Everything in a joint lane after place *seq*, as *who* sees it."""
    lane = lane_open_to(who=who, public_id=public_id)
    return lines_after(lane, seq, who=require_person(who), side=side_at(who, lane.mediation))


def _room(mediation: Mediation, who: Who) -> Room:
    side = party_at(who, mediation)
    lane = Lane.objects.get(mediation=mediation, kind=Lane.Kind.JOINT)
    lane.mediation = mediation
    agreement = Agreement.objects.filter(mediation=mediation).select_related("document").first()
    return Room(
        mediation=mediation,
        side=side,
        lane=lane,
        log=lines_after(lane, 0, who=require_person(who), side=side),
        clock=calendars.open_clocks(mediation.case).filter(code=law.MEDIATE).first(),
        offer=_on_the_table(mediation, side),
        agreement=agreement,
        has_signed=agreement is not None and agreement.signatures.filter(side=side).exists(),
        back_url=back_url(mediation, side),
    )


def after_url(lane: Lane) -> str:
    """The address of the lines after a place, without the place."""
    return reverse("mediation:catch_up", args=[lane.public_id, 0]).removesuffix("0/")


def back_url(mediation: Mediation, side: Side) -> str:
    """The page of the case on which this party follows it."""
    page = "complaints:case" if side == Side.CONSUMER else "complaints:merchant_case"
    return reverse(page, args=[mediation.case.public_id])


def _on_the_table(mediation: Mediation, side: Side) -> Card | None:
    living = mediation.offers.filter(state__in=[Offer.State.OPEN, Offer.State.ACCEPTED])
    standing = living.order_by("-made_at", "-pk").first()
    return card_of(standing, mediation, side=side) if standing is not None else None
