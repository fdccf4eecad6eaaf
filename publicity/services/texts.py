"""What merchants are told about their pledge."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import notices

notices.register(
    "pledge.checked", title=_("承诺店申请已初核"), body=_("您的诚信经营承诺店申请已通过初核，等第二个人批准。")
)
notices.register(
    "pledge.approved",
    title=_("已列入诚信经营承诺店"),
    body=_("您的店已列入名录，牌号 {serial}，可以下载牌子和二维码。"),
)
notices.register(
    "pledge.refused", title=_("承诺店申请没有批准"), body=_("您的诚信经营承诺店申请没有批准，理由请登录查看。")
)
notices.register(
    "pledge.suspended", title=_("暂停使用承诺店标识"), body=_("{serial} 暂停使用，原因请登录查看，请先收起牌子。")
)
notices.register("pledge.restored", title=_("恢复使用承诺店标识"), body=_("{serial} 已恢复使用。"))
notices.register("pledge.delisted", title=_("承诺店已摘牌"), body=_("{serial} 已摘牌，原因请登录查看。"))
