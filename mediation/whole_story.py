"""What mediation and first payout add to the story of a complaint, in the words of the auditor's page."""

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.whole_story import CASE
from mediation.models import Agreement, Claim, Lane, Mediation
from portal.kernel import jobs, stories, words
from portal.kernel.stories import Part


def parts_of_case(case: models.Model) -> Iterator[Part]:
    """The talks with their lanes, the agreement and the claims to the fund."""
    for talks in Mediation.objects.filter(case_id=case.pk):
        yield Part(talks, _("调解"))
    for lane in Lane.objects.filter(mediation__case_id=case.pk):
        yield Part(lane, lane.get_kind_display())
    for agreement in Agreement.objects.filter(mediation__case_id=case.pk):
        yield Part(agreement, _("调解协议"))
    for claim in Claim.objects.filter(agreement__mediation__case_id=case.pk):
        yield Part(claim, _("先行赔付申请"))


stories.adds(CASE, "mediation", parts_of_case)

words.say(
    {
        "mediation.invited": _("征求双方调解意见"),
        "mediation.consented": _("同意调解"),
        "mediation.refused": _("不同意调解"),
        "mediation.reminded": _("再次联系没有答复的一方"),
        "mediation.taken": _("调解员接手"),
        "mediation.opened": _("打开调解室"),
        "mediation.lapsed": _("调解期限届满"),
        "mediation.ended": _("调解结束"),
        "message.posted": _("发出一条消息"),
        "offer.made": _("提出方案"),
        "offer.countered": _("提出反方案"),
        "offer.accepted": _("接受方案"),
        "offer.declined": _("不接受方案"),
        "offer.withdrawn": _("撤回方案"),
        "offer.expired": _("方案过期"),
        "appraisal.commissioned": _("委托鉴定检测"),
        "appraisal.received": _("收到鉴定检测结论"),
        "agreement.drawn": _("制作调解协议"),
        "agreement.signed": _("一方签署协议"),
        "agreement.concluded": _("双方签署，协议成立"),
        "agreement.performed": _("协议已履行"),
        "agreement.breached": _("协议到期未履行"),
        "claim.applied": _("申请先行赔付"),
        "claim.frozen": _("冻结赔付款"),
        "claim.objected": _("商家提出异议"),
        "claim.approved": _("审批人同意"),
        "claim.decided": _("决定赔付"),
        "claim.refused": _("决定不予赔付"),
        "claim.withdrawn": _("撤回赔付申请"),
        "claim.payee_corrected": _("更正收款人"),
        "claim.bank_asked": _("向银行查询付款"),
        "claim.paid": _("已付款"),
        "claim.payment_returned": _("银行退回付款"),
        "claim.recourse_started": _("开始追偿"),
        "claim.recourse_paused": _("暂停追偿"),
        "claim.repaid": _("商家归还"),
        "claim.overpaid": _("商家多还"),
        "claim.recovered": _("追偿完毕"),
        "fund.opened": _("设立赔付金"),
        "fund.posted": _("赔付金记账"),
        "fund.ran_low": _("赔付金低于警戒线"),
        "fund.receipt_recorded": _("登记收款凭证"),
        "fund.receipt_voided": _("作废收款凭证"),
        "fund.receipt_booked": _("收款凭证入账"),
    }
)
jobs.say(
    {
        "mediation.jobs.invite": _("征求双方调解意见"),
        "mediation.jobs.end_talks": _("终止以后关闭调解室"),
        "mediation.remind": _("再次联系没有答复的一方"),
        "mediation.watch_period": _("留意调解期限"),
        "mediation.expire_offer": _("方案到期"),
        "mediation.check_performance": _("核对协议履行"),
        "send_payment": _("通过银行付款"),
        "watch_payment": _("核对付款有没有退回"),
    }
)
