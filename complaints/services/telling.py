"""Tell the two sides what happened, in words that hold no personal data."""

from typing import Any

from complaints.models import Case, Party
from portal.kernel import notices
from publicity.selectors.shops import contacts_of


def tell_consumer(case: Case, name: str, **params: Any) -> bool:
    """Put the registered text *name* before the consumer; False when they have no inbox here."""
    consumer = Party.objects.filter(case=case).select_related("user").first()
    if consumer is None or consumer.user is None:
        return False
    notices.tell(
        consumer.user,
        name,
        subject=case,
        url_name="complaints:case",
        url_args=[case.public_id],
        params={"number": str(case), **params},
    )
    return True


def tell_shop(case: Case, name: str, **params: Any) -> bool:
    """Put the registered text *name* before everyone who speaks for the shop; False when nobody verified does."""
    if case.shop_id is None:
        return False
    contacts = contacts_of(case.shop_id)
    for contact in contacts:
        notices.tell(
            contact,
            name,
            subject=case,
            url_name="complaints:merchant_case",
            url_args=[case.public_id],
            params={"number": str(case), **params},
        )
    return bool(contacts)
