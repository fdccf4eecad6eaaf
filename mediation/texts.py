"""What the portal writes to the people at the table: numbers, offices and days only."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import notices

notices.register(
    "mediation.invited",
    title=_("您同意调解吗"),
    body=_("投诉 {number} 已受理。请在 {by}前答复是否同意由{unit}调解。"),
)
notices.register(
    "mediation.invited_shop",
    title=_("您同意调解吗"),
    body=_("与您的店有关的投诉 {number}，请在 {by}前答复是否同意由{unit}调解。"),
    goes_out=False,
)
notices.register(
    "mediation.reminded",
    title=_("请答复是否同意调解"),
    body=_("投诉 {number} 还在等您答复是否同意调解。不答复，调解就不能开始。"),
)
notices.register(
    "mediation.unanswered",
    title=_("有一方没有答复是否同意调解"),
    body=_("投诉 {number} 在约定的 5 个工作日里没有收齐答复，请电话联系；仍不答复的，可以建议终止调解。"),
)
notices.register(
    "mediation.refused",
    title=_("有一方不同意调解"),
    body=_("投诉 {number} 有一方明确不同意调解，请核实，可以建议终止调解。"),
)
notices.register(
    "mediation.opened",
    title=_("双方同意调解，可以开始谈了"),
    body=_("投诉 {number} 的双方都同意调解，调解室已经打开，请登录。"),
)
notices.register(
    "mediation.lapsed",
    title=_("调解期限到了"),
    body=_("投诉 {number} 的调解期限今天届满，还没有达成协议。请核实，可以按满六十日未达成协议建议终止调解。"),
)
notices.register(
    "room.spoken",
    title=_("调解室有新的话"),
    body=_("投诉 {number} 的调解室有新的话，请登录查看。"),
)
notices.register(
    "offer.made",
    title=_("对方提出了一个方案"),
    body=_("投诉 {number}：对方提出了方案，请在 {by}前答复。"),
)
notices.register(
    "offer.accepted",
    title=_("方案已被接受"),
    body=_("投诉 {number}：方案已被接受，接下来由调解员写成协议，请双方签名。"),
)
notices.register(
    "offer.declined",
    title=_("对方没有接受方案"),
    body=_("投诉 {number}：对方没有接受您的方案，可以再谈，也可以提出新方案。"),
)
notices.register(
    "offer.withdrawn",
    title=_("对方撤回了方案"),
    body=_("投诉 {number}：对方撤回了方案，您不用答复了。"),
    goes_out=False,
)
notices.register(
    "offer.expired",
    title=_("方案过期了"),
    body=_("投诉 {number}：方案过了答复的日子，已经失效，可以提出新方案。"),
)
notices.register(
    "agreement.drawn",
    title=_("协议写好了，请您签名"),
    body=_("投诉 {number}：调解协议已经写好，请登录看清楚每一条，再用验证码签名。"),
)
notices.register(
    "agreement.signed",
    title=_("对方签名了"),
    body=_("投诉 {number}：对方已经签了调解协议，等您签名。"),
)
notices.register(
    "agreement.concluded",
    title=_("双方都签了，调解成功"),
    body=_("投诉 {number}：双方都签了调解协议，请在 {by}前履行。调解书请登录查看。"),
)
notices.register(
    "agreement.performed",
    title=_("协议已经履行"),
    body=_("投诉 {number}：调解协议已经登记为履行。"),
)
notices.register(
    "agreement.breached",
    title=_("商家没有按协议履行"),
    body=_("投诉 {number}：约定的日子过了，协议没有履行。您可以申请先行赔付，也可以申请仲裁或者提起诉讼，请登录查看。"),
)
notices.register(
    "agreement.breached_shop",
    title=_("协议没有按期履行"),
    body=_("投诉 {number}：约定的日子过了，协议没有登记履行。请马上履行；已经履行的，请联系调解员登记。"),
)
notices.register(
    "agreement.breached_desk",
    title=_("有一份协议没有按期履行"),
    body=_("投诉 {number}：约定的日子过了三个工作日，协议没有登记履行。"),
)
notices.register(
    "appraisal.commissioned",
    title=_("开始鉴定检测，期限暂停"),
    body=_("投诉 {number}：已委托鉴定、检测，调解期限从 {day}起暂停。"),
)
notices.register(
    "appraisal.received",
    title=_("鉴定检测结果到了"),
    body=_("投诉 {number}：鉴定、检测结果已收到，调解期限继续计算，最后一天是 {by}。"),
)
