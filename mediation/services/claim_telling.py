"""Messages about a claim, to its consumer and to the shop that must answer for it."""

from typing import Any

from mediation.models import Claim
from portal.kernel import notices


def tell_consumer(claim: Claim, name: str, **params: Any) -> None:
    """One message to the person who asked for the money."""
    _tell(claim.applied_by, claim, name, params)


def tell_shop(claim: Claim, name: str, **params: Any) -> None:
    """One message to every verified contact of the shop."""
    shop = claim.agreement.mediation.case.shop
    if shop is None:
        return
    for contact in shop.contacts.filter(ended_at=None).select_related("user"):
        _tell(contact.user, claim, name, params)


def _tell(user: Any, claim: Claim, name: str, params: dict[str, Any]) -> None:
    notices.tell(
        user,
        name,
        subject=claim,
        url_name="mediation:claim",
        url_args=[claim.public_id],
        params={"number": claim.number, **params},
    )
