"""A first payout in plain words for each side: its events, where it stands, what it waits for."""

from datetime import date

from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.selectors.steps import Side, Step, said_day
from mediation.models import Claim, Payment
from mediation.payout_rules import OBJECT, terms
from portal.kernel import calendars, clock, money
from portal.kernel.models import Event

State = Claim.State
NO_BREAK = "\u00a0"
FOR_THE_SHOP = frozenset(
    {
        "claim.frozen",
        "claim.objected",
        "claim.paid",
        "claim.withdrawn",
        "claim.recourse_started",
        "claim.repaid",
        "claim.recovered",
    }
)
FOR_THE_CONSUMER = frozenset(
    {
        "claim.applied",
        "claim.frozen",
        "claim.objected",
        "claim.decided",
        "claim.refused",
        "claim.withdrawn",
        "claim.paid",
        "claim.payment_returned",
        "claim.payee_corrected",
    }
)


def tell(event: Event, case: Case, side: Side) -> Step | None:
    """One event of a claim in words; None for what does not concern this side."""
    if side == Side.SHOP and event.name not in FOR_THE_SHOP:
        return None
    if side == Side.CONSUMER and event.name not in FOR_THE_CONSUMER:
        return None
    told = _told(event, side)
    return Step(title=told[0], text=told[1], at=event.at) if told else None


def _told(event: Event, side: Side) -> tuple[str, str] | None:
    yuan = _sum(int(event.payload.get("fen", 0)))
    left = int(event.payload.get("left", 0))
    is_shop = side == Side.SHOP
    rest = _("还剩 {yuan} 元没有归还。").format(yuan=money.yuan(left)) if left else ""
    titles = {
        "claim.applied": (_("申请先行赔付 {yuan}"), ""),
        "claim.frozen": (
            _("消费者申请了先行赔付 {yuan}") if is_shop else _("材料齐全，{yuan}已经留好"),
            _("钱已冻结，由另外的人决定付不付。"),
        ),
        "claim.objected": (_("您提出了异议") if is_shop else _("商家提出了异议"), _("审批人决定时会看。")),
        "claim.decided": (_("批准先行赔付"), ""),
        "claim.refused": (_("先行赔付没有批准"), _("理由在先行赔付页面上。")),
        "claim.withdrawn": (_("撤回了先行赔付申请"), ""),
        "claim.paid": (_("基金赔给消费者 {yuan}") if is_shop else _("先行赔付 {yuan}，已经付款"), ""),
        "claim.payment_returned": (_("银行退回了先行赔付款"), ""),
        "claim.payee_corrected": (_("收款账户已经更正"), ""),
        "claim.recourse_started": (_("请商家归还 {yuan}"), ""),
        "claim.repaid": (_("商家归还 {yuan}"), rest),
        "claim.recovered": (_("先行赔付款已经还清"), ""),
    }
    if event.name not in titles:
        return None
    title, text = titles[event.name]
    return title.format(yuan=yuan), text


def headline_of(claim: Claim, side: Side) -> tuple[str, str, str]:
    """Where a claim stands, said to one party: heading, what happens next, and the shape of its tag."""
    yuan = _sum(claim.amount_fen)
    if side == Side.SHOP:
        return _said_to_shop(claim, yuan)
    is_back = is_waiting_for_payee(claim)
    days = terms().apply_within_cd
    return {
        State.APPLIED: (
            _("正在看您的材料，您现在不用做什么。"),
            _("材料齐全，就把 {yuan}冻结留给您。").format(yuan=yuan),
            "",
        ),
        State.FROZEN: (
            _("{yuan}已经为您留好，等审批人决定。").format(yuan=yuan),
            _("看材料的人和决定的人不是同一个人。您现在不用做什么。"),
            "now",
        ),
        State.DECIDED: (_("银行退回了这笔钱，请您核对收款账户。"), _("核对好了，马上再付一次。"), "warn")
        if is_back
        else (_("已经批准，正在付款。"), _("到账以后马上通知您。"), "now"),
        State.REFUSED: (
            _("这次没有批准。"),
            _("补充材料以后，{days} 日内还可以再申请。也可以仲裁或者提起诉讼。").format(days=days),
            "bad",
        ),
        State.WITHDRAWN: (
            _("您撤回了这次申请。"),
            _("商家还是没有付的话，{days} 日内还可以再申请。").format(days=days),
            "",
        ),
    }.get(
        claim.state,
        (_("已经赔给您 {yuan}。").format(yuan=yuan), _("以后由基金向商家追回，您不用再做什么。"), "ok"),
    )


