"""What the portal writes to the two sides of a complaint: numbers, offices and days only."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import notices

notices.register(
    "case.dispatched",
    title=_("您的投诉已分送"),
    body=_("投诉 {number} 已分送{unit}。该局会在法定期限内决定是否受理，并告知您。"),
)
notices.register(
    "case.accepted",
    title=_("您的投诉已受理"),
    body=_("投诉 {number} 已由{unit}受理。接下来会问您和商家是否同意调解。"),
)
notices.register(
    "case.accepted_shop",
    title=_("有一件投诉等您答复"),
    body=_("{unit}受理了一件与您的店有关的投诉，编号 {number}。请登录答复是否同意调解。"),
)
notices.register(
    "case.rejected",
    title=_("您的投诉不予受理"),
    body=_("投诉 {number} 由{unit}决定不予受理。理由和其他解决途径写在决定书里，请登录查看。"),
)
notices.register(
    "case.terminated",
    title=_("您的投诉终止调解"),
    body=_("投诉 {number} 的调解已经终止。决定书里写了理由，以及诉讼、仲裁等其他途径，请登录查看。"),
)
notices.register(
    "case.terminated_shop",
    title=_("一件投诉终止调解"),
    body=_("与您的店有关的投诉 {number} 已经终止调解，决定书请登录查看。"),
)
notices.register(
    "case.transferred",
    title=_("您的投诉已移送"),
    body=_("投诉 {number} 应由{unit}处理，已经移送，电话 {phone}。以后的进展请向该单位询问。"),
)
notices.register(
    "case.closed",
    title=_("您的投诉已办结"),
    body=_("投诉 {number} 已经办结，结果和文书请登录查看。"),
)
