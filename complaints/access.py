"""Which rows of this room a person may know of, as filters that the selectors start from."""

from django.db.models import Q

from complaints.models import Case
from portal.kernel.access import Role, Who
from portal.kernel.models import User
from publicity.models import Shop

HUB_ROLES = (Role.INTAKE, Role.DISPATCHER)
BUREAU_ROLES = (Role.OFFICER, Role.REVIEWER, Role.MEDIATOR)
CASE_ROLES = (*HUB_ROLES, *BUREAU_ROLES)
ENFORCEMENT_ROLES = (Role.ENFORCER, Role.ENFORCEMENT_REVIEWER)

BEFORE_THE_BUREAU = (Case.State.INCOMPLETE, Case.State.HUB_RECEIVED)
MERCHANT_STATES = (Case.State.ACCEPTED, Case.State.MEDIATING, Case.State.SETTLED, Case.State.TERMINATED)


def cases_of(who: Who) -> Q | None:
    """The cases that *who* may know of; None when there are none.

    Staff: the hub's own people see what their hub received, a bureau's people what lies with their bureau. A consumer
    sees their own, a shop's verified contact what was accepted against the shop and what they filed themselves.
    """
    if not isinstance(who, User) or not who.is_active:
        return None
    if who.kind == User.Kind.STAFF:
        return Q(hub_id__in=who.unit_ids(*HUB_ROLES)) | Q(unit_id__in=who.unit_ids(*BUREAU_ROLES))
    if who.kind == User.Kind.CITIZEN:
        return Q(consumer__user=who)
    if who.kind == User.Kind.MERCHANT:
        return Q(consumer__user=who) | _cases_of_a_shop(who)
    return None


def _cases_of_a_shop(who: User) -> Q:
    speaks_for = Q(shop__in=Shop.objects.filter(contacts__user=who, contacts__ended_at=None).values("pk"))
    was_accepted = Q(state__in=MERCHANT_STATES) | (Q(state=Case.State.CLOSED) & ~Q(outcome="rejected"))
    return speaks_for & was_accepted


def report_units(who: Who) -> frozenset[int]:
    """The enforcement units in which *who* may know that reports exist."""
    return who.unit_ids(*ENFORCEMENT_ROLES) if isinstance(who, User) and who.kind == User.Kind.STAFF else frozenset()
