"""What a complaint's own events mean, said to each side."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.models import Case
from complaints.rules import DECIDE, OTHER_ROUTES
from complaints.selectors.steps import Link, Side, Step, contributes, said_day
from portal.kernel import calendars, clock, documents
from portal.kernel.models import Event, Organisation


def tell(event: Event, case: Case, side: Side) -> Step | None:
    """One event of a case in words; None for what this side has no use for or must not know."""
    teller = _TELLERS.get(event.name)
    if teller is None:
        return None
    if side is Side.SHOP and event.name not in TOLD_TO_SHOPS:
        return None
    if side is not Side.STAFF and event.name in TOLD_TO_STAFF_ONLY:
        return None
    title, text = teller(event, case, side)
    return Step(title=title, text=text, at=event.at, links=_papers(event, case, side))


def _papers(event: Event, case: Case, side: Side) -> tuple[Link, ...]:
    kind = PAPERS.get(event.name)
    if kind is None or (side is Side.SHOP and kind != "form08"):
        return ()
    papers = [row for row in documents.of(case) if row.kind == kind and row.issued_at >= event.at]
    return tuple(
        Link(documents.title_of(paper), reverse("kernel:paper", args=[paper.public_id])) for paper in papers[:1]
    )


Told = tuple[str, str]

PAPERS = {
    "case.transferred": "transfer",
    "case.accepted": "form05",
    "case.rejected": "form06",
    "case.terminated": "form08",
}

TOLD_TO_SHOPS = frozenset(
    {
        "case.accepted",
        "case.mediation_started",
        "case.settled",
        "case.terminated",
        "case.closed",
        "case.supplemented",
        "clock.moved",
    }
)
TOLD_TO_STAFF_ONLY = frozenset(
    {
        "case.claimed",
        "case.rejection_proposed",
        "case.termination_proposed",
        "case.proposal_returned",
        "case.served",
    }
)


def _unit(code: object) -> str:
    unit = Organisation.objects.filter(public_id=str(code)).first()
    return unit.name if unit else _("有关单位")


def _filed(event: Event, case: Case, side: Side) -> Told:
    files = int(event.payload.get("evidence", 0))
    got = _("当场得到编号。") if not files else _("当场得到编号，附凭证 {files} 个。").format(files=files)
    if side is Side.CONSUMER and event.actor_id == case.consumer.user_id:
        return _("您提交了投诉"), got
    return _("投诉已登记"), _("渠道：{channel}。").format(channel=case.get_channel_display()) + got


def _dispatched(event: Event, case: Case, side: Side) -> Told:
    decide = calendars.clocks_of(case).filter(code=DECIDE, started_on=clock.day_of(event.at)).first()
    if decide is None:
        return _("送到{unit}").format(unit=_unit(event.payload.get("unit"))), _("从这一天起，由它决定是否受理。")
    within = calendars.words.days_of(decide.measure, decide.length)
    return _("送到{unit}").format(unit=_unit(event.payload.get("unit"))), _(
        "从这一天起，由它在 {within}内决定是否受理。"
    ).format(within=within)


def _returned(event: Event, case: Case, side: Side) -> Told:
    unit = _unit(event.payload.get("unit"))
    return _("退回重新分送"), _("{unit}没有处理权限，退回受理中心，由受理中心另行分送。").format(unit=unit)


def _transferred(event: Event, case: Case, side: Side) -> Told:
    return _("移送{unit}").format(unit=_unit(event.payload.get("to"))), _("以后的进展请向它询问。")


def _accepted(event: Event, case: Case, side: Side) -> Told:
    decided = calendars.clocks_of(case).filter(code=DECIDE, met_on__isnull=False).last()
    if decided is None or decided.met_on is None:
        return _("决定受理"), ""
    run = calendars.progress(decided, decided.met_on).remaining
    day = decided.length - run
    if day < 1:
        return _("决定受理"), _("收到当天就决定了，限期是 {length} 个工作日。").format(length=decided.length)
    return _("决定受理"), _("第 {day} 个工作日，限期是 {length} 个工作日。").format(day=day, length=decided.length)


def _rejected(event: Event, case: Case, side: Side) -> Told:
    return _("决定不予受理"), _("理由写在决定书里，也写了其他解决途径。")


def _mediating(event: Event, case: Case, side: Side) -> Told:
    return _("双方同意调解"), ""


def _settled(event: Event, case: Case, side: Side) -> Told:
    return _("调解成功，双方签了协议"), ""


def _terminated(event: Event, case: Case, side: Side) -> Told:
    return _("终止调解"), _("理由写在决定书里，也写了其他解决途径。")


def _closed(event: Event, case: Case, side: Side) -> Told:
    return _("办结"), ""


def _withdrawn(event: Event, case: Case, side: Side) -> Told:
    return (_("您撤回了投诉") if side is Side.CONSUMER else _("消费者撤回投诉")), ""


def _withdrawal_asked(event: Event, case: Case, side: Side) -> Told:
    title = _("您提出撤回") if side is Side.CONSUMER else _("消费者提出撤回")
    return title, _("受理以后撤回，由承办人按终止调解办理。")


def _supplemented(event: Event, case: Case, side: Side) -> Told:
    files = int(event.payload.get("files", 0))
    by_consumer = event.payload.get("side") == "consumer"
    is_own = by_consumer == (side is Side.CONSUMER) and side is not Side.STAFF
    who = _("您") if is_own else (_("消费者") if by_consumer else _("商家"))
    detail = ngettext("添加凭证 %(count)d 个。", "添加凭证 %(count)d 个。", files) % {"count": files} if files else ""
    return _("{who}补充了材料").format(who=who), detail


def _consents(event: Event, case: Case, side: Side) -> Told:
    disclosure = _("同意公示") if event.payload.get("disclosure") else _("不同意公示")
    delegation = _("同意委托调解") if event.payload.get("delegation") else _("不同意委托调解")
    who = _("您") if side is Side.CONSUMER else _("消费者")
    return _("{who}改了意愿").format(who=who), _("{one}，{two}。").format(one=disclosure, two=delegation)


def _claimed(event: Event, case: Case, side: Side) -> Told:
    return _("承办人认领"), str(event.actor or "")


def _proposed_rejection(event: Event, case: Case, side: Side) -> Told:
    return _("建议不予受理"), _("等审核人决定。")


def _proposed_termination(event: Event, case: Case, side: Side) -> Told:
    return _("建议终止调解"), _("等审核人决定。")


def _proposal_returned(event: Event, case: Case, side: Side) -> Told:
    return _("审核人退回建议"), ""


def _served(event: Event, case: Case, side: Side) -> Told:
    return (_("已告知消费者") if event.payload.get("side") == "consumer" else _("已告知商家")), ""


def _moved(event: Event, case: Case, side: Side) -> Told:
    new = str(event.payload.get("new", ""))
    title = calendars.title_of(str(event.payload.get("code", "")))
    detail = _("“{title}”的最后一天改为 {day}。").format(title=title, day=said_day(date.fromisoformat(new)))
    return _("放假安排公布，期限重新计算"), detail


_TELLERS = {
    "case.filed": _filed,
    "case.completed": _filed,
    "case.dispatched": _dispatched,
    "case.returned": _returned,
    "case.transferred": _transferred,
    "case.accepted": _accepted,
    "case.rejected": _rejected,
    "case.mediation_started": _mediating,
    "case.settled": _settled,
    "case.terminated": _terminated,
    "case.closed": _closed,
    "case.withdrawn": _withdrawn,
    "case.withdrawal_asked": _withdrawal_asked,
    "case.supplemented": _supplemented,
    "case.consents_changed": _consents,
    "case.claimed": _claimed,
    "case.rejection_proposed": _proposed_rejection,
    "case.termination_proposed": _proposed_termination,
    "case.proposal_returned": _proposal_returned,
    "case.served": _served,
    "clock.moved": _moved,
}


def other_routes() -> list[str]:
    """Where a consumer may go when this office cannot help (消法39)."""
    return [str(route) for route in OTHER_ROUTES]


contributes("case.", tell)
contributes("clock.", tell)
