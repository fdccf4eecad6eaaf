"""The desk's lists: what to do first, whose cases are whose, what waits for review, and finding a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from complaints.access import CASE_ROLES, ENFORCEMENT_ROLES
from complaints.models import Case
from complaints.selectors import desk as selectors
from complaints.selectors.desk_queue import Wanted, queue_for
from complaints.services import desk_index
from portal.kernel import access, clock, regions
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import User
from portal.kernel.search.port import Sort

PAGE = 25
LONGEST_NUMBER = 9
STAGES = (
    Case.State.INCOMPLETE,
    Case.State.HUB_RECEIVED,
    Case.State.DISPATCHED,
    Case.State.ACCEPTED,
    Case.State.MEDIATING,
    Case.State.TERMINATED,
)

at_the_desk = access.staff(*CASE_ROLES)


def _who(request: HttpRequest) -> User:
    return access.require_person(request.user)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


@access.any_staff
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What to do first, by clock."""
    wanted = Wanted(
        stage=request.GET.get("stage", "") if request.GET.get("stage") in STAGES else "",
        problem=request.GET.get("problem", ""),
        by_amount=request.GET.get("order") == "amount",
        skip=_number(request.GET.get("skip", "")),
    )
    context = {
        "queue": queue_for(_who(request), wanted),
        "wanted": wanted,
        "today": clock.today(),
        "stages": [(state.value, state.label) for state in STAGES],
        "problems": regions.city().problems,
        "has_cases": bool(_who(request).roles & {*CASE_ROLES, *ENFORCEMENT_ROLES}),
    }
    return render(request, "complaints/desk/queue.html", context)


@at_the_desk
@require_GET
def desk_list(request: HttpRequest, view: str) -> HttpResponse:
    """One list of the rail, the newest first, page by page."""
    shown, cases = selectors.cases_in(view, _who(request))
    total = cases.count()
    after = request.GET.get("after", "")
    rows = selectors.page_after(cases, after, PAGE)
    context: dict[str, Any] = {
        "view": shown,
        "rows": rows.rows,
        "total": total,
        "next_after": rows.next_after,
        "is_first": not after,
    }
    return render(request, "complaints/desk/list.html", context)


@access.staff(Role.REVIEWER)
@require_GET
def desk_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for this reviewer, the oldest first."""
    return render(request, "complaints/desk/reviews.html", {"waiting": selectors.reviews_for(_who(request))})


@at_the_desk
@require_GET
def desk_search(request: HttpRequest) -> HttpResponse:
    """Cases by number, shop or matter, only those open to this person."""
    text = request.GET.get("q", "").strip()
    sort: Sort = "amount" if request.GET.get("sort") == "amount" else "date"
    context: dict[str, Any] = {"desk_query": text, "sort": sort, "rows": [], "total": 0}
    status = 200
    if text:
        try:
            after = request.GET.get("after", "")
            page, rows = desk_index.find(who=_who(request), text=text, sort=sort, after=after)
            context |= {"rows": rows, "total": page.total, "next_after": page.next_cursor}
        except Refused as refused:
            status = refused.status
            context["wrong"] = refused.sentence
    else:
        context["wrong"] = _("请写编号、商家或者关键词。")
    return render(request, "complaints/desk/search.html", context, status=status)
