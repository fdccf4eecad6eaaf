"""Jobs of the register."""

from portal.kernel import jobs, search
from publicity.models import Disclosure
from publicity.selectors.register import INDEX, record_of


@jobs.job("index_disclosure", jobs.Priority.NORMAL)
def index_disclosure(*, disclosure_id: int) -> None:
    """Bring one record of the public index to what the database says of it now."""
    row = Disclosure.objects.select_related("shop", "unit").get(pk=disclosure_id)
    index = search.get_index(INDEX)
    if row.state == Disclosure.State.PUBLISHED:
        index.put([record_of(row)])
    else:
        index.remove([row.public_id])
