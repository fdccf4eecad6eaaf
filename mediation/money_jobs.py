"""Jobs, clocks, papers and messages of first payout."""

from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mediation import payout_rules
from mediation.models import Claim
from mediation.selectors import claims as selectors
from mediation.services import payments
from portal.kernel import access, calendars, documents, jobs, money, notices
from portal.kernel.access import Role
from portal.kernel.calendars import Presented
from portal.kernel.models import Document

calendars.register(*payout_rules.clocks())
documents.register(
    "recourse_letter",
    template=Path(__file__).parent / "documents" / "recourse.typ",
    title=_("先行赔付追偿通知书"),
    numbered=True,
)

notices.register(
    "claim.frozen",
    title=_("先行赔付材料齐全，钱已留好"),
    body=_("您的先行赔付申请 {number} 材料齐全，款项已冻结，等审批人决定。"),
)
notices.register(
    "claim.refused", title=_("先行赔付没有批准"), body=_("您的先行赔付申请 {number} 没有批准，理由请登录查看。")
)
notices.register("claim.paid", title=_("先行赔付已付款"), body=_("您的先行赔付 {number} 已经付款，请查收。"))
notices.register(
    "claim.payment_returned",
    title=_("银行退回了先行赔付款"),
    body=_("银行退回了先行赔付 {number} 的款项，请登录核对收款账户。"),
)
notices.register(
    "claim.recourse_started",
    title=_("请归还先行赔付款"),
    body=_("基金已代您单位先行赔付，编号 {number}，请登录查看金额和期限。"),
)


@jobs.job("send_payment", act=payments.transfer)
def send_payment(*, payment_id: int, outcome: dict[str, str | bool]) -> None:
    """Pay a decided claim through the bank and book what it answered."""
    payments.settle(
        payment_id=payment_id, reference=str(outcome["reference"]), was_returned=bool(outcome["was_returned"])
    )


def _present(pks: list[int]) -> dict[int, Presented]:
    rows = Claim.objects.filter(pk__in=pks).select_related("agreement__mediation__case__shop")
    return {
        row.pk: Presented(
            title=str(row.agreement.mediation.case.shop),
            url=reverse("mediation:desk_claim", args=[row.public_id]),
            gist=f"{row.number} · {money.yuan(row.amount_fen)}",
            stage=str(Claim.State(row.state).label),
        )
        for row in rows
    }


def _may_read(document: Document, who: access.Who) -> bool:
    return selectors.claims_open_to(who).filter(pk=int(document.subject_pk)).exists()


calendars.presents(Claim._meta.label_lower, _present, Role.FUND_KEEPER, Role.FUND_APPROVER)
documents.register_subject(Claim._meta.label_lower, _may_read)
