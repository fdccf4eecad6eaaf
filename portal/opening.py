"""What a city needs before its first case: its bodies, its routing rules and its fund, from the city pack."""

from complaints.services import routing
from mediation.services import ledger
from portal.kernel import bodies, regions
from portal.kernel.models import Organisation


def open_city() -> int:
    """Bring bodies, routing rules and funds of the pack into the database; answers how many bodies were new.

    Safe at every start: what is there stays, names and contacts follow the pack.
    """
    created = bodies.sync()
    routing.seed_routing()
    for terms in regions.city().funds:
        ledger.open_fund(
            code=terms.code,
            name=terms.name,
            kind=terms.kind,
            keeper=Organisation.objects.get(code=terms.keeper),
            floor_fen=terms.floor_fen,
        )
    return created
