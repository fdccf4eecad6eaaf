"""The pages around offers, for one party."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mediation.models import Mediation, Offer, Side
from mediation.rules import RECORD_ARTICLE
from mediation.selectors.offers import Card, Ladder, card_of, cards, ladder
from mediation.selectors.talks import mediation_open_to, offer_open_to, party_at
from mediation.selectors.words import frame_of, nav_of
from portal.kernel.access import Who
from portal.kernel.errors import Sentence


@dataclass(frozen=True)
class OfferPage:
    """The talks with all their offers, or with the one the page is about."""

    mediation: Mediation
    side: Side
    offer_id: int
    offer: Card | None
    offers: list[Card]
    ladder: Ladder | None

    @property
    def nav(self) -> str:
        return nav_of(self.side)

    @property
    def base(self) -> str:
        return frame_of(self.side)

    @property
    def article(self) -> Sentence:
        return RECORD_ARTICLE

    @property
    def may_offer(self) -> bool:
        is_taken = any(card.is_open or card.state == Offer.State.ACCEPTED for card in self.offers)
        return self.mediation.state == Mediation.State.IN_SESSION and not is_taken

    @property
    def headline(self) -> str:
        if self.offer is None:
            return _("提出新方案")
        if self.offer.is_mine_to_answer:
            return _("{maker}提出{sum}，您接受吗？").format(maker=self.offer.maker, sum=self.offer.sum)
        if self.offer.is_open:
            return _("您提出{sum}，等{answerer}答复。").format(sum=self.offer.sum, answerer=self.offer.answerer)
        return _("{maker}提出{sum}：{status}。").format(
            maker=self.offer.maker, sum=self.offer.sum, status=self.offer.status
        )


def table_open_to(*, who: Who, public_id: str) -> OfferPage:
    """All offers of talks that *who* is a party to."""
    mediation = mediation_open_to(who=who, public_id=public_id)
    side = party_at(who, mediation)
    return OfferPage(mediation, side, 0, None, cards(mediation, side=side), ladder(mediation))


def offer_page_open_to(*, who: Who, public_id: str) -> OfferPage:
    """One offer of talks that *who* is a party to."""
    offer = offer_open_to(who=who, public_id=public_id)
    mediation = offer.mediation
    side = party_at(who, mediation)
    return OfferPage(
        mediation, side, offer.pk, card_of(offer, mediation, side=side), cards(mediation, side=side), ladder(mediation)
    )
