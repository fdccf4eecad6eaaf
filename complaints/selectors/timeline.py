"""The whole story of a case for one person: what happened, whose turn it is, by when, and what lies ahead."""

from dataclasses import dataclass, replace

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
from portal.kernel import calendars, events
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
class Timeline:
    """A case told to one person."""

    state: str
    turn: Turn
    past: tuple[Step, ...]
    clock: Clock | None

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
        now = (replace(self.now, state="now"),) if self.now else ()
        return (*self.past, *now, *(replace(step, state="ahead") for step in self.ahead))


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
    told = [_dated(step) for event in _events(case) if (step := _tell(event, case, side)) is not None]
    return Timeline(
        state=str(case.get_state_display()),
        turn=_turn(case, side),
        past=tuple(told),
        clock=_clock(case),
    )


def _dated(step: Step) -> Step:
    return replace(step, when=step.when or (said_moment(step.at) if step.at else ""))


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


def _clock(case: Case) -> Clock | None:
    open_ones = {row.code: row for row in calendars.open_clocks(case)}
    return next((open_ones[code] for code in SHOWN_CLOCKS if code in open_ones), None)
