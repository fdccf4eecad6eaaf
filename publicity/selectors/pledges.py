"""Pledges as their merchants, the scheme office and the public see them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from portal.kernel import clock, events, regions
from portal.kernel.access import Role, Who
from portal.kernel.errors import not_found
from portal.kernel.models import Event, User
from publicity import access
from publicity.models import Pledge, Shop
from publicity.rules import REAPPLY_MONTHS_AFTER_FRAUD, months_after

PUBLIC_STEPS = ("pledge.approved", "pledge.suspended", "pledge.restored", "pledge.delisted", "pledge.expired")


def scheme_of(code: str) -> regions.Scheme:
    """The scheme with that code; StopIteration when this city has none such."""
    return next(scheme for scheme in regions.city().schemes if scheme.code == code)


def may_apply_again_on(shop: Shop, scheme: str) -> date | None:
    """The first day on which a delisted shop may apply again; None when it need not wait."""
    last = Pledge.objects.filter(shop=shop, scheme=scheme, state=Pledge.State.DELISTED).order_by("-ended_on").first()
    if last is None or last.ended_on is None:
        return None
    wait = REAPPLY_MONTHS_AFTER_FRAUD if last.was_fraud else scheme_of(scheme).reapply_months
    first = months_after(last.ended_on, wait)
    return first if first > clock.today() else None


def pledges_of(who: Who) -> QuerySet[Pledge]:
    """The pledges of the shops for which *who* speaks, the newest first."""
    if not isinstance(who, User):
        return Pledge.objects.none()
    return (
        Pledge.objects.select_related("shop").filter(access.spoken_for_by(who, path="shop__")).order_by("-applied_at")
    )


def at_the_desk(who: Who) -> QuerySet[Pledge]:
    """All pledges, for the scheme office."""
    if not access.is_scheme_office(who):
        return Pledge.objects.none()
    return Pledge.objects.select_related("shop", "checked_by", "approved_by")


def waiting(who: Who) -> QuerySet[Pledge]:
    """What *who* can move on: applications to check, and applications that somebody else checked to approve."""
    if not isinstance(who, User):
        return Pledge.objects.none()
    mine = Q(pk__in=())
    if Role.SCHEME_OFFICER in who.roles:
        mine |= Q(state=Pledge.State.SUBMITTED)
    if Role.SCHEME_APPROVER in who.roles:
        mine |= Q(state=Pledge.State.CHECKED) & ~Q(checked_by=who)
    return at_the_desk(who).filter(mine).order_by("applied_at", "pk")


def listed(who: Who, *, state: str = "") -> QuerySet[Pledge]:
    """For the scheme office: the roll and what left it, the newest change first."""
    rows = at_the_desk(who).exclude(state__in=(Pledge.State.SUBMITTED, Pledge.State.CHECKED))
    rows = rows.filter(state=state) if state else rows
    return rows.order_by("-since", "-pk")


def desk_pledge(*, who: Who, public_id: str) -> Pledge:
    """One pledge at the scheme office's desk, or not found."""
    found = at_the_desk(who).filter(public_id=public_id).first()
    if found is None:
        raise not_found()
    return found


@dataclass(frozen=True)
class PlateStep:
    """Something that became of a plate, and on which day: what was done, never who did it."""

    name: str
    on: date
    serial: str
    is_again: bool = False


def history_of(shop: Shop) -> list[PlateStep]:
    """What became of the shop's plates, the newest first; the same for everybody."""
    plates = {str(row.pk): row for row in Pledge.objects.filter(shop=shop).exclude(serial="")}
    rows = Event.objects.filter(
        subject_label=Pledge._meta.label_lower, subject_pk__in=plates, name__in=PUBLIC_STEPS
    ).order_by("at", "id")
    steps: list[PlateStep] = []
    for row in rows:
        is_again = row.name == "pledge.approved" and any(step.name == row.name for step in steps)
        steps.append(PlateStep(row.name, clock.day_of(row.at), plates[row.subject_pk].serial, is_again))
    return steps[::-1]


def steps_of(pledge: Pledge) -> QuerySet[Event]:
    """For the scheme office: everything that was done with a pledge and by whom, oldest first."""
    return events.of(pledge).select_related("actor")
