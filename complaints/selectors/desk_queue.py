"""The first page of the desk: the clocks of all rooms by urgency, and on which days they fall due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.selectors.cases import cases_open_to
from portal.kernel import calendars, clock
from portal.kernel.access import Role
from portal.kernel.calendars import Progress, Urgency
from portal.kernel.models import Clock, User

URGENT = (Urgency.OVERDUE, Urgency.TODAY, Urgency.NEXT, Urgency.NEAR)
PRESSING = ("bad", "warn", "near")
MOST_ROWS = 60
DAYS_SHOWN = 13
MOST_DOTS = 4
DOT_STEP, LOWEST_DOT = 16, 54


@dataclass(frozen=True)
class Job:
    """One line of the queue; `case` is there for complaints, with whether this reader may claim it here."""

    clock: Clock
    run: Progress
    title: str
    url: str
    gist: str
    stage: "str | Promise"
    case: Case | None
    may_claim: bool


@dataclass(frozen=True)
class Section:
    """The jobs of one urgency, as many as are shown, and how many there are."""

    urgency: str
    title: str
    jobs: tuple[Job, ...]
    total: int


@dataclass(frozen=True)
class Dot:
    """One day on the line of due dates: up to four dots, placed, and the rest as a number."""

    label: str
    kind: str
    x: str
    heights: tuple[int, ...]
    more: int
    more_height: int


@dataclass(frozen=True)
class Queue:
    """What the first page of the desk shows."""

    sections: tuple[Section, ...]
    urgent: int
    total: int
    shown: int
    lead: str
    dots: tuple[Dot, ...]
    dots_in_words: str


@dataclass(frozen=True)
class Wanted:
    """How the reader narrowed and ordered the queue; empty means all."""

    stage: str = ""
    problem: str = ""
    by_amount: bool = False


def queue_for(who: User, wanted: Wanted) -> Queue:
    """The open clocks *who* may work on, the most urgent first, narrowed to what is *wanted*."""
    groups = calendars.queue(who)
    label = Case._meta.label_lower
    pks = {int(row.clock.subject_pk) for group in groups for row in group.rows if row.clock.subject_label == label}
    cases = {case.pk: case for case in _cases(who, pks)}
    claims_in = who.unit_ids(Role.OFFICER)
    sections: list[Section] = []
    room = MOST_ROWS
    for group in groups:
        jobs = [job for row in group.rows if (job := _job(row, cases, claims_in)) and _fits(job, wanted)]
        if wanted.by_amount:
            jobs.sort(key=lambda job: -(job.case.claimed_fen if job.case else 0))
        if jobs:
            sections.append(Section(group.urgency.value, group.title, tuple(jobs[:room]), len(jobs)))
            room = max(0, room - len(jobs))
    total = sum(section.total for section in sections)
    urgent = sum(section.total for section in sections if section.urgency in URGENT)
    dots = _dots(who)
    return Queue(
        sections=tuple(section for section in sections if section.jobs),
        urgent=urgent,
        total=total,
        shown=MOST_ROWS - room if total > MOST_ROWS else total,
        lead=_lead(sections),
        dots=dots,
        dots_in_words="，".join(_("{day} {n} 件").format(day=dot.label, n=len(dot.heights) + dot.more) for dot in dots),
    )


def _cases(who: User, pks: Iterable[int]) -> QuerySet[Case]:
    return cases_open_to(who).filter(pk__in=list(pks)).select_related("handler")


def _job(row: calendars.Row, cases: dict[int, Case], claims_in: frozenset[int]) -> Job | None:
    is_case = row.clock.subject_label == Case._meta.label_lower
    case = cases.get(int(row.clock.subject_pk)) if is_case else None
    if is_case and case is None:
        return None
    may_claim = case is not None and case.handler_id is None and case.unit_id in claims_in
    shown = row.presented
    return Job(row.clock, row.progress, shown.title, shown.url, shown.gist, shown.stage, case, may_claim)


def _fits(job: Job, wanted: Wanted) -> bool:
    if not wanted.stage and not wanted.problem:
        return True
    if job.case is None:
        return False
    return wanted.stage in ("", job.case.state) and wanted.problem in ("", job.case.problem)


def _lead(sections: list[Section]) -> str:
    words = {
        Urgency.OVERDUE: _("{n} 件逾期"),
        Urgency.TODAY: _("{n} 件今天到期"),
        Urgency.NEXT: _("{n} 件下个工作日到期"),
        Urgency.NEAR: _("{n} 件已过八成"),
    }
    said = [words[Urgency(one.urgency)].format(n=one.total) for one in sections if one.urgency in URGENT]
    return "，".join(said) + _("。") if said else _("没有快到期的，可以按顺序办。")


def _dots(who: User) -> tuple[Dot, ...]:
    counts = calendars.due_counts(who)
    today = clock.today()
    late = sum(count for day, count in counts.items() if day < today)
    days = _days(today, counts)
    columns = [(_("逾期"), "bad", late)] if late else []
    for before, day in zip([None, *days], days, strict=False):
        kind = "warn" if counts.get(day) and day <= calendars.add_working_days(today, 1) else ""
        columns.append((_label(day, before), kind, counts.get(day, 0)))
    width = 100 / max(1, len(columns))
    return tuple(
        Dot(
            label=label,
            kind=kind,
            x=f"{width * (place + 0.5):.2f}",
            heights=tuple(LOWEST_DOT - DOT_STEP * step for step in range(min(count, MOST_DOTS))),
            more=max(0, count - MOST_DOTS),
            more_height=LOWEST_DOT - DOT_STEP * (MOST_DOTS - 1) - 12,
        )
        for place, (label, kind, count) in enumerate(columns)
    )


def _days(today: date, counts: dict[date, int]) -> list[date]:
    days, day = [today], today
    while len(days) < DAYS_SHOWN:
        day += timedelta(days=1)
        if counts.get(day) or calendars.is_working_day(day):
            days.append(day)
    return days


def _is_pressing(running: Clock) -> bool:
    return calendars.progress(running, clock.today()).state in PRESSING


def _label(day: date, before: date | None) -> str:
    if before is None:
        return _("今")
    return str(day.day) if day.month == before.month else f"{day.month}/{day.day}"


@dataclass(frozen=True)
class Place:
    """Where a case stands among what is due first, and its neighbors there."""

    at: int
    total: int
    previous: str
    next: str


def place_of(case: Case, who: User) -> Place | None:
    """The place of *case* among the urgent jobs of *who*; None when it is not among them."""
    if not any(_is_pressing(row) for row in calendars.open_clocks(case)):
        return None
    groups = calendars.queue(who)
    rows = [row for group in groups if group.urgency in URGENT for row in group.rows]
    label, pk = Case._meta.label_lower, str(case.pk)
    for at, row in enumerate(rows):
        if (row.clock.subject_label, row.clock.subject_pk) == (label, pk):
            before = rows[at - 1].presented.url if at else ""
            after = rows[at + 1].presented.url if at + 1 < len(rows) else ""
            return Place(at + 1, len(rows), before, after)
    return None