def _said_to_shop(claim: Claim, yuan: str) -> tuple[str, str, str]:
    waiting = calendars.open_clocks(claim).filter(code=OBJECT).first()
    if claim.state == State.FROZEN and waiting is not None:
        headline = _("消费者申请了先行赔付 {yuan}，请在{day}前答复。").format(yuan=yuan, day=_day(waiting.due_on))
        return headline, _("直接付给消费者，或者说明为什么不同意。过了这一天，由基金决定；赔付以后向您追偿。"), "now"
    if claim.state == State.FROZEN:
        return _("您的意见已经收到，等基金决定。"), "", ""
    if claim.state == State.DECIDED:
        return _("基金已经批准先行赔付 {yuan}，正在付款。").format(yuan=yuan), "", ""
    if claim.state == State.RECOURSE and claim.recourse_due_on:
        return _owed_by_shop(claim, claim.recourse_due_on)
    if claim.state == State.RECOVERED:
        return _("这笔先行赔付款已经还清。"), "", "ok"
    return _("这笔先行赔付已经结束，您不用归还。"), "", ""


def _owed_by_shop(claim: Claim, due_on: date) -> tuple[str, str, str]:
    said = {"yuan": _sum(claim.owed_fen), "day": _day(due_on)}
    how = _("转账时写明先行赔付编号，分几次也可以。")
    if due_on < clock.today():
        late = _("过了期限，基金可以依法起诉。")
        return _("{yuan}应当在{day}前归还，已经逾期。").format(**said), f"{late}{how}", "bad"
    return _("基金已替您付给消费者，请在{day}前归还 {yuan}。").format(**said), how, "now"


def _sum(fen: int) -> str:
    return _("{yuan} 元").format(yuan=money.yuan(fen)).replace(" ", NO_BREAK)


def _day(day: date) -> str:
    return said_day(day).replace(" ", NO_BREAK)


def state_of(claim: Claim, side: Side) -> str:
    """The word of a claim's state: a consumer who was paid has nothing to do with what follows."""
    if side == Side.CONSUMER and claim.paid_at is not None:
        return _("已赔付")
    if is_waiting_for_payee(claim):
        return _("等更正账户")
    return str(claim.get_state_display())


def to_come(claim: Claim, side: Side) -> tuple[Step, ...]:
    """What a claim waits for now and what follows, for its own page."""
    if side == Side.SHOP:
        steps_left = {
            State.FROZEN: (_("等您答复"), _("等基金决定"), _("赔付以后向您追偿"))[1 if claim.objection_sealed else 0 :],
            State.DECIDED: (_("基金付款"), _("向您追偿")),
            State.RECOURSE: (_("等您归还"),),
        }
    else:
        steps_left = {
            State.APPLIED: (_("看材料，把钱冻结留给您"), _("另外的人决定"), _("付到您的账户")),
            State.FROZEN: (_("等审批人决定"), _("付到您的账户")),
            State.DECIDED: (_("等您核对收款账户") if is_waiting_for_payee(claim) else _("付到您的账户"),),
        }
    words = steps_left.get(claim.state, ())
    return tuple(
        Step(word, when=_("接下来") if place else _("现在"), state="ahead" if place else "now")
        for place, word in enumerate(words)
    )


def is_waiting_for_payee(claim: Claim) -> bool:
    """Whether the bank sent the money back and the consumer must correct the account."""
    return claim.state == State.DECIDED and not claim.payments.exclude(state=Payment.State.RETURNED).exists()
