"""What the talks mean on a case's timeline: what happened, whose turn it is, by when."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import rules as law
from complaints.models import Case
from complaints.selectors import timeline as steps
from complaints.selectors.timeline import Link, Step, Turn, Whose, said_day
from mediation.models import Agreement, Mediation, Offer, Side
from mediation.rules import CONSENT
from mediation.selectors.words import called, sum_of
from portal.kernel import calendars, clock
from portal.kernel.models import Event

READERS = {
    steps.Side.CONSUMER: Side.CONSUMER,
    steps.Side.SHOP: Side.MERCHANT,
    steps.Side.STAFF: Side.MEDIATOR,
}
State = Mediation.State


def subjects(case: Case) -> Iterable[models.Model]:
    """The rows of the talks whose events belong to the case's story."""
    mediation = Mediation.objects.filter(case=case).first()
    if mediation is None:
        return ()
    return (mediation, *Agreement.objects.filter(mediation=mediation))


def tell(event: Event, case: Case, side: steps.Side) -> Step | None:
    """One event of the talks in words; None for what the story does without."""
    reader = READERS[side]
    who = called(str(event.payload["side"]), reader=reader) if event.payload.get("side") else ""
    told = _told(event, case, who)
    if told is None:
        return None
    title, text = told
    return Step(title=title, text=text, at=event.at)


def _told(event: Event, case: Case, who: str) -> tuple[str, str] | None:
    payload = event.payload
    money = sum_of(case, int(payload["fen"])) if "fen" in payload else ""
    day = said_day(date.fromisoformat(str(payload["on"]))) if "on" in payload else ""
    titles = {
        "mediation.consented": (_("{who}同意调解"), _("由调解员电话记录。") if payload.get("way") == "phone" else ""),
        "mediation.refused": (_("{who}不同意调解"), _("由调解员电话记录。") if payload.get("way") == "phone" else ""),
        "offer.made": (_("{who}提出方案：{money}"), ""),
        "offer.accepted": (_("方案被接受：{money}"), _("接下来由调解员写成协议。")),
        "offer.expired": (_("方案过期，没有人答复"), ""),
        "appraisal.commissioned": (_("开始鉴定检测"), _("从{day}起，调解期限暂停。")),
        "appraisal.received": (_("鉴定检测结果到了"), _("从{day}起，调解期限继续算。")),
        "agreement.drawn": (_("协议写好了"), _("双方看清楚，用验证码签名。")),
        "agreement.signed": (_("{who}签了协议"), ""),
        "agreement.performed": (_("协议已经履行"), ""),
        "agreement.breached": (_("协议没有按期履行"), _("约定的日子过了三个工作日。")),
    }
    if event.name not in titles:
        return None
    title, text = titles[event.name]
    return title.format(who=who, money=money), text.format(day=day)


def turn(case: Case, side: steps.Side) -> Turn | None:
    """Whose turn it is in the talks; None when they have nothing to say about the case's state."""
    mediation = Mediation.objects.filter(case=case).select_related("mediator").first()
    if mediation is None:
        return None
    reader = READERS[side]
    if case.state == Case.State.ACCEPTED and mediation.state == State.INVITED:
        return _invited(mediation, case, reader)
    if case.state == Case.State.MEDIATING:
        return _talking(mediation, case, reader)
    if case.state in (Case.State.SETTLED, Case.State.CLOSED) and mediation.state in (
        State.AGREED,
        State.PERFORMED,
        State.BREACHED,
    ):
        return _agreed(mediation, case, reader)
    return None


def _end(case: Case) -> tuple[Step, ...]:
    period = calendars.open_clocks(case).filter(code=law.MEDIATE).first()
    if period is None:
        return ()
    when = _("最晚 {day}").format(day=said_day(period.due_on))
    return (Step(_("办结"), _("谈不成会终止调解，并告诉您仲裁、诉讼等办法。"), when=when),)


def _sign_ahead() -> Step:
    return Step(_("谈成，双方签协议"), _("在手机上就能签，不用跑一趟。"), when=_("接下来"))


