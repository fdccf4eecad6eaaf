"""Tell the people at the table, each on the page where they can act."""

from typing import Any

from complaints.models import Party
from mediation.models import Mediation, Side
from portal.kernel import notices
from portal.kernel.models import User
from publicity.selectors.shops import contacts_of


def people(mediation: Mediation, side: Side) -> list[User]:
    """Who has an inbox on that side; nobody where a consumer came by phone or no contact of the shop is verified."""
    case = mediation.case
    if side == Side.CONSUMER:
        return [party.user for party in Party.objects.filter(case=case).select_related("user") if party.user]
    if side == Side.MERCHANT and case.shop_id:
        return list(contacts_of(case.shop_id))
    return [mediation.mediator] if side == Side.MEDIATOR and mediation.mediator is not None else []


def tell(
    mediation: Mediation, side: Side, name: str, *, page: str = "mediation:room", target: str = "", **params: Any
) -> bool:
    """Put the registered text *name* before one side, with the way to *page* of *target* (the talks unless said).

    False when that side has no inbox. The mediator is always sent to the bench.
    """
    at_bench = side == Side.MEDIATOR
    told = people(mediation, side)
    for user in told:
        notices.tell(
            user,
            name,
            subject=mediation,
            url_name="mediation:bench" if at_bench else page,
            url_args=[mediation.public_id if at_bench else target or mediation.public_id],
            params={"number": str(mediation.case), **params},
        )
    return bool(told)


def tell_all(mediation: Mediation, name: str, *, page: str = "mediation:room", target: str = "", **params: Any) -> None:
    """Put the same text before both parties and the mediator."""
    for side in Side:
        tell(mediation, side, name, page=page, target=target, **params)
