"""The whole story of a case for one person: what happened, whose turn it is, by when, and what lies ahead."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.rules import DECIDE, DISPATCH, MEDIATE
from complaints.selectors import case_story, case_turns
from complaints.selectors.steps import (
    Link,
    Side,
    Step,
    Turn,
    Whose,
    contributes,
    registry,
    said_day,
    said_moment,
    teller_of,
    turns,
)
from portal.kernel import calendars, clock, events
from portal.kernel.access import Who
from portal.kernel.models import Clock, Event, User

__all__ = [
    "Link",
    "Side",
    "Step",
    "Timeline",
    "Turn",
    "Whose",
    "case_story",
    "case_turns",
    "contributes",
    "said_day",
    "said_moment",
    "side_of",
    "timeline",
    "turns",
]

SHOWN_CLOCKS = (MEDIATE, DECIDE, DISPATCH)


@dataclass(frozen=True)
class Period:
    """A statutory period as a bar: how far it has run, from when to when, on what basis."""

    title: str
    words: str
    percent: int
    state: str
    remaining: int
    is_working_days: bool
    started_on: date
    due_on: date
    is_provisional: bool
    article: str
    elapsed: int
    length: int


@dataclass(frozen=True)
class Timeline:
    """A case told to one person."""

    state: str
    turn: Turn
    past: tuple[Step, ...]
    period: Period | None

    @property
    def headline(self) -> str:
        return self.turn.headline

    @property
    def lead(self) -> str:
        return self.turn.lead

    @property
    def whose_turn(self) -> Whose:
        return self.turn.whose

    @property
    def now(self) -> Step | None:
        return self.turn.now

    @property
    def ahead(self) -> tuple[Step, ...]:
        return self.turn.ahead

    @property
    def steps(self) -> tuple[Step, ...]:
        """Past, present and future in one line."""
        return (*self.past, *((self.now,) if self.now else ()), *self.ahead)


def side_of(who: Who, case: Case) -> Side:
    """From which side *who* looks at a case that is open to them."""
    if isinstance(who, User) and who.is_staff:
        return Side.STAFF
    consumer = getattr(case, "consumer", None)
    if consumer is not None and isinstance(who, User) and consumer.user_id == who.pk:
        return Side.CONSUMER
    return Side.SHOP


def timeline(*, who: Who, case: Case, side: Side | None = None) -> Timeline:
    """The story of *case*, which the caller got from a selector that knows *who*."""
    side = side or side_of(who, case)
    told = [step for event in _events(case) if (step := _tell(event, case, side)) is not None]
    return Timeline(
        state=str(case.get_state_display()),
        turn=_turn(case, side),
        past=tuple(told),
        period=_period(case),
    )


def _events(case: Case) -> list[Event]:
    rows = list(events.of(case).select_related("actor"))
    for subjects in registry.subjects:
        for subject in subjects(case):
            rows.extend(events.of(subject).select_related("actor"))
    return sorted(rows, key=lambda row: (row.at, row.pk))


def _tell(event: Event, case: Case, side: Side) -> Step | None:
    teller = teller_of(event.name)
    return teller(event, case, side) if teller else None


def _turn(case: Case, side: Side) -> Turn:
    for turner in registry.turners:
        turn = turner(case, side)
        if turn is not None:
            return turn
    raise LookupError(f"nobody says whose turn it is in {case.state}")


def _period(case: Case) -> Period | None:
    open_ones = {row.code: row for row in calendars.open_clocks(case)}
    shown = next((open_ones[code] for code in SHOWN_CLOCKS if code in open_ones), None)
    return _as_period(shown) if shown else None


def _as_period(row: Clock) -> Period:
    seen = calendars.progress(row, clock.today())
    whole = row.length + row.extended_by
    return Period(
        title=str(calendars.title_of(row.code)),
        words=seen.words,
        percent=seen.percent,
        state=seen.state,
        remaining=seen.remaining,
        is_working_days=row.measure == calendars.WD,
        started_on=row.started_on,
        due_on=row.due_on,
        is_provisional=row.provisional,
        article=_("《市场监督管理投诉举报处理办法》{article}").format(article=row.article.removeprefix("办法")),
        elapsed=max(0, whole - seen.remaining),
        length=whole,
    )
