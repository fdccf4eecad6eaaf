"""The desk's lists: what waits for whom, each only as far as *who* may know of it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.access import BUREAU_ROLES, HUB_ROLES, report_units
from complaints.models import Case, Proposal, Report
from complaints.selectors.cases import cases_open_to
from portal.kernel import paging
from portal.kernel.access import Role
from portal.kernel.errors import Sentence, not_found
from portal.kernel.models import User

UNDECIDED = (Case.State.DISPATCHED,)
AT_WORK = (Case.State.DISPATCHED, Case.State.ACCEPTED, Case.State.MEDIATING)
TO_CLOSE = (Case.State.SETTLED, Case.State.TERMINATED, Case.State.REJECTED)


@dataclass(frozen=True)
class View:
    """One named list of cases: who has it in their rail, and which cases it holds."""

    code: str
    title: Sentence
    empty: Sentence
    roles: tuple[Role, ...]
    pick: Callable[[QuerySet[Case], User], QuerySet[Case]]


VIEWS = (
    View(
        "hub",
        _("待分送"),
        _("没有等着分送的投诉。"),
        (Role.DISPATCHER,),
        lambda cases, who: cases.filter(state=Case.State.HUB_RECEIVED, hub_id__in=who.unit_ids(Role.DISPATCHER)),
    ),
    View(
        "incomplete",
        _("待补正"),
        _("没有缺项的工单。"),
        HUB_ROLES,
        lambda cases, who: cases.filter(state=Case.State.INCOMPLETE, hub_id__in=who.unit_ids(*HUB_ROLES)),
    ),
    View(
        "mine",
        _("我的在办"),
        _("您手上没有在办的投诉。"),
        (Role.OFFICER,),
        lambda cases, who: cases.filter(handler=who, state__in=(*AT_WORK, *TO_CLOSE)),
    ),
    View(
        "waiting",
        _("等当事人"),
        _("没有等当事人答复的投诉。"),
        (Role.OFFICER,),
        lambda cases, who: cases.filter(handler=who, state=Case.State.ACCEPTED),
    ),
    View(
        "closing",
        _("待办结"),
        _("没有等着办结的投诉。"),
        (Role.OFFICER,),
        lambda cases, who: cases.filter(handler=who, state__in=TO_CLOSE),
    ),
    View(
        "unclaimed",
        _("待认领"),
        _("没有等着认领的投诉。"),
        (Role.OFFICER,),
        lambda cases, who: cases.filter(handler=None, state__in=UNDECIDED, unit_id__in=who.unit_ids(Role.OFFICER)),
    ),
    View(
        "all",
        _("全部投诉"),
        _("还没有投诉。"),
        (*HUB_ROLES, *BUREAU_ROLES),
        lambda cases, _who: cases.exclude(state=Case.State.INCOMPLETE),
    ),
)


def views_of(who: User) -> list[View]:
    """The lists that *who* has in the rail, in the order of the rail."""
    return [view for view in VIEWS if who.roles & set(view.roles)]


def cases_in(view_code: str, who: User) -> tuple[View, QuerySet[Case]]:
    """One list of cases, the newest first; a list that *who* does not have is absent."""
    for view in views_of(who):
        if view.code == view_code:
            found = view.pick(cases_open_to(who), who).select_related("shop", "handler", "unit")
            found = found.defer("facts_sealed")
            return view, found.order_by("-pk")
    raise not_found()


@dataclass(frozen=True)
class Rows:
    """One page of cases, and the public id after which the next page begins (empty on the last)."""

    rows: tuple[Case, ...]
    next_after: str


def page_after(cases: QuerySet[Case], after: str, size: int) -> Rows:
    """The page that follows the case *after* in a list that is ordered by its key, the newest first."""
    if after:
        last = cases.filter(public_id=after).values_list("pk", flat=True).first()
        cases = cases.filter(pk__lt=last) if last else cases.none()
    return Rows(*paging.cut(cases, size))


def counts(who: User) -> dict[str, int]:
    """How many each list in the rail holds, with the reviews and reports; `all` is not counted."""
    found = {view.code: view.pick(cases_open_to(who), who).count() for view in views_of(who) if view.code != "all"}
    return found | {"reviews": reviews_for(who).count(), "reports": reports_at_work(who).count()}


def reviews_for(who: User) -> QuerySet[Proposal]:
    """The proposals that *who* may decide: of their bureau, and neither their own nor on a case they handle."""
    units = who.unit_ids(Role.REVIEWER)
    waiting = Proposal.objects.filter(state=Proposal.State.OPEN, case__unit_id__in=units)
    foreign = waiting.exclude(proposed_by=who).exclude(case__handler=who)
    return foreign.select_related("case__shop", "case__unit", "proposed_by").order_by("proposed_at", "pk")


def proposal_open_to(*, who: User, public_id: str) -> Proposal:
    """A proposal on a case that *who* may know of."""
    found = Proposal.objects.filter(case__in=cases_open_to(who), public_id=public_id).select_related("case").first()
    if found is None:
        raise not_found()
    return found


def reports_at_work(who: User) -> QuerySet[Report]:
    """Reports and leads still being verified in the units where *who* may know of them, the oldest first."""
    units = report_units(who)
    at_work = Report.objects.filter(unit_id__in=units, state=Report.State.VERIFYING)
    return at_work.select_related("handler", "unit").order_by("received_at", "pk")
