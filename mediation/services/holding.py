"""Take the talks in hand: lock them, know for whom a person speaks, and see them as they are on the page.

Whoever needs the case as well locks it first (`with_case`), so that two transactions never wait for each other.
"""

from django.utils.translation import gettext as _

from complaints.services import holding
from mediation.access import PARTIES, side_of
from mediation.models import Mediation, Side
from portal.kernel.access import Who
from portal.kernel.errors import Refused, check_version, forbidden, not_found
from portal.kernel.models import User


def lock(mediation_id: int, *, with_case: bool = False) -> Mediation:
    """The talks, locked until the transaction ends; for callers that have settled who may act."""
    if with_case:
        case_id = Mediation.objects.filter(pk=mediation_id).values_list("case_id", flat=True).first()
        if case_id is None:
            raise not_found()
        holding.lock(case_id)
    mediation = Mediation.objects.select_for_update(of=("self",)).select_related("case").filter(pk=mediation_id).first()
    if mediation is None:
        raise not_found()
    return mediation


def at_table(mediation_id: int, who: Who, *, with_case: bool = False) -> tuple[Mediation, User, Side]:
    """The locked talks, the person and the party they speak for.

    Refused: `not_found` to strangers, `forbidden` to staff, who speak for no party.
    """
    mediation = lock(mediation_id, with_case=with_case)
    side = side_of(who, mediation)
    if side is None or not isinstance(who, User):
        raise not_found()
    if side not in PARTIES:
        raise forbidden()
    return mediation, who, side


def as_mediator(mediation_id: int, who: Who, version: int | None, *, with_case: bool = False) -> tuple[Mediation, User]:
    """The locked talks and *who* as the one who conducts them.

    Refused: `not_found` to strangers, `forbidden` to the parties, `not_the_mediator` to colleagues, `stale`.
    """
    mediation = lock(mediation_id, with_case=with_case)
    side = side_of(who, mediation)
    if side is None or not isinstance(who, User):
        raise not_found()
    if side != Side.MEDIATOR:
        raise forbidden()
    if mediation.mediator_id != who.pk:
        raise Refused("not_the_mediator", _("这场调解由别的调解员主持。请先接手，再办理。"), status=403)
    if version is not None:
        check_version(mediation, version)
    return mediation, who


def must_be(mediation: Mediation, *states: str) -> None:
    """Refuse (`talks_moved_on`) unless the talks stand in one of *states*."""
    if mediation.state not in states:
        raise moved_on()


def moved_on() -> Refused:
    """What the second of two people who press together is told."""
    return Refused("talks_moved_on", _("调解已经到了下一步，请刷新页面。"))


def put_back(mediation: Mediation) -> None:
    """Save the talks under their next version, so that every older page is stale."""
    mediation.version += 1
    mediation.save()
