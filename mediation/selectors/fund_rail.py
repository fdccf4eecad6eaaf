"""The fund's lists in the desk's rail, for its keepers and approvers."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mediation.payout_rules import FUND_ROLES
from mediation.selectors.desk_claims import waiting_for
from portal.kernel import rail
from portal.kernel.models import User

PLACE = 60


def groups(who: User) -> Iterator[rail.Group]:
    """One list with how much of it waits for this very person."""
    if who.roles & {*FUND_ROLES}:
        entry = rail.Entry(_("先行赔付"), reverse("mediation:desk_claims"), waiting_for(who))
        yield rail.Group(_("先行赔付基金"), (entry,))


rail.contributes("mediation.fund", PLACE, groups)
