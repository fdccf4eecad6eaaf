"""Records before their reviewers: what waits for whom, and which step is whose."""

from dataclasses import dataclass

from django.db.models import QuerySet

from portal.kernel import calendars
from portal.kernel.access import Role, Who
from portal.kernel.errors import not_found
from portal.kernel.models import Clock, User
from publicity.models import Disclosure, Shop
from publicity.period_rules import PUBLISH

REVIEWERS = (Role.DISCLOSER, Role.REVIEWER)
State = Disclosure.State


def in_review(who: Who) -> QuerySet[Disclosure]:
    """What *who* may review: the first review in the handling bureau, the second anywhere; never one's own case."""
    if not isinstance(who, User) or not who.roles & frozenset(REVIEWERS):
        return Disclosure.objects.none()
    pending = _all().exclude(handler=who)
    first = pending.filter(state=State.FIRST_REVIEW, unit_id__in=who.unit_ids(*REVIEWERS))
    second = pending.filter(state=State.SECOND_REVIEW).exclude(first_by=who)
    both = first | second if Role.DISCLOSER in who.roles else first
    return both.order_by("due_on", "pk")


@dataclass(frozen=True)
class Waiting:
    """A record before its reviewer, and the clock that runs towards its publication."""

    record: Disclosure
    clock: Clock | None


def waiting_for(who: Who) -> list[Waiting]:
    """The list of `in_review` with its clocks."""
    records = list(in_review(who))
    running = Clock.objects.open().filter(
        subject_label=Disclosure._meta.label_lower, subject_pk__in=[str(row.pk) for row in records], code=PUBLISH
    )
    clocks = {clock.subject_pk: clock for clock in running}
    return [Waiting(row, clocks.get(str(row.pk))) for row in records]


def recently_decided(who: Who, *, most: int = 20) -> QuerySet[Disclosure]:
    """What left the review last, for those who review: public, withheld or past."""
    if not isinstance(who, User) or not who.roles & frozenset(REVIEWERS):
        return Disclosure.objects.none()
    past = _all().exclude(state__in=(State.FIRST_REVIEW, State.SECOND_REVIEW))
    mine = past if Role.DISCLOSER in who.roles else past.filter(unit_id__in=who.unit_ids(Role.REVIEWER))
    return mine.order_by("-due_on", "-pk")[:most]


def desk_record(*, who: Who, public_id: str) -> Disclosure:
    """One record at the desk of a reviewer: pending, published or past."""
    if not isinstance(who, User) or not who.roles & frozenset(REVIEWERS):
        raise not_found()
    found = _all().filter(public_id=public_id).first()
    if found is None or (Role.DISCLOSER not in who.roles and found.unit_id not in who.unit_ids(Role.REVIEWER)):
        raise not_found()
    return found


def clock_of(record: Disclosure) -> Clock | None:
    """The clock that still runs towards publication."""
    return calendars.open_clocks(record).filter(code=PUBLISH).first()


@dataclass(frozen=True)
class Steps:
    """Which steps are open to one person on one record, and if none is, why: `why` is a code for the page."""

    passes: bool = False
    publishes: bool = False
    sends_back: bool = False
    withholds: bool = False
    removes: bool = False
    why: str = ""


def steps_of(*, who: Who, record: Disclosure) -> Steps:
    """What *who* may do with *record* now; the services ask the same questions again."""
    if not isinstance(who, User) or record.state not in (State.FIRST_REVIEW, State.SECOND_REVIEW, State.PUBLISHED):
        return Steps()
    is_discloser = Role.DISCLOSER in who.roles
    if who.pk == record.handler_id:
        return Steps(why="own_case")
    if record.state == State.FIRST_REVIEW:
        is_theirs = record.unit_id in who.unit_ids(*REVIEWERS)
        return Steps(passes=True, withholds=True) if is_theirs else Steps(why="other_unit")
    if record.state == State.PUBLISHED:
        return Steps(removes=is_discloser)
    if who.pk == record.first_by_id:
        return Steps(why="own_review")
    if not is_discloser:
        return Steps(why="second_reviewer")
    is_known = record.shop.state == Shop.State.KNOWN
    return Steps(publishes=is_known, sends_back=True, withholds=True, why="" if is_known else "shop_unverified")


def _all() -> QuerySet[Disclosure]:
    return Disclosure.objects.select_related("shop", "unit", "fact", "handler", "first_by", "second_by")
