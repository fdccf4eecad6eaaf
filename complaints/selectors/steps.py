"""The vocabulary of a timeline: steps, turns, and who may add to them.

A room above registers what its own events and states mean (`contributes`, `turns`), so imports stay downhill.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db import models

from complaints.models import Case
from portal.kernel import clock
from portal.kernel.models import Event
from portal.kernel.templatetags.portal import zhdate, zhday, zhtime


class Side(StrEnum):
    """For whom a timeline is told."""

    CONSUMER = "consumer"
    SHOP = "shop"
    STAFF = "staff"


class Whose(StrEnum):
    """Whose turn it is."""

    CONSUMER = "consumer"
    SHOP = "shop"
    HUB = "hub"
    BUREAU = "bureau"
    MEDIATOR = "mediator"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Link:
    """Something to open or do; `is_main` is the one filled button of the page."""

    word: str
    url: str
    is_main: bool = False


@dataclass(frozen=True)
class Step:
    """One bend of the river: `state` is past, now or ahead; the timeline sets it, and `when` of what is past."""

    title: str
    text: str = ""
    at: datetime | None = None
    when: str = ""
    links: tuple[Link, ...] = ()
    state: str = "past"


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, said to one side: the heading of the page, what happens next, and what can be done now.

    `tone` is the shape of the state's tag (`""` waiting, `now`, `ok`, `warn`, `bad`).
    """

    headline: str
    lead: str
    whose: Whose
    by: date | None = None
    now: Step | None = None
    ahead: tuple[Step, ...] = ()
    links: tuple[Link, ...] = ()
    tone: str = "now"
    routes: bool = False


Teller = Callable[[Event, Case, Side], Step | None]
Turner = Callable[[Case, Side], Turn | None]
Subjects = Callable[[Case], Iterable[models.Model]]


@dataclass
class Registry:
    """Who tells what; filled at import by this room and those above it."""

    tellers: dict[str, Teller] = field(default_factory=dict)
    subjects: list[Subjects] = field(default_factory=list)
    turners: list[Turner] = field(default_factory=list)


registry = Registry()


def contributes(event_prefix: str, teller: Teller, *, subjects: Subjects | None = None) -> None:
    """Have *teller* say in words the events whose names start with *event_prefix*; None leaves one out.

    *subjects*, when given, names the other rows of a case whose events belong to its story.
    """
    registry.tellers[event_prefix] = teller
    if subjects is not None and subjects not in registry.subjects:
        registry.subjects.append(subjects)


def turns(turner: Turner) -> None:
    """Have *turner* asked first whose turn it is; None passes the question on to whoever registered before it."""
    if turner not in registry.turners:
        registry.turners.insert(0, turner)


def teller_of(name: str) -> Teller | None:
    """Who tells the event called *name*: the longest registered prefix wins."""
    fitting = [prefix for prefix in registry.tellers if name.startswith(prefix)]
    return registry.tellers[max(fitting, key=len)] if fitting else None


def said_day(day: date) -> str:
    """A day as people say it: 11 月 26 日（星期四）; in another year 2027 年 1 月 15 日."""
    return zhdate(day) if day.year == clock.today().year else zhday(day)


def said_moment(moment: datetime) -> str:
    """A moment of the past: 11 月 9 日 20:14; of another year only its day."""
    is_this_year = clock.day_of(moment).year == clock.today().year
    return zhtime(moment) if is_this_year else zhday(moment)
