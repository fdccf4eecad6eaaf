"""Offers as each reader sees them, and the ladder between the two sides."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from mediation.access import other
from mediation.models import Mediation, Offer, Side
from mediation.selectors.words import called, sum_of
from portal.kernel import clock, crypto

CLOSE = 34.0
TONES = {
    Offer.State.OPEN: "now",
    Offer.State.ACCEPTED: "ok",
    Offer.State.COUNTERED: "",
    Offer.State.DECLINED: "",
    Offer.State.WITHDRAWN: "",
    Offer.State.EXPIRED: "",
}


@dataclass(frozen=True)
class Card:
    """One offer for one reader."""

    public_id: str
    side: str
    state: str
    maker: str
    answerer: str
    status: str
    tone: str
    sum: str
    fen: int
    terms: str
    pay_by: date
    answer_by: date
    made_at: datetime
    is_open: bool
    is_own: bool
    is_mine_to_answer: bool


@dataclass(frozen=True)
class Rung:
    """One side's place on the ladder: percent from the left, and what stands there."""

    x: float
    label: str


@dataclass(frozen=True)
class Ladder:
    """How far the two sides are apart, for a drawing and in words."""

    merchant: Rung
    consumer: Rung
    middle: float
    gap: str
    words: str

    @property
    def is_close(self) -> bool:
        """Whether two labels side by side would touch."""
        return abs(self.consumer.x - self.merchant.x) < CLOSE


def cards(mediation: Mediation, *, side: Side) -> list[Card]:
    """Every offer of these talks for a reader of that side, the newest first."""
    rows = mediation.offers.order_by("-made_at", "-pk")
    return [card_of(row, mediation, side=side) for row in rows]


def card_of(offer: Offer, mediation: Mediation, *, side: Side) -> Card:
    """One offer for a reader of that side."""
    is_lapsed = offer.state == Offer.State.OPEN and clock.today() > offer.answer_by
    state = Offer.State.EXPIRED if is_lapsed else Offer.State(offer.state)
    maker, answerer = Side(offer.side), other(Side(offer.side))
    is_open = state == Offer.State.OPEN and mediation.state == Mediation.State.IN_SESSION
    return Card(
        public_id=offer.public_id,
        side=offer.side,
        state=state,
        maker=called(maker, reader=side),
        answerer=called(answerer, reader=side),
        status=_status(state, called(answerer, reader=side)),
        tone=TONES[state],
        sum=sum_of(mediation.case, offer.amount_fen),
        fen=offer.amount_fen,
        terms=crypto.unseal(offer, "terms_sealed"),
        pay_by=offer.pay_by,
        answer_by=offer.answer_by,
        made_at=offer.made_at,
        is_open=is_open,
        is_own=maker == side,
        is_mine_to_answer=is_open and answerer == side,
    )


def _status(state: str, answerer: str) -> str:
    return {
        Offer.State.OPEN: _("等{answerer}答复"),
        Offer.State.ACCEPTED: _("{answerer}已接受"),
        Offer.State.COUNTERED: _("{answerer}提出了新方案"),
        Offer.State.DECLINED: _("{answerer}未接受"),
        Offer.State.WITHDRAWN: _("已撤回"),
        Offer.State.EXPIRED: _("已过期"),
    }[Offer.State(state)].format(answerer=answerer)


def ladder(mediation: Mediation) -> Ladder | None:
    """The last sum that each side named; the consumer's is the claim until they offer. None before the shop named one.

    The axis runs from nothing to a little above the larger sum, so that the two never leave the picture.
    """
    last = {offer.side: offer.amount_fen for offer in mediation.offers.order_by("made_at", "pk")}
    merchant = last.get(Side.MERCHANT)
    consumer = last.get(Side.CONSUMER, mediation.case.claimed_fen or None)
    if merchant is None or consumer is None:
        return None
    top = max(merchant, consumer, 1) * 1.2
    left, right = round(merchant / top * 100, 1), round(consumer / top * 100, 1)
    gap = consumer - merchant
    words = _("双方差距：商家 {merchant} 元，消费者 {consumer} 元，相差 {gap} 元").format(
        merchant=_plain(merchant), consumer=_plain(consumer), gap=_plain(abs(gap))
    )
    return Ladder(
        merchant=Rung(left, _("商家 {yuan}").format(yuan=_plain(merchant))),
        consumer=Rung(right, _("消费者 {yuan}").format(yuan=_plain(consumer))),
        middle=round((left + right) / 2, 1),
        gap=_("差 {yuan} 元").format(yuan=_plain(gap)) if gap > 0 else _("没有差距"),
        words=words,
    )


def _plain(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"
