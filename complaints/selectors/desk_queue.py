"""The first page of the desk: the clocks of all rooms by urgency, and on which days they fall due."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.selectors.cases import cases_open_to
from portal.kernel import calendars, clock
from portal.kernel.access import Role
from portal.kernel.calendars import Calendar, Presented, Progress, Urgency, Waiting
from portal.kernel.models import Clock, User

URGENT = (Urgency.OVERDUE, Urgency.TODAY, Urgency.NEXT, Urgency.NEAR)
PRESSING = ("bad", "warn", "near")
MOST_ROWS = 60
DAYS_SHOWN = 13
MOST_DOTS = 4
DOT_STEP, LOWEST_DOT = 16, 70


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
    """What the first page of the desk shows; `previous` and `next` are where its neighboring pages begin, or None.

    `provisional` counts the last days that may still move because the notice of their year is missing.
    """

    sections: tuple[Section, ...]
    urgent: int
    total: int
    provisional: int
    first: int
    last: int
    previous: int | None
    next: int | None
    lead: str
    dots: tuple[Dot, ...]
    dots_in_words: str

    @property
    def has_claimable(self) -> bool:
        """Whether any row shown waits for somebody to take it."""
        return any(job.may_claim for section in self.sections for job in section.jobs)


@dataclass(frozen=True)
class Wanted:
    """How the reader narrowed and ordered the queue, and how many rows came before; empty means all, from the top."""

    stage: str = ""
    problem: str = ""
    by_amount: bool = False
    skip: int = 0


@dataclass(frozen=True)
class _Traits:
    """What narrows and orders the rows of complaints."""

    state: str
    problem: str
    claimed_fen: int


def queue_for(who: User, wanted: Wanted) -> Queue:
    """The open clocks *who* may work on, the most urgent first, narrowed to what is *wanted*.

    Only the rows of one page are presented, so a queue of thousands costs hardly more than one of sixty.
    """
    rows, traits = _rows_of(who)
    kept = [row for row in rows if _fits(_traits_of(row, traits), wanted)]
    if wanted.by_amount:
        kept = _by_amount(kept, traits)
    totals = Counter(row.urgency for row in kept)
    first = wanted.skip if 0 < wanted.skip < len(kept) else 0
    page = kept[first : first + MOST_ROWS]
    last = first + len(page)
    sections = tuple(_sections(who, page, totals))
    dots = _dots(calendars.due_counts(rows))
    return Queue(
        sections=sections,
        urgent=sum(totals[urgency] for urgency in URGENT),
        total=len(kept),
        provisional=sum(row.clock.provisional for row in kept),
        first=first + 1,
        last=last,
        previous=max(0, first - MOST_ROWS) if first else None,
        next=last if last < len(kept) else None,
        lead=_lead(totals),
        dots=dots,
        dots_in_words="，".join(_("{day} {n} 件").format(day=dot.label, n=len(dot.heights) + dot.more) for dot in dots),
    )


def _rows_of(who: User) -> tuple[list[Waiting], dict[str, _Traits]]:
    label = Case._meta.label_lower
    on_clock = cases_open_to(who).filter(pk__in=Clock.objects.open().of(Case).subjects())
    values = on_clock.values_list("pk", "state", "problem", "claimed_fen")
    traits = {str(pk): _Traits(state, problem, fen) for pk, state, problem, fen in values}
    rows = calendars.waiting(who)
    return [row for row in rows if row.clock.subject_label != label or row.clock.subject_pk in traits], traits


def _traits_of(row: Waiting, traits: dict[str, _Traits]) -> _Traits | None:
    return traits.get(row.clock.subject_pk) if row.clock.subject_label == Case._meta.label_lower else None


def _fits(traits: _Traits | None, wanted: Wanted) -> bool:
    if not wanted.stage and not wanted.problem:
        return True
    if traits is None:
        return False
    return wanted.stage in ("", traits.state) and wanted.problem in ("", traits.problem)


def _by_amount(rows: list[Waiting], traits: dict[str, _Traits]) -> list[Waiting]:
    ranks = {urgency: rank for rank, urgency in enumerate(Urgency)}

    def place(row: Waiting) -> tuple[int, int]:
        found = _traits_of(row, traits)
        return ranks[row.urgency], -found.claimed_fen if found else 0

    return sorted(rows, key=place)


def _sections(who: User, page: list[Waiting], totals: Counter[Urgency]) -> Iterable[Section]:
    shown = calendars.presented(row.clock for row in page)
    label = Case._meta.label_lower
    pks = [int(row.clock.subject_pk) for row in page if row.clock.subject_label == label]
    found = cases_open_to(who).filter(pk__in=pks).select_related("handler").defer("facts_sealed")
    cases = {str(case.pk): case for case in found}
    claims_in = who.unit_ids(Role.OFFICER)
    for urgency, rows in groupby(page, key=lambda row: row.urgency):
        jobs = []
        for row in rows:
            presented = shown.get((row.clock.subject_label, row.clock.subject_pk))
            case = cases.get(row.clock.subject_pk) if row.clock.subject_label == label else None
            if presented is not None:
                jobs.append(_job(row, presented, case, claims_in))
        yield Section(urgency.value, calendars.title_of_urgency(urgency), tuple(jobs), totals[urgency])


def _job(row: Waiting, shown: Presented, case: Case | None, claims_in: frozenset[int]) -> Job:
    may_claim = case is not None and case.handler_id is None and case.unit_id in claims_in
    return Job(row.clock, row.progress, shown.title, shown.url, shown.gist, shown.stage, case, may_claim)


def _lead(totals: Counter[Urgency]) -> str:
    words = {
        Urgency.OVERDUE: _("{n} 件逾期"),
        Urgency.TODAY: _("{n} 件今天到期"),
        Urgency.NEXT: _("{n} 件下个工作日到期"),
        Urgency.NEAR: _("{n} 件已过八成"),
    }
    said = [words[urgency].format(n=totals[urgency]) for urgency in URGENT if totals[urgency]]
    return "，".join(said) + _("。") if said else _("没有快到期的，可以按顺序办。")


def _dots(counts: dict[date, int]) -> tuple[Dot, ...]:
    today, calendar = clock.today(), calendars.current()
    late = sum(count for day, count in counts.items() if day < today)
    days = _days(today, counts, calendar)
    soon = calendar.next_working_day(today)
    columns = [(_("逾期"), "bad", late)] if late else []
    for before, day in zip([None, *days], days, strict=False):
        kind = "warn" if counts.get(day) and day <= soon else ""
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


def _days(today: date, counts: dict[date, int], calendar: Calendar) -> list[date]:
    days, day = [today], today
    while len(days) < DAYS_SHOWN:
        day += timedelta(days=1)
        if counts.get(day) or calendar.is_working_day(day):
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
    rows = [row for row in _rows_of(who)[0] if row.urgency in URGENT]
    label, pk = Case._meta.label_lower, str(case.pk)
    for at, row in enumerate(rows):
        if (row.clock.subject_label, row.clock.subject_pk) == (label, pk):
            before = _url(rows[at - 1]) if at else ""
            return Place(at + 1, len(rows), before, _url(rows[at + 1]) if at + 1 < len(rows) else "")
    return None


def _url(row: Waiting) -> str:
    shown = calendars.presented([row.clock])
    return next((one.url for one in shown.values()), "")
