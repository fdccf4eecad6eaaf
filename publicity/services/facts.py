"""De-identified facts: opened at receipt, advanced at every milestone; all that statistics ever see of a case."""

from datetime import date
from typing import Any

from django.db import transaction

from publicity.models import CaseFact, Shop
from publicity.services import disclosures

MILESTONES = frozenset(
    {
        "agrees_to_disclosure",
        "became_enforcement",
        "bureau_id",
        "closed_on",
        "competent_on",
        "decided_on",
        "decision_due_on",
        "mediation_due_on",
        "outcome",
        "recovered_fen",
        "shop_id",
        "was_accepted",
    }
)


@transaction.atomic(savepoint=False)
def open_fact(
    *,
    kind: str,
    shop_id: int | None,
    bureau_id: int | None,
    district: str,
    problem: str,
    object_class: str,
    sale_mode: str,
    channel: str,
    regime: str,
    received_on: date,
    agrees_to_disclosure: bool = False,
    is_living: bool = False,
) -> CaseFact:
    """Count one complaint or report from its receipt on.

    A shop that was merged passes the fact on; with *is_living* the caller has just seen that it was not.
    """
    return CaseFact.objects.create(
        kind=kind,
        shop_id=shop_id if is_living else _living(shop_id),
        bureau_id=bureau_id,
        district=district,
        problem=problem,
        object_class=object_class,
        sale_mode=sale_mode,
        channel=channel,
        regime=regime,
        received_on=received_on,
        agrees_to_disclosure=agrees_to_disclosure,
    )


@transaction.atomic
def advance(*, fact_id: int, **milestones: Any) -> CaseFact:
    """Set milestones of a fact (see `MILESTONES`); what was fixed at receipt never changes, TypeError says which.

    A consent taken back also takes the public record down, in the same transaction.
    """
    unknown = milestones.keys() - MILESTONES
    if unknown:
        raise TypeError(f"no milestones of a fact: {', '.join(sorted(unknown))}")
    fact = CaseFact.objects.select_for_update().get(pk=fact_id)
    takes_consent_back = fact.agrees_to_disclosure and milestones.get("agrees_to_disclosure") is False
    if "shop_id" in milestones:
        milestones["shop_id"] = _living(milestones["shop_id"])
    for name, value in milestones.items():
        setattr(fact, name, value)
    fact.save(update_fields=list(milestones))
    if takes_consent_back:
        disclosures.withdraw_consent(fact_id=fact.pk)
    return fact


def _living(shop_id: int | None) -> int | None:
    while shop_id is not None:
        successor = Shop.objects.filter(pk=shop_id).values_list("merged_into_id", flat=True).first()
        if successor is None:
            return shop_id
        shop_id = successor
    return None
