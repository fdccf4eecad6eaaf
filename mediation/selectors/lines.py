"""The lines of a lane as one reader sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from complaints.services.identities import masked
from mediation.models import Lane, Mediation, Message, Offer, Side
from mediation.selectors.words import called, mediator_called, sum_of
from portal.kernel import clock, crypto
from portal.kernel.models import User
from portal.kernel.templatetags.portal import shortday

PAGE_CHANGES = ("offer.", "agreement.", "appraisal.", "ended")


@dataclass(frozen=True)
class Line:
    """One line: something said (`tone` is me, chair or empty) or, as an event, something that happened."""

    seq: int
    tone: str
    who: str
    time: str
    text: str

    @property
    def is_event(self) -> bool:
        return self.tone == "event"


@dataclass(frozen=True)
class Lines:
    """The lines after a place in the lane, the last place they reach, and whether more than words changed."""

    lines: tuple[Line, ...]
    last_seq: int
    page_changed: bool


def lines_after(lane: Lane, seq: int, *, who: User, side: Side) -> Lines:
    """Every line of *lane* after place *seq* for a reader who was let in by `talks`: all that is missing at once."""
    rows = list(lane.messages.filter(seq__gt=seq).select_related("by").order_by("seq"))
    mediation = lane.mediation
    offers = {offer.public_id: offer for offer in mediation.offers.all()} if any(row.note for row in rows) else {}
    names = _names(mediation, side) if rows else {}
    lines = tuple(_event(row, mediation, side, offers) if row.note else _said(row, who, side, names) for row in rows)
    changed = any(row.note.startswith(PAGE_CHANGES) for row in rows)
    return Lines(lines, rows[-1].seq if rows else min(seq, lane.last_seq), changed)


def _names(mediation: Mediation, reader: Side) -> dict[str, str]:
    consumer = called(Side.CONSUMER, reader=reader)
    if reader == Side.MEDIATOR:
        hidden = masked(mediation.case)
        consumer = f"{consumer} {hidden.name}" if hidden else consumer
    shop = str(mediation.case.shop or "") if reader == Side.CONSUMER else ""
    return {Side.CONSUMER: consumer, Side.MERCHANT: shop or called(Side.MERCHANT, reader=reader)}


def _said(row: Message, who: User, reader: Side, names: dict[str, str]) -> Line:
    is_own = row.by_id == who.pk
    if is_own:
        name = _("您")
    elif row.side == Side.MEDIATOR:
        name = mediator_called(row.by)
    else:
        name = names[row.side]
    tone = "chair" if row.side == Side.MEDIATOR else "me" if row.side == reader else ""
    return Line(row.seq, tone, name, said_time(row.at), crypto.unseal(row, "text"))


def _event(row: Message, mediation: Mediation, reader: Side, offers: Mapping[str, Offer]) -> Line:
    about = crypto.unseal(row, "text")
    return Line(row.seq, "event", "", said_time(row.at), _sentence(row, about, mediation, reader, offers))


def _sentence(row: Message, about: str, mediation: Mediation, reader: Side, offers: Mapping[str, Offer]) -> str:
    who = called(row.side, reader=reader) if row.side else ""
    sum_ = sum_of(mediation.case, offers[about].amount_fen) if about in offers else ""
    day = shortday(date.fromisoformat(about)) if row.note.startswith("appraisal.") else ""
    sentences = {
        "opened": _("双方同意调解，可以开始谈了"),
        "offer.made": _("{who}提出方案：{sum}"),
        "offer.accepted": _("{who}接受了方案：{sum}"),
        "offer.declined": _("{who}没有接受方案：{sum}"),
        "offer.withdrawn": _("{who}撤回了方案：{sum}"),
        "offer.expired": _("方案过期，没有人答复：{sum}"),
        "appraisal.commissioned": _("开始鉴定检测，期限从 {day}起暂停"),
        "appraisal.received": _("鉴定检测结果到了，期限从 {day}起继续算"),
        "agreement.drawn": _("调解员写好了协议，请双方看清楚再签名"),
        "agreement.signed": _("{who}签了协议"),
        "agreement.concluded": _("双方都签了，调解成功"),
        "ended": _("调解已经终止，这里不能再说话"),
    }
    return sentences[row.note].format(who=who, sum=sum_, day=day)


def said_time(moment: datetime) -> str:
    """14:02 today, 11 月 20 日 14:02 on other days."""
    here = moment.astimezone(clock.SHANGHAI)
    return f"{here:%H:%M}" if here.date() == clock.today() else f"{shortday(here)} {here:%H:%M}"
