"""The desk's queue: clocks of all rooms in one list, the most urgent first."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from portal.kernel import clock as time
from portal.kernel.access import Role
from portal.kernel.calendars import workdays
from portal.kernel.calendars.running import BAD, HALF, NEARING, WARNING, Progress, progress
from portal.kernel.errors import Sentence
from portal.kernel.models.clock import Clock
from portal.kernel.models.user import User


@dataclass(frozen=True)
class Presented:
    """How a room shows one of its subjects on the desk: no identity, only what the handler may see in a list."""

    title: str
    url: str
    gist: str
    stage: Sentence


Presenter = Callable[[list[int]], Mapping[int, Presented]]


@dataclass(frozen=True)
class _Shown:
    presenter: Presenter
    roles: frozenset[Role]


_presenters: dict[str, _Shown] = {}


def presents(label: str, presenter: Presenter, *roles: Role) -> None:
    """Have the desk show clocks on subjects of *label* (`complaints.case`) to those who hold one of *roles* there.

    *presenter* gets primary keys and answers what to show for each; a key that it leaves out is not shown. A label
    without a presenter never appears on the desk.
    """
    if not roles:
        raise ValueError(f"nobody may see the clocks of {label}")
    _presenters[label.lower()] = _Shown(presenter, frozenset(roles))


class Urgency(StrEnum):
    """The groups of the queue, the most urgent first."""

    OVERDUE = "overdue"
    TODAY = "today"
    NEXT = "next"
    NEAR = "near"
    HALF = "half"
    REST = "rest"


@dataclass(frozen=True)
class Waiting:
    """One open clock and how urgent it is; what its subject is called is asked with `presented`."""

    clock: Clock
    progress: Progress
    urgency: Urgency


def waiting(who: User, on: date | None = None, *, unit_ids: Collection[int] | None = None) -> list[Waiting]:
    """The open clocks that *who* may work on, by urgency and then by due date, in one query a label.

    *who* sees the clocks of a body only where they hold a role there that the room named, so a report's clock stays
    with those who may know of it. *unit_ids* narrows further.
    """
    on = on or time.today()
    calendar = workdays.current()
    rows = []
    for clock in _open_to(who, unit_ids):
        ran = progress(clock, on, calendar=calendar)
        rows.append(Waiting(clock, ran, _urgency(clock, ran, on)))
    ranks = {urgency: rank for rank, urgency in enumerate(Urgency)}
    return sorted(rows, key=lambda row: ranks[row.urgency])


def due_counts(rows: Iterable[Waiting]) -> dict[date, int]:
    """How many of these clocks fall due on each day, earliest first; paused ones have no day yet."""
    counts: dict[date, int] = defaultdict(int)
    for row in rows:
        if row.clock.paused_on is None:
            counts[row.clock.due_on] += 1
    return dict(sorted(counts.items()))


@dataclass(frozen=True)
class Alarms:
    """What /health and the desk say about clocks: provisional due dates, per year that has no notice, and overdue."""

    provisional: int
    years_without_notice: tuple[int, ...]
    overdue: int
    stale: int


def provisional_count() -> int:
    """How many open clocks end on a day that may still move."""
    return Clock.objects.open().filter(provisional=True).count()


def alarms(on: date | None = None) -> Alarms:
    """The state of all open clocks on the day *on* (today)."""
    on = on or time.today()
    calendar = workdays.load()
    opened = Clock.objects.open()
    provisional = opened.filter(provisional=True)
    years = {day.year for day in provisional.values_list("due_on", flat=True).distinct()}
    return Alarms(
        provisional=provisional.count(),
        years_without_notice=tuple(sorted(year for year in years if not calendar.is_known(year))),
        overdue=Clock.objects.overdue(on=on).count(),
        stale=opened.exclude(calendar_version=calendar.version).count(),
    )


def _open_to(who: User, unit_ids: Collection[int] | None) -> list[Clock]:
    found: list[Clock] = []
    for label, shown in _presenters.items():
        units = who.unit_ids(*shown.roles)
        if unit_ids is not None:
            units = units & frozenset(unit_ids)
        if units:
            found.extend(Clock.objects.open().filter(subject_label=label, unit_id__in=units))
    return sorted(found, key=lambda clock: (clock.due_on, clock.started_on, clock.pk))


def presented(clocks: Iterable[Clock]) -> dict[tuple[str, str], Presented]:
    """How the rooms show the subjects of these clocks, by label and key; what a room leaves out is not shown."""
    pks: dict[str, set[int]] = defaultdict(set)
    for clock in clocks:
        pks[clock.subject_label].add(int(clock.subject_pk))
    return {
        (label, str(pk)): presented
        for label, wanted in pks.items()
        for pk, presented in _presenters[label].presenter(sorted(wanted)).items()
    }


def presented_to(who: User, clocks: Iterable[Clock]) -> dict[tuple[str, str], Presented]:
    """Like `presented`, of those clocks alone that *who* may work on."""
    units = {label: who.unit_ids(*shown.roles) for label, shown in _presenters.items()}
    return presented(clock for clock in clocks if clock.unit_id in units.get(clock.subject_label, ()))


def _urgency(clock: Clock, ran: Progress, on: date) -> Urgency:
    if ran.state == BAD:
        return Urgency.OVERDUE
    if ran.state == WARNING:
        return Urgency.TODAY if clock.due_on == on else Urgency.NEXT
    if ran.state == NEARING:
        return Urgency.NEAR
    return Urgency.HALF if ran.percent >= HALF else Urgency.REST


def title_of_urgency(urgency: Urgency, on: date | None = None) -> str:
    """The heading of one urgency, in words that fit the day."""
    on = on or time.today()
    if urgency == Urgency.NEXT and (workdays.current().next_working_day(on) - on).days > 1:
        return _("下个工作日前到期")
    return {
        Urgency.OVERDUE: _("已逾期"),
        Urgency.TODAY: _("今天到期"),
        Urgency.NEXT: _("明天到期"),
        Urgency.NEAR: _("已过八成"),
        Urgency.HALF: _("已过一半"),
        Urgency.REST: _("其余"),
    }[urgency]
