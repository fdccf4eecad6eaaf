"""What happens to shops, pledges, published records and releases, in the words of the auditor's page."""

from django.utils.translation import gettext_lazy as _

from portal.kernel import jobs, words

words.say(
    {
        "disclosure.proposed": _("提出公示"),
        "disclosure.reviewed": _("公示初审通过"),
        "disclosure.sent_back": _("公示退回修改"),
        "disclosure.published": _("公示"),
        "disclosure.withheld": _("不予公示"),
        "disclosure.moved": _("公示改到另一家名下"),
        "disclosure.expired": _("公示期满"),
        "disclosure.removed": _("撤下公示"),
        "pledge.applied": _("申请承诺"),
        "pledge.checked": _("承诺初审通过"),
        "pledge.approved": _("批准承诺"),
        "pledge.refused": _("不批准承诺"),
        "pledge.suspended": _("暂停承诺"),
        "pledge.restored": _("恢复承诺"),
        "pledge.delisted": _("摘牌"),
        "pledge.expired": _("承诺到期"),
        "shop.named": _("按投诉登记商家"),
        "shop.registered": _("登记商家"),
        "shop.alias_added": _("添加别名"),
        "shop.trade_set": _("登记行业"),
        "shop.contact_verified": _("核实商家联系人"),
        "shop.contact_ended": _("商家联系人失效"),
        "shop.merged": _("商家并入另一家"),
        "release.computed": _("生成统计"),
        "release.signed": _("签发统计"),
    }
)
jobs.say(
    {
        "publicity.index_shops": _("更新商家检索"),
        "publicity.expire_pledge": _("承诺到期"),
        "publicity.expire_records": _("公示期满撤下"),
        "publicity.jobs.remember_to_expire": _("登记公示期满日"),
        "publicity.register_jobs.due_another_day": _("按改动后的到期日公示"),
        "index_disclosure": _("更新公示检索"),
    }
)