def _bench(mediation: Mediation, reader: Side, *, main: bool = True) -> tuple[Link, ...]:
    if reader == Side.MEDIATOR:
        return (Link(_("去调解台"), reverse("mediation:bench", args=[mediation.public_id]), main),)
    return (Link(_("进调解室看看"), reverse("mediation:room", args=[mediation.public_id]), main),)


def _invited(mediation: Mediation, case: Case, reader: Side) -> Turn:
    asked = calendars.open_clocks(mediation).filter(code=CONSENT).first()
    by = asked.due_on if asked else None
    answers = dict(mediation.consents.values_list("side", "agrees"))
    invite = reverse("mediation:invite", args=[mediation.public_id])
    day = said_day(by) if by else ""
    is_late = by is not None and clock.today() > by
    is_mine = reader in (Side.CONSUMER, Side.MERCHANT) and reader not in answers
    if reader == Side.MEDIATOR:
        headline, links = _("等双方答复是否同意调解"), _bench(mediation, reader)
    elif is_mine:
        headline, links = _("轮到您了：您同意调解吗？"), (Link(_("答复是否同意调解"), invite, is_main=True),)
    elif answers.get(reader):
        headline = _("您已同意调解，等对方答复。您现在不用做什么。")
        links = (Link(_("看我的答复"), invite),)
    else:
        headline, links = _("您没有同意调解。改主意了，现在还可以改。"), (Link(_("改我的答复"), invite),)
    whose = Whose.CONSUMER if reader == Side.CONSUMER else Whose.SHOP if reader == Side.MERCHANT else Whose.MEDIATOR
    other = Whose.SHOP if reader == Side.CONSUMER else Whose.CONSUMER
    lead = _("双方都同意，才开始调解。请在{day}前答复；过了这一天，调解员会打电话来问。").format(day=day)
    if is_late:
        lead = _("双方都同意，才开始调解。答复的日子过了，现在还可以答复；调解员会打电话来问。")
    return Turn(
        headline,
        lead,
        whose if is_mine or reader == Side.MEDIATOR else other,
        by=by,
        now=Step(_("征求双方调解意见"), _("{day}前。").format(day=day) if day else "", when=_("现在")),
        ahead=(_sign_ahead(), *_end(case)),
        links=links,
    )


def _talking(mediation: Mediation, case: Case, reader: Side) -> Turn:
    agreement = Agreement.objects.filter(mediation=mediation).first()
    if agreement is not None:
        return _signing(mediation, agreement, case, reader)
    links = _bench(mediation, reader)
    if mediation.state == State.APPRAISAL:
        return Turn(
            _("正在鉴定检测，调解期限暂停。"),
            _("结果到了，期限继续算，并马上通知您。"),
            Whose.MEDIATOR,
            now=Step(_("等鉴定检测结果"), when=_("现在")),
            ahead=(_sign_ahead(), *_end(case)),
            links=links,
            tone="",
        )
    accepted = mediation.offers.filter(state=Offer.State.ACCEPTED).first()
    if accepted is not None:
        headline = _("方案已接受，请写成协议") if reader == Side.MEDIATOR else _("方案已接受，等调解员写协议。")
        return Turn(
            headline,
            sum_of(case, accepted.amount_fen),
            Whose.MEDIATOR,
            now=Step(_("等调解员写协议"), when=_("现在")),
            ahead=(_sign_ahead(), *_end(case)),
            links=links,
        )
    standing = mediation.offers.filter(state=Offer.State.OPEN).first()
    if standing is not None:
        return _offered(mediation, standing, case, reader)
    return Turn(
        _("双方正在谈。") if reader == Side.MEDIATOR else _("双方正在谈，您可以说话，也可以提方案。"),
        _("谈成就签协议。谈不成可以随时停。"),
        Whose.MEDIATOR,
        now=Step(_("双方正在谈"), when=_("现在")),
        ahead=(_sign_ahead(), *_end(case)),
        links=links,
    )


