"""The kernel's own jobs and its part of the desk's rail, imported when the app is ready."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel import access_log, calendars, documents, files, outgoing, rail
from portal.kernel.access import Role
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
    }
)
