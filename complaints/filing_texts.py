"""What the portal writes to people about their own acts: filed, supplemented, withdrawn. Numbers only."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import notices

notices.register(
    "case.filed",
    title=_("投诉已收到"),
    body=_("您的投诉已收到，编号 {number}。1 个工作日内分送区市场监督管理局，每一步都会通知您。"),
)
notices.register(
    "case.withdrawn",
    title=_("投诉已撤回"),
    body=_("您已撤回投诉 {number}。还没有解决的，可以重新投诉。"),
)
notices.register(
    "case.supplemented",
    title=_("投诉有新的补充材料"),
    body=_("投诉 {number} 有新的补充材料，请登录查看。"),
)
notices.register(
    "case.withdrawal_asked",
    title=_("消费者想撤回投诉"),
    body=_("投诉 {number} 的消费者提出撤回，请按终止调解办理。"),
)
