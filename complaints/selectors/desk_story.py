"""The story of a case where only staff hear it: whose turn it is before a bureau decides, and the desk's own steps.

It is asked before `case_turns`, which it therefore imports.
"""

from django.utils.translation import gettext as _

from complaints.models import Case, Proposal
from complaints.rules import COMPLETE, DECIDE, DISPATCH, MEDIATE
from complaints.selectors.case_turns import running
from complaints.selectors.steps import Side, Step, Turn, Whose, contributes, said_day, turns
from portal.kernel.calendars import book
from portal.kernel.models import Event

State = Case.State


def tell(event: Event, case: Case, side: Side) -> Step | None:
    """The desk's own events; of these the parties hear only that something was put on file for the consumer."""
    if event.name == "case.material_added" and side is not Side.SHOP:
        detail = _("添加文件 1 个。") if event.payload.get("files") else ""
        return Step(title=_("工作人员登记了材料"), text=detail, at=event.at)
    if side is not Side.STAFF:
        return None
    if event.name == "case.registered":
        return Step(
            title=_("工单登记，等补正"),
            text=_("渠道：{channel}。").format(channel=case.get_channel_display()),
            at=event.at,
        )
    return Step(title=_("商家并入另一家"), text=_("案件跟着走，消费者写的名称不变。"), at=event.at)


def turn(case: Case, side: Side) -> Turn | None:
    """What staff do next, and until when, up to the bureau's decision."""
    maker = _TURNS.get(case.state) if side is Side.STAFF else None
    return maker(case) if maker else None


def _by(case: Case, code: str) -> str:
    clock = running(case, code)
    return _("{day}前。").format(day=said_day(clock.due_on)) if clock else ""


def _incomplete(case: Case) -> Turn:
    now = Step(title=_("联系消费者补全，或者移送、记下放弃"), text=_by(case, COMPLETE), when=_("现在"))
    ahead = (Step(title=_("补全以后分送"), when=_("接下来")),)
    return Turn(_("等受理中心补正"), "", Whose.HUB, now=now, ahead=ahead, tone="")


def _at_hub(case: Case) -> Turn:
    now = Step(title=_("等受理中心分送"), text=_by(case, DISPATCH), when=_("现在"))
    return Turn(_("等受理中心分送"), "", Whose.HUB, now=now, ahead=(_decision(), _mediation()), tone="")


def _at_bureau(case: Case) -> Turn:
    if case.proposals.filter(state=Proposal.State.OPEN).exists():
        waits = _("建议不予受理，等审核人决定")
        return Turn(waits, "", Whose.BUREAU, now=Step(title=waits, text=_by(case, DECIDE), when=_("现在")), tone="now")
    now = Step(title=_("等承办人决定是否受理"), text=_by(case, DECIDE), when=_("现在"))
    return Turn(_("等承办人决定是否受理"), "", Whose.BUREAU, now=now, ahead=(_mediation(),), tone="now")


def _decision() -> Step:
    return Step(
        title=_("区局决定是否受理"),
        text=_("收到后 {within}内。").format(within=book.length_of(DECIDE)),
        when=_("接下来"),
    )


def _mediation() -> Step:
    return Step(
        title=_("受理以后征求双方意见，{within}内办结").format(within=book.length_of(MEDIATE)), when=_("受理之后")
    )


_TURNS = {State.INCOMPLETE: _incomplete, State.HUB_RECEIVED: _at_hub, State.DISPATCHED: _at_bureau}

contributes("case.registered", tell)
contributes("case.material_added", tell)
contributes("case.shop_moved", tell)
turns(turn)