def _offered(mediation: Mediation, standing: Offer, case: Case, reader: Side) -> Turn:
    from_consumer = standing.side == Side.CONSUMER
    answerer = Side.MERCHANT if from_consumer else Side.CONSUMER
    day, money = said_day(standing.answer_by), sum_of(case, standing.amount_fen)
    if reader == answerer:
        said = _("轮到您答复了：{who}提出，由您{money}。") if from_consumer else _("轮到您答复了：{who}提出{money}。")
        headline = said.format(who=called(standing.side, reader=reader), money=money)
        lead = _("请在{day}前接受、不接受，或者提出新方案。").format(day=day)
    elif reader == Side.MEDIATOR:
        headline = _("等{who}答复方案").format(who=called(answerer, reader=reader))
        lead = _("{money}，{day}前答复。").format(money=money, day=day)
    else:
        headline = _("轮到{who}答复了，您现在不用做什么。").format(who=called(answerer, reader=reader))
        lead = _("{who}要在{day}前对您的方案表态。它答复了，或者过了这一天，都会马上通知您。").format(
            who=called(answerer, reader=reader), day=day
        )
    now = Step(
        _("等{who}对方案表态").format(who=called(answerer, reader=reader)),
        _("{day}前。").format(day=day),
        when=_("现在"),
    )
    whose = Whose.SHOP if from_consumer else Whose.CONSUMER
    ahead = (_sign_ahead(), *_end(case))
    return Turn(headline, lead, whose, by=standing.answer_by, now=now, ahead=ahead, links=_bench(mediation, reader))


def _signing(mediation: Mediation, agreement: Agreement, case: Case, reader: Side) -> Turn:
    signed = set(agreement.signatures.values_list("side", flat=True))
    page = reverse("mediation:agreement", args=[agreement.public_id])
    if reader == Side.MEDIATOR:
        headline, links = _("协议写好了，等双方签名"), _bench(mediation, reader)
    elif reader not in signed:
        headline, links = _("协议写好了，轮到您签名。"), (Link(_("看协议并签名"), page, is_main=True),)
    else:
        headline, links = _("您已经签了，等对方签名。"), (Link(_("看协议"), page),)
    waits_for_consumer = Side.CONSUMER not in signed
    return Turn(
        headline,
        _("双方签的是同一份协议，第二个人一签就生效。"),
        Whose.CONSUMER if waits_for_consumer else Whose.SHOP,
        now=Step(_("双方签协议"), when=_("现在")),
        ahead=_end(case),
        links=links,
    )


def _agreed(mediation: Mediation, case: Case, reader: Side) -> Turn | None:
    agreement = Agreement.objects.filter(mediation=mediation).first()
    if agreement is None:
        return None
    day = said_day(agreement.pay_by)
    page = reverse("mediation:agreement", args=[agreement.public_id])
    links = _bench(mediation, reader) if reader == Side.MEDIATOR else (Link(_("看协议"), page, is_main=True),)
    if mediation.state == State.PERFORMED:
        return Turn(
            _("协议已经履行完毕。"), "", Whose.NOBODY, now=Step(_("已履行"), when=_("现在")), links=links, tone="ok"
        )
    if mediation.state == State.BREACHED:
        headlines = {
            Side.CONSUMER: _("商家没有按协议做到，您可以申请先行赔付。"),
            Side.MERCHANT: _("协议到期没有履行，请马上履行。"),
            Side.MEDIATOR: _("协议没有按期履行"),
        }
        return Turn(
            headlines[reader],
            _("约定的日子过了三个工作日，没有登记履行。"),
            Whose.CONSUMER if reader == Side.CONSUMER else Whose.SHOP,
            now=Step(_("没有按期履行"), when=_("现在")),
            links=links,
            tone="bad",
            routes=reader == Side.CONSUMER,
        )
    headlines = {
        Side.CONSUMER: _("谈成了，等商家履行。"),
        Side.MERCHANT: _("谈成了，请在{day}前履行。").format(day=day),
        Side.MEDIATOR: _("谈成了，等商家履行"),
    }
    return Turn(
        headlines[reader],
        _("商家要在{day}前做到{money}。").format(day=day, money=sum_of(case, agreement.amount_fen)),
        Whose.SHOP,
        by=agreement.pay_by,
        now=Step(_("等商家履行"), _("{day}前。").format(day=day), when=_("现在")),
        links=links,
        tone="ok",
    )


for prefix in ("mediation.", "offer.", "appraisal.", "agreement."):
    steps.contributes(prefix, tell, subjects=subjects)
steps.turns(turn)
