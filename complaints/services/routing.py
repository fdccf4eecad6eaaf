"""The routing table of the city pack, laid into the database."""

from django.db import transaction

from complaints.models import RoutingRule
from portal.kernel import regions
from portal.kernel.models import Organisation


@transaction.atomic
def seed_routing() -> int:
    """Lay the pack's rules for every body that is here; a rule that is there already stays. Answer how many are new."""
    bodies = {body.code: body for body in Organisation.objects.all()}
    made = 0
    for route in regions.city().routes:
        if route.unit in bodies:
            _rule, is_new = RoutingRule.objects.get_or_create(
                district=route.district,
                topic=route.topic,
                from_date=route.from_date,
                defaults={"unit": bodies[route.unit], "reason": route.reason, "article": route.article},
            )
            made += is_new
    return made
