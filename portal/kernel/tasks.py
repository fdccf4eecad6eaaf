"""The kernel's own jobs and its part of the desk's rail, imported when the app is ready."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel import calendars, documents, files, outgoing, rail
from portal.kernel.access import Role
from portal.kernel.models import User

__all__ = ["calendars", "documents", "files", "outgoing"]


def _lists(who: User) -> Iterator[rail.Group]:
    if Role.ADMIN in who.roles:
        yield rail.Group(_("管理"), (rail.Entry(_("人员和岗位"), reverse("kernel:people")),))


rail.contributes("kernel", 90, _lists)
