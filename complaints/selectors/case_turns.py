"""Whose turn it is in each state of a complaint, said to each side. Mediation says it better for its own states."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.rules import DECIDE, DISPATCH, MEDIATE
from complaints.selectors.cases import receiver_of
from complaints.selectors.steps import Link, Side, Step, Turn, Whose, said_day, turns
from portal.kernel import calendars
from portal.kernel.calendars import book
from portal.kernel.models import Clock

State = Case.State


def turn_of(case: Case, side: Side) -> Turn | None:
    """The turn of a case as this room sees it."""
    return _TURNS[State(case.state)](case, side)


def running(case: Case, code: str) -> Clock | None:
    """The open clock *code* of a case."""
    return calendars.open_clocks(case).filter(code=code).first()


def _by(clock: Clock | None) -> str:
    return said_day(clock.due_on) if clock else ""


def _bureau(case: Case) -> str:
    return case.unit.name if case.unit else _("区市场监督管理局")


def _decision_ahead() -> Step:
    return Step(
        _("区局决定是否受理"),
        _("收到后 {within}内，告诉您理由。").format(within=book.length_of(DECIDE)),
        when=_("接下来"),
    )


def _talk_ahead() -> Step:
    return Step(_("问双方愿不愿意调解"), _("双方都同意，才开始调解。"), when=_("受理之后"))


def _end_ahead(case: Case) -> Step:
    mediate = running(case, MEDIATE)
    when = (
        _("最晚 {day}").format(day=_by(mediate))
        if mediate
        else _("受理之后 {within}内").format(within=book.length_of(MEDIATE))
    )
    return Step(_("办结"), _("谈不成会终止调解，并告诉您仲裁、诉讼等办法。"), when=when)


def _incomplete(case: Case, side: Side) -> Turn:
    return Turn(
        _("登记还缺几项内容，工作人员会联系您补齐。"),
        _("补齐以后，马上得到编号，并分送负责的区局。"),
        Whose.HUB,
        now=Step(_("等工作人员联系您"), when=_("现在")),
        tone="",
    )


def _at_hub(case: Case, side: Side) -> Turn:
    clock = running(case, DISPATCH)
    if side is Side.STAFF:
        headline = _("等分送员送到有处理权限的局")
    else:
        headline = _("已经收到，正在送往负责的区局。您现在不用做什么。")
    lead = _("受理中心要在{day}前送到有权处理的市场监督管理局，送到后马上通知您。").format(day=_by(clock))
    return Turn(
        headline,
        lead if clock else _("受理中心正在分送，送到后马上通知您。"),
        Whose.HUB,
        by=clock.due_on if clock else None,
        now=Step(_("等受理中心分送"), lead if clock else "", when=_("现在")),
        ahead=(_decision_ahead(), _talk_ahead(), _end_ahead(case)),
        tone="",
    )


def _at_bureau(case: Case, side: Side) -> Turn:
    clock = running(case, DECIDE)
    unit = _bureau(case)
    headline = _("轮到承办人决定是否受理") if side is Side.STAFF else _("轮到区局决定是否受理，您现在不用做什么。")
    return Turn(
        headline,
        _("{unit}要在{day}前作出决定，并告诉您理由。").format(unit=unit, day=_by(clock)),
        Whose.BUREAU,
        by=clock.due_on if clock else None,
        now=Step(_("等{unit}决定").format(unit=unit), _("{day}前。").format(day=_by(clock)), when=_("现在")),
        ahead=(_talk_ahead(), _end_ahead(case)),
    )


def _accepted(case: Case, side: Side) -> Turn:
    clock = running(case, MEDIATE)
    headlines = {
        Side.CONSUMER: _("已经受理，正在问双方愿不愿意调解。"),
        Side.SHOP: _("有一件投诉已经受理，要问您愿不愿意调解。"),
        Side.STAFF: _("等双方答复是否同意调解"),
    }
    return Turn(
        headlines[side],
        _("双方都同意，就在这里谈。同意调解不等于认错，谈不成可以随时停。"),
        Whose.BUREAU,
        by=clock.due_on if clock else None,
        now=Step(_("征求双方调解意见"), when=_("现在")),
        ahead=(_end_ahead(case),),
    )


def _mediating(case: Case, side: Side) -> Turn:
    clock = running(case, MEDIATE)
    return Turn(
        _("正在调解。"),
        _("谈成就签协议，最晚{day}办结。").format(day=_by(clock)) if clock else _("谈成就签协议。"),
        Whose.MEDIATOR,
        by=clock.due_on if clock else None,
        now=Step(_("双方正在谈"), when=_("现在")),
        ahead=(_end_ahead(case),),
    )


def _settled(case: Case, side: Side) -> Turn:
    return Turn(
        _("谈成了，协议已经签好。"),
        _("请按协议写的日子履行。承办人核对后办结。"),
        Whose.BUREAU,
        now=Step(_("等承办人办结"), when=_("现在")),
        tone="ok",
    )


def _to_be_filed_away(side: Side) -> Step:
    if side is Side.STAFF:
        return Step(_("等承办人办结"), when=_("现在"))
    return Step(_("决定已经作出，不用再等"), _("承办人归档以后，这里写“办结”。"), when=_("现在"))


def _terminated(case: Case, side: Side) -> Turn:
    headline = _("调解终止了，您还有别的路可走。") if side is Side.CONSUMER else _("调解已经终止。")
    return Turn(
        headline,
        _("决定书里写了理由。"),
        Whose.NOBODY,
        now=_to_be_filed_away(side),
        tone="bad",
        routes=side is Side.CONSUMER,
    )


def _rejected(case: Case, side: Side) -> Turn:
    return Turn(
        _("这件投诉没有受理，您还有别的路可走。") if side is Side.CONSUMER else _("已决定不予受理"),
        _("理由写在不予受理决定书里。有新的证据，可以重新投诉。"),
        Whose.NOBODY,
        now=_to_be_filed_away(side),
        tone="bad",
        routes=side is Side.CONSUMER,
    )


def _withdrawn(case: Case, side: Side) -> Turn:
    headline = _("您已经撤回这件投诉。") if side is Side.CONSUMER else _("消费者已经撤回这件投诉。")
    again = Link(_("重新投诉"), reverse("complaints:start"))
    return Turn(
        headline,
        _("没有解决的，三年内可以重新投诉。"),
        Whose.NOBODY,
        links=(again,) if side is Side.CONSUMER else (),
        tone="",
    )


def _transferred(case: Case, side: Side) -> Turn:
    unit = receiver_of(case)
    if unit is None:
        return Turn(_("已经移送别的部门处理。"), "", Whose.ELSEWHERE)
    lead = _("这件事归{unit}管，已经把您的材料送过去。它会直接联系您，也可以打电话问：{phone}。")
    return Turn(
        _("已经移送{unit}，由它接着办。").format(unit=unit.short_name),
        lead.format(unit=unit.name, phone=unit.phone or "12345"),
        Whose.ELSEWHERE,
    )


def _closed(case: Case, side: Side) -> Turn:
    if case.outcome in ("settled", "self_settled"):
        return Turn(_("已经办结：双方谈成了。"), _("协议没有履行的，回到这里告诉我们。"), Whose.NOBODY, tone="ok")
    return Turn(
        _("已经办结。没有谈成的，您还有别的路可走。") if side is Side.CONSUMER else _("已经办结。"),
        "",
        Whose.NOBODY,
        tone="",
        routes=side is Side.CONSUMER,
    )


_TURNS: dict[Case.State, Callable[[Case, Side], Turn]] = {
    State.INCOMPLETE: _incomplete,
    State.HUB_RECEIVED: _at_hub,
    State.DISPATCHED: _at_bureau,
    State.ACCEPTED: _accepted,
    State.MEDIATING: _mediating,
    State.SETTLED: _settled,
    State.TERMINATED: _terminated,
    State.REJECTED: _rejected,
    State.WITHDRAWN: _withdrawn,
    State.TRANSFERRED_OUT: _transferred,
    State.CLOSED: _closed,
}

turns(turn_of)
