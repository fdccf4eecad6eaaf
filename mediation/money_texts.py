"""What the portal writes about first payout: numbers and days only."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import notices

notices.register(
    "claim.frozen",
    title=_("材料齐全，钱已经为您留好"),
    body=_("您的先行赔付申请 {number} 材料齐全，款项已冻结，等审批人决定。"),
)
notices.register(
    "claim.frozen_shop",
    title=_("消费者申请了先行赔付，请您答复"),
    body=_(
        "先行赔付 {number}：请在 {by}前直接付给消费者，或者登录说明为什么不同意。到期由基金决定，赔付以后向您追偿。"
    ),
)
notices.register(
    "claim.refused",
    title=_("先行赔付没有批准"),
    body=_("您的先行赔付申请 {number} 没有批准，理由请登录查看。"),
)
notices.register(
    "claim.withdrawn",
    title=_("消费者撤回了先行赔付申请"),
    body=_("先行赔付 {number} 已经撤回，您不用答复了。"),
)
notices.register(
    "claim.paid",
    title=_("先行赔付已付款"),
    body=_("您的先行赔付 {number} 已经付款，请查收。"),
)
notices.register(
    "claim.payment_returned",
    title=_("银行退回了先行赔付款"),
    body=_("银行退回了先行赔付 {number} 的款项，请登录核对收款账户，核对好马上再付。"),
)
notices.register(
    "claim.recourse_started",
    title=_("请归还先行赔付款"),
    body=_("基金已代您单位先行赔付，编号 {number}。请在 {by}前归还，金额和办法请登录查看。"),
)
notices.register(
    "claim.recourse_paused",
    title=_("先行赔付款暂时不用归还"),
    body=_("先行赔付 {number} 的款项被银行退回，暂时不用归还。重新付款以后再通知您。"),
)
notices.register(
    "claim.recovered",
    title=_("先行赔付款已经还清"),
    body=_("先行赔付 {number} 已经还清。"),
)
notices.register(
    "fund.ran_low",
    title=_("基金可用资金低于警戒线"),
    body=_("先行赔付基金的可用资金已经低于警戒线，请安排补充。"),
)
