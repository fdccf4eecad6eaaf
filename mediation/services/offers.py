"""One money offer at a time: made, countered, accepted by the other side, declined, withdrawn, or left to expire."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mediation.access import other
from mediation.models import Mediation, Offer, Side
from mediation.rules import ANSWER_WITHIN_DAYS, LONGEST_TERMS, MOST_OFFER_FEN, PAY_WITHIN_DAYS
from mediation.services import messages
from mediation.services.holding import at_table, lock, must_be, put_back
from mediation.services.telling import tell
from portal.kernel import clock, crypto, events, ids, jobs, money
from portal.kernel.access import Who
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import User

Table = tuple[Mediation, User, Side]


@transaction.atomic
def make(*, mediation_id: int, amount_fen: int, terms: str, pay_by: date, answer_by: date, who: Who) -> Offer:
    """A party offers a sum that the shop pays by a day, with what else is done, to be answered by a day.

    The very same offer again is the one that already stands (a double click). Refused: `not_found`, `forbidden`,
    `talks_moved_on`, `offer_open` while one waits for its answer, `offer_accepted` once one was accepted, and with
    their field `amount`, `terms`, `pay_by`, `answer_by`.
    """
    table = at_table(mediation_id, who)
    mediation, _person, side = table
    _may_offer(mediation)
    _refuse_impossible(amount_fen, terms, pay_by, answer_by)
    standing = mediation.offers.filter(state=Offer.State.OPEN).first()
    if standing is not None:
        if standing.side == side and _is_same(standing, amount_fen, terms, pay_by, answer_by):
            return standing
        raise Refused("offer_open", _("已经有一个方案在等答复。请先答复或者撤回它，再提新的。"))
    return _put_forward(table, amount_fen, terms, pay_by, answer_by)


@transaction.atomic
def counter(*, offer_id: int, amount_fen: int, terms: str, pay_by: date, answer_by: date, who: Who) -> Offer:
    """The other side answers an offer with one of its own; the first one is over. Refused as in `make` and `accept`."""
    offer, table = _answering(offer_id, who)
    _must_be_open(offer)
    _may_offer(table[0])
    _refuse_impossible(amount_fen, terms, pay_by, answer_by)
    _close(offer, Offer.State.COUNTERED)
    events.record("offer.countered", table[0], actor=table[1], offer=offer.public_id)
    return _put_forward(table, amount_fen, terms, pay_by, answer_by, counters=offer)


@transaction.atomic
def accept(*, offer_id: int, who: Who) -> Offer:
    """The other side accepts: the mediator may now write the agreement. The same acceptance again changes nothing.

    Refused: `not_found`, `forbidden`, `own_offer` to the side that made it, `offer_over` when it no longer waits,
    `offer_expired` after its last day, `talks_moved_on`.
    """
    offer, (mediation, person, side) = _answering(offer_id, who)
    if offer.state == Offer.State.ACCEPTED:
        return offer
    _must_be_open(offer)
    must_be(mediation, Mediation.State.IN_SESSION)
    _close(offer, Offer.State.ACCEPTED)
    put_back(mediation)
    events.record("offer.accepted", mediation, actor=person, offer=offer.public_id, fen=offer.amount_fen)
    messages.note(mediation, "offer.accepted", side=side, by=person, about=offer.public_id)
    tell(mediation, other(side), "offer.accepted")
    tell(mediation, Side.MEDIATOR, "offer.accepted")
    return offer


@transaction.atomic
def decline(*, offer_id: int, who: Who) -> Offer:
    """The other side does not accept, and offers nothing of its own. Refused as in `accept`."""
    offer, (mediation, person, side) = _answering(offer_id, who)
    if offer.state == Offer.State.DECLINED:
        return offer
    _must_be_open(offer)
    _close(offer, Offer.State.DECLINED)
    put_back(mediation)
    events.record("offer.declined", mediation, actor=person, offer=offer.public_id)
    messages.note(mediation, "offer.declined", side=side, by=person, about=offer.public_id)
    tell(mediation, other(side), "offer.declined")
    return offer


@transaction.atomic
def withdraw(*, offer_id: int, who: Who) -> Offer:
    """The side that made an offer takes it back before it is answered.

    Refused: `not_found`, `forbidden`, `not_your_offer` to the other side, `offer_over` once it was answered.
    """
    offer, (mediation, person, side) = _at_offer(offer_id, who)
    if offer.side != side:
        raise Refused("not_your_offer", _("这个方案是对方提的，只能接受、不接受或者提出新方案。"))
    if offer.state == Offer.State.WITHDRAWN:
        return offer
    _must_wait(offer)
    _close(offer, Offer.State.WITHDRAWN)
    put_back(mediation)
    events.record("offer.withdrawn", mediation, actor=person, offer=offer.public_id)
    messages.note(mediation, "offer.withdrawn", side=side, by=person, about=offer.public_id)
    tell(mediation, other(side), "offer.withdrawn")
    return offer


@transaction.atomic
def expire(*, offer_id: int) -> None:
    """An offer that nobody answered by its last day is over; one answered, or with time left, is left alone."""
    mediation_id = Offer.objects.filter(pk=offer_id).values_list("mediation_id", flat=True).get()
    mediation = lock(mediation_id)
    offer = Offer.objects.select_for_update().get(pk=offer_id)
    if offer.state != Offer.State.OPEN or clock.today() <= offer.answer_by:
        return
    _close(offer, Offer.State.EXPIRED)
    put_back(mediation)
    events.record("offer.expired", mediation, offer=offer.public_id)
    messages.note(mediation, "offer.expired", side=Side(offer.side), about=offer.public_id)
    for side in Side:
        tell(mediation, side, "offer.expired")


def _at_offer(offer_id: int, who: Who) -> tuple[Offer, Table]:
    mediation_id = Offer.objects.filter(pk=offer_id).values_list("mediation_id", flat=True).first()
    if mediation_id is None:
        raise not_found()
    table = at_table(mediation_id, who)
    return Offer.objects.select_for_update().get(pk=offer_id), table


def _answering(offer_id: int, who: Who) -> tuple[Offer, Table]:
    offer, table = _at_offer(offer_id, who)
    if offer.side == table[2]:
        raise Refused("own_offer", _("这是您自己提的方案，只能由对方答复。"))
    return offer, table


def _may_offer(mediation: Mediation) -> None:
    must_be(mediation, Mediation.State.IN_SESSION)
    if mediation.offers.filter(state=Offer.State.ACCEPTED).exists():
        raise Refused("offer_accepted", _("已经有一个方案被接受，不能再提新的。有不同意见请告诉调解员。"))


def _must_wait(offer: Offer) -> None:
    if offer.state != Offer.State.OPEN:
        raise Refused("offer_over", _("这个方案已经有了结果，请刷新页面。"))


def _must_be_open(offer: Offer) -> None:
    _must_wait(offer)
    if clock.today() > offer.answer_by:
        raise Refused("offer_expired", _("这个方案过了答复的日子，已经失效。可以提出新方案。"))


def _refuse_impossible(amount_fen: int, terms: str, pay_by: date, answer_by: date) -> None:
    today = clock.today()
    if not 0 <= amount_fen <= MOST_OFFER_FEN:
        most = money.yuan(MOST_OFFER_FEN)
        raise Refused("amount", _("金额应当在 0 到 {most} 元之间。").format(most=most), field="amount")
    if amount_fen == 0 and not terms.strip():
        raise Refused("terms", _("不付钱的方案，请写清楚要做什么。"), field="terms")
    if len(terms.strip()) > LONGEST_TERMS:
        raise Refused("terms", _("最多写 {most} 个字。").format(most=LONGEST_TERMS), field="terms")
    if not today <= answer_by <= today + timedelta(days=ANSWER_WITHIN_DAYS):
        raise Refused(
            "answer_by",
            _("请在今天起 {days} 天里选一个答复的日子。").format(days=ANSWER_WITHIN_DAYS),
            field="answer_by",
        )
    if not answer_by <= pay_by <= today + timedelta(days=PAY_WITHIN_DAYS):
        raise Refused("pay_by", _("付款的日子不能早于答复的日子，也不能晚于一年。"), field="pay_by")


def _is_same(standing: Offer, amount_fen: int, terms: str, pay_by: date, answer_by: date) -> bool:
    held = (standing.amount_fen, standing.pay_by, standing.answer_by, crypto.unseal(standing, "terms_sealed"))
    return held == (amount_fen, pay_by, answer_by, terms.strip())


def _put_forward(
    table: Table, amount_fen: int, terms: str, pay_by: date, answer_by: date, counters: Offer | None = None
) -> Offer:
    mediation, person, side = table
    offer = Offer(
        public_id=ids.new_id(),
        mediation=mediation,
        side=side,
        by=person,
        amount_fen=amount_fen,
        terms_sealed=crypto.Plain(terms.strip()),
        pay_by=pay_by,
        answer_by=answer_by,
        made_at=clock.now(),
        counters=counters,
    )
    offer.save(force_insert=True)
    put_back(mediation)
    events.record("offer.made", mediation, actor=person, offer=offer.public_id, side=side, fen=amount_fen)
    messages.note(mediation, "offer.made", side=side, by=person, about=offer.public_id)
    tell(mediation, other(side), "offer.made", page="mediation:offer", target=offer.public_id, by=answer_by)
    midnight = _midnight_after(answer_by)
    jobs.owe("mediation.expire_offer", due_at=midnight, about=mediation, offer_id=offer.pk)
    return offer


def _close(offer: Offer, state: Offer.State) -> None:
    offer.state = state
    offer.answered_at = clock.now()
    offer.save(update_fields=["state", "answered_at"])


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0, 1, tzinfo=clock.SHANGHAI))
