"""How the people at the table and their sums are called, as each reader is used to."""

from django.utils.translation import gettext as _

from complaints import rules as law
from complaints.models import Case
from mediation.models import Side
from portal.kernel import money
from portal.kernel.models import User


def called(side: str, *, reader: Side) -> str:
    """The side of a sentence: 您 for one's own, else who it is."""
    if side == reader:
        return _("您")
    return {
        Side.CONSUMER: _("消费者"),
        Side.MERCHANT: _("商家"),
        Side.MEDIATOR: _("调解员"),
    }[Side(side)]


def mediator_called(user: User | None) -> str:
    """The mediator by name: 调解员 沈示例."""
    return _("调解员 {name}").format(name=user.display_name) if user is not None else _("调解员")


def frame_of(side: Side) -> str:
    """The page frame in which a party is at home."""
    return "base.html" if side == Side.CONSUMER else "merchant.html"


def nav_of(side: Side) -> str:
    """Where a party is in its navigation."""
    return "mine" if side == Side.CONSUMER else "merchant"


def claims_of(case: Case) -> str:
    """What the consumer asked for, in words."""
    asked = "、".join(str(law.CLAIMS[claim]) for claim in case.claims if claim in law.CLAIMS)
    return _("{asked}，{yuan} 元").format(asked=asked, yuan=money.yuan(case.claimed_fen)) if case.claimed_fen else asked


def sum_of(case: Case, fen: int) -> str:
    """What is offered, in the verb of what was asked for, never broken over two lines: 退 799.00 元."""
    if not fen:
        return _("不付钱")
    yuan = money.yuan(fen)
    if {"refund", "return"} & set(case.claims):
        return _("退 {yuan} 元").format(yuan=yuan)
    if "compensate" in case.claims:
        return _("赔 {yuan} 元").format(yuan=yuan)
    return _("付 {yuan} 元").format(yuan=yuan)
