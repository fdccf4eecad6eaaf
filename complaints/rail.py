"""The room's part of the desk's rail."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.access import CASE_ROLES, ENFORCEMENT_ROLES, HUB_ROLES
from complaints.selectors import desk
from portal.kernel.access import Role
from portal.kernel.errors import Sentence
from portal.kernel.models import User
from portal.kernel.rail import Entry, Group

OWN = ("mine", "waiting", "closing")
SHARED = ("hub", "incomplete", "unclaimed")


def groups_of(who: User) -> Iterator[Group]:
    """First what is due, then one's own, what is everybody's, and the reports for those who may know of them."""
    counts = desk.counts(who)
    views = {view.code: view for view in desk.views_of(who)}
    first = [Entry(_("今天先办"), reverse("complaints:desk"))]
    first += [_entry(views[code].title, code, counts) for code in OWN if code in views]
    yield Group(_("我的"), tuple(first))
    shared = [_entry(views[code].title, code, counts) for code in SHARED if code in views]
    if Role.REVIEWER in who.roles:
        shared.append(Entry(_("待审核"), reverse("complaints:desk_reviews"), counts["reviews"]))
    if who.roles & set(CASE_ROLES):
        shared.append(Entry(views["all"].title, reverse("complaints:desk_cases")))
    yield Group(_("投诉"), tuple(shared))
    yield Group(_("登记"), tuple(_entries(who)))
    if who.roles & set(ENFORCEMENT_ROLES):
        yield Group(_("举报和线索"), (Entry(_("核查中"), reverse("complaints:desk_reports"), counts["reports"]),))


def _entry(title: Sentence, code: str, counts: dict[str, int]) -> Entry:
    url = (
        reverse("complaints:desk_incomplete") if code == "incomplete" else reverse("complaints:desk_list", args=[code])
    )
    return Entry(str(title), url, counts[code])


def _entries(who: User) -> Iterator[Entry]:
    if who.roles & set(HUB_ROLES):
        yield Entry(_("登记投诉"), reverse("complaints:desk_entry"))
    if who.roles & {*HUB_ROLES, Role.ENFORCER}:
        yield Entry(_("登记举报"), reverse("complaints:desk_report_entry"))
