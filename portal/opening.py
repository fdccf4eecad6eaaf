"""What a city needs before its first case: its bodies, its routing rules and its fund, from the city pack."""

from complaints.services import routing
from mediation.services import ledger
from portal.kernel import bodies, calendars


def open_city() -> int:
    """Bring bodies, routing rules and funds of the pack into the database; answers how many bodies were new.

    Clocks that an earlier release computed with fewer notices are put in line to be computed anew.

    Safe at every start: what is there stays, names and contacts follow the pack.
    """
    created = bodies.sync()
    routing.seed_routing()
    ledger.open_city_funds()
    calendars.catch_up()
    return created
