"""What the portal writes to a shop's contacts about its pledge: plate numbers and days only."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import notices

notices.register(
    "pledge.received",
    title=_("承诺店申请已收到"),
    body=_("您店的承诺店申请已收到。先由经办人初核，再由另一人批准，结果会告诉您。"),
    goes_out=False,
)
notices.register(
    "pledge.approved",
    title=_("您的店已列入承诺店名录"),
    body=_("您店的申请已获批准，牌号 {serial}，有效期到 {valid_until}。顾客扫牌子上的码，看到的就是当时的状态。"),
)
notices.register(
    "pledge.refused",
    title=_("承诺店申请未批准"),
    body=_("您店的承诺店申请没有批准。原因请登录查看；补正以后可以再申请。"),
)
notices.register(
    "pledge.suspended",
    title=_("承诺店牌子暂停使用"),
    body=_("您店的牌子 {serial} 已暂停使用，公开页面同时显示。原因和恢复办法请登录查看。"),
)
notices.register(
    "pledge.restored",
    title=_("承诺店牌子已恢复"),
    body=_("您店的牌子 {serial} 已恢复使用，有效期到 {valid_until}。"),
)
notices.register(
    "pledge.delisted",
    title=_("已从承诺店名录摘牌"),
    body=_("您店的牌子 {serial} 已摘牌，请取下店里的牌子。原因和再次申请的时间请登录查看。"),
)
notices.register(
    "pledge.expired",
    title=_("承诺店牌子已到期"),
    body=_("您店的牌子 {serial} 已到期。要继续使用，请重新申请。"),
)
