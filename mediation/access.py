"""Which talks a person may know of, and for which side they speak there."""

from django.db.models import Q

from complaints.models import Party
from mediation.models import Mediation, Side
from portal.kernel.access import Role, Who
from portal.kernel.models import User
from publicity.models import ShopContact

TALK_ROLES = (Role.MEDIATOR, Role.OFFICER)
PARTIES = (Side.CONSUMER, Side.MERCHANT)


def talks_of(who: Who) -> Q | None:
    """The talks that *who* may know of; None when there are none.

    Staff see those of the bureaus where they mediate or handle cases; a consumer their own; a shop's verified contact
    those of the shop.
    """
    if not isinstance(who, User) or not who.is_active:
        return None
    if who.is_staff:
        return Q(case__unit_id__in=who.unit_ids(*TALK_ROLES))
    if who.kind not in (User.Kind.CITIZEN, User.Kind.MERCHANT):
        return None
    speaks_for = ShopContact.objects.filter(user=who, ended_at=None).values("shop_id")
    return Q(case__consumer__user=who) | Q(case__shop_id__in=speaks_for)


def side_of(who: Who, mediation: Mediation) -> Side | None:
    """For whom *who* speaks in these talks: one side only, even where a person could claim both."""
    if not isinstance(who, User) or not who.is_active:
        return None
    if who.is_staff:
        return Side.MEDIATOR if mediation.case.unit_id in who.unit_ids(*TALK_ROLES) else None
    if who.kind not in (User.Kind.CITIZEN, User.Kind.MERCHANT):
        return None
    if Party.objects.filter(case_id=mediation.case_id, user=who).exists():
        return Side.CONSUMER
    shop_id = mediation.case.shop_id
    if shop_id and who.shop_contacts.filter(shop_id=shop_id, ended_at=None).exists():
        return Side.MERCHANT
    return None


def other(side: Side) -> Side:
    """The party across the table."""
    return Side.MERCHANT if side == Side.CONSUMER else Side.CONSUMER
