"""What this room owes after something happened, and how the desk shows its clocks."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import enforcement_rules, period_rules, rail, rules, texts, transfer_rules
from complaints.access import CASE_ROLES, ENFORCEMENT_ROLES
from complaints.models import Case, Report
from complaints.selectors import desk_story
from complaints.selectors.gists import gist_of
from complaints.services import closing, desk_index, holding, papers, reading_rights, shop_moves
from complaints.services.telling import tell_consumer, tell_shop
from portal.kernel import access_log, calendars, jobs
from portal.kernel import rail as desk_rail
from portal.kernel.calendars import Presented
from portal.kernel.models import Event
from publicity.models import Shop
from publicity.services import facts

__all__ = ["desk_story", "enforcement_rules", "period_rules", "texts", "transfer_rules"]

CASE_EVENTS = (
    "case.filed",
    "case.registered",
    "case.dispatched",
    "case.returned",
    "case.transferred",
    "case.claimed",
    "case.accepted",
    "case.rejected",
    "case.mediation_started",
    "case.settled",
    "case.terminated",
    "case.withdrawn",
    "case.shop_moved",
    "case.closed",
)

reading_rights.register()


@jobs.job("complaints.tell_termination", jobs.Priority.CLOCK)
def tell_termination(*, case_id: int) -> None:
    """Tell both sides that mediation has ended; whoever has no inbox here is left for an officer (D03 runs on)."""
    case = holding.lock(case_id)
    if tell_consumer(case, "case.terminated"):
        closing.mark_served(case, side="consumer", method="electronic", who=None)
    if tell_shop(case, "case.terminated_shop"):
        closing.mark_served(case, side="shop", method="electronic", who=None)


@jobs.on("case.withdrawn")
def forget_the_proposal(*, event_id: int) -> None:
    """A withdrawn case has nothing left to review."""
    holding.void_open_proposal(_case_of(event_id))


@jobs.on("case.filed", jobs.Priority.DOCUMENT)
def issue_the_receipt(*, event_id: int) -> None:
    """Everyone who files gets a receipt on paper, too."""
    papers.issue_receipt(_case_of(event_id), who=None)


@jobs.on("shop.merged")
def follow_a_merged_shop(*, event_id: int) -> None:
    """Cases and reports go over to the shop that stays."""
    event = Event.objects.get(pk=event_id)
    kept = Shop.objects.get(public_id=event.payload["into"])
    shop_moves.follow(gone_id=int(event.subject_pk), kept=kept)


@jobs.on("clock.moved", jobs.Priority.CLOCK)
def count_by_the_moved_day(*, event_id: int) -> None:
    """A new notice of holidays moved a last day; statistics count by the new one."""
    event = Event.objects.get(pk=event_id)
    model = {model._meta.label_lower: model for model in (Case, Report)}.get(event.subject_label)
    milestone = rules.COUNTED_PERIODS.get(str(event.payload["code"]))
    if model is None or milestone is None:
        return
    subject = model.objects.get(pk=event.subject_pk)
    running = calendars.open_clocks(subject).filter(code=event.payload["code"], paused_on=None).first()
    if subject.fact_id and running is not None:
        facts.advance(fact_id=subject.fact_id, **{milestone: running.due_on})


def index_the_case(*, event_id: int) -> None:
    """Staff find a case by what it is now."""
    desk_index.put([_case_of(event_id).pk])


for _name in CASE_EVENTS:
    jobs.on(_name, jobs.Priority.GROUPING)(index_the_case)


def _case_of(event_id: int) -> Case:
    return Case.objects.get(pk=Event.objects.get(pk=event_id).subject_pk)


def present_cases(pks: list[int]) -> Mapping[int, Presented]:
    """How the queue shows cases."""
    cases = Case.objects.filter(pk__in=pks).select_related("shop").defer("facts_sealed")
    return {
        case.pk: Presented(
            title=case.title,
            url=reverse("complaints:desk_case", args=[case.public_id]),
            gist=gist_of(case),
            stage=case.get_state_display(),
        )
        for case in cases
    }


def present_reports(pks: list[int]) -> Mapping[int, Presented]:
    """How the queue shows reports to the enforcement people: number and kind, nothing of what they say."""
    return {
        report.pk: Presented(
            title=_("{kind} {number}").format(kind=report.get_kind_display(), number=report.number),
            url=reverse("complaints:desk_report", args=[report.public_id]),
            gist="",
            stage=report.get_proposed_display() or report.get_state_display(),
        )
        for report in Report.objects.filter(pk__in=pks)
    }


calendars.presents(Case._meta.label_lower, present_cases, *CASE_ROLES)
calendars.presents(Report._meta.label_lower, present_reports, *ENFORCEMENT_ROLES)
access_log.say(
    {
        **rules.PURPOSES,
        "handle": gettext_lazy("办理举报"),
        "case.track": gettext_lazy("查询进度"),
        "draft.resume": gettext_lazy("续填草稿"),
        "reporter": gettext_lazy("举报人身份"),
        "report": gettext_lazy("举报"),
        "target": gettext_lazy("被举报人"),
        "facts": gettext_lazy("举报内容"),
        "complaints.case": gettext_lazy("投诉"),
        "complaints.party": gettext_lazy("投诉人"),
        "complaints.report": gettext_lazy("举报"),
        "complaints.reporter": gettext_lazy("举报人"),
    }
)
desk_rail.contributes("complaints", 10, rail.groups_of)
