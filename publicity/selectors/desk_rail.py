"""This room's lists in the desk's rail, each for the roles that work on it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel import rail
from portal.kernel.access import Role
from portal.kernel.models import User
from publicity import access
from publicity.selectors import disclosure_desk, pledges

PLACE = 50
REVIEWERS = frozenset({Role.DISCLOSER, Role.REVIEWER})
STATISTICIANS = frozenset({Role.ANALYST, Role.STATISTICS_APPROVER})


def _publication(who: User) -> Iterator[rail.Entry]:
    if who.roles & REVIEWERS:
        yield rail.Entry(_("待审公示"), reverse("publicity:desk_disclosures"), disclosure_desk.in_review(who).count())
    if who.roles & STATISTICIANS:
        yield rail.Entry(_("每月统计"), reverse("publicity:desk_releases"))


def _shops(who: User) -> Iterator[rail.Entry]:
    if access.is_scheme_office(who):
        yield rail.Entry(_("承诺店"), reverse("publicity:desk_pledges"), pledges.waiting(who).count())
    if who.roles & frozenset(access.KEEPER_ROLES):
        yield rail.Entry(_("商家登记"), reverse("publicity:desk_shops"))


def groups(who: User) -> list[rail.Group]:
    """The rail's groups of this room."""
    return [rail.Group(_("公示和统计"), tuple(_publication(who))), rail.Group(_("商家"), tuple(_shops(who)))]


rail.contributes("publicity", PLACE, groups)
