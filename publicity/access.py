"""Who may know of what in this room, as filters that the selectors start from."""

from django.db.models import Q

from portal.kernel.access import Role, Who
from portal.kernel.models import User

SCHEME_ROLES = (Role.SCHEME_OFFICER, Role.SCHEME_APPROVER)
KEEPER_ROLES = (Role.SCHEME_OFFICER, Role.DISPATCHER, Role.OFFICER)


def is_scheme_office(who: Who) -> bool:
    """Whether *who* works in the office of a pledge scheme."""
    return isinstance(who, User) and bool(who.roles & frozenset(SCHEME_ROLES))


def keeps_shops(who: Who) -> bool:
    """Whether *who* is staff who tell one shop from another."""
    return isinstance(who, User) and bool(who.roles & frozenset(KEEPER_ROLES))


def spoken_for_by(user: User, *, path: str = "") -> Q:
    """The shops of which *user* is a verified contact today; *path* leads from the filtered row to its shop."""
    return Q(**{f"{path}contacts__user": user, f"{path}contacts__ended_at": None})
