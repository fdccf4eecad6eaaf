"""The kernel's own jobs and its part of the desk's rail, imported when the app is ready."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel import access_log, calendars, documents, files, jobs, outgoing, rail, words
from portal.kernel.access import Role
from portal.kernel.jobs.given_up import given_up
from portal.kernel.models import LawVersion, User

__all__ = ["calendars", "documents", "files", "outgoing"]


def _lists(who: User) -> Iterator[rail.Group]:
    if Role.ADMIN in who.roles:
        yield rail.Group(
            _("管理"),
            (
                rail.Entry(_("人员和岗位"), reverse("kernel:people")),
                rail.Entry(_("放假安排"), reverse("kernel:workdays"), calendars.provisional_count() or None),
                rail.Entry(_("办理期限"), reverse("kernel:law_desk"), LawVersion.objects.waiting().count()),
                rail.Entry(_("后台作业"), reverse("kernel:jobs"), given_up().count()),
            ),
        )
    if Role.AUDITOR in who.roles:
        yield rail.Group(_("个人信息保护"), (rail.Entry(_("谁看过身份信息"), reverse("kernel:reads")),))


rail.contributes("kernel", 90, _lists)
access_log.say(
    {
        "identity": _("身份信息"),
        "name": _("姓名"),
        "phone": _("电话"),
        "address": _("地址"),
        "id_number": _("证件号码"),
        "id_type": _("证件种类"),
        "phone_code.login": _("登录验证码"),
        "phone_code.sign": _("签名验证码"),
        "phone_code.file": _("提交验证码"),
        "phone_code.resume": _("续填验证码"),
        "staff.password": _("工作人员密码"),
        "staff.second_factor": _("工作人员动态口令"),
        "export": _("导出"),
        "paper": _("下载文书"),
        "file": _("下载文件"),
        "retention": _("清理到期的访问记录"),
        "document": _("制作文书"),
    }
)
words.say(
    {
        "account.made": _("建立账号"),
        "account.role_given": _("加岗位"),
        "account.role_taken": _("去掉岗位"),
        "account.opened": _("恢复账号"),
        "account.shut": _("停用账号"),
        "account.reset": _("重设密码和第二因素"),
        "clock.moved": _("节假日安排改变，到期日顺延"),
        "document.issued": _("签发"),
        "document.made": _("制成"),
        "document.revoked": _("撤销"),
        "job.retried": _("重新办理后台作业"),
        "job.discarded": _("不再办理后台作业"),
        "law_version.proposed": _("提出新的期限版本"),
        "law_version.approved": _("批准新的期限版本"),
        "law_version.declined": _("不采用新的期限版本"),
        "looks.forgotten": _("清理到期的访问记录"),
        "workdays.loaded": _("录入节假日安排"),
    }
)
jobs.say(
    {
        "clocks.recompute": _("重算到期日"),
        "documents.make": _("制作文书"),
        "files.scan": _("扫描文件"),
        "notices.deliver": _("发送短信或邮件"),
    }
)
