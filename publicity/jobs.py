"""Jobs of the public register."""

from datetime import timedelta

from portal.kernel import calendars, clock, jobs, search
from publicity import disclosure_rules, register_jobs
from publicity.models import Shop
from publicity.selectors import shops
from publicity.services import disclosures, texts

__all__ = ["register_jobs", "texts"]

calendars.register(*disclosure_rules.CLOCKS)


@jobs.job("index_shop", jobs.Priority.NORMAL)
def index_shop(*, shop_id: int) -> None:
    """Bring one shop of the index to what the register says of it now."""
    shop = Shop.objects.prefetch_related("aliases").get(pk=shop_id)
    index = search.get_index(shops.INDEX)
    if shop.state == Shop.State.MERGED:
        index.remove([shop.public_id])
    else:
        index.put([shops.record_of(shop)])


@jobs.job("publicity.daily", jobs.Priority.GROUPING)
def daily() -> None:
    """Take expired records off the register; owes itself again for tomorrow."""
    disclosures.expire_due()
    jobs.owe("publicity.daily", key=f"{clock.today() + timedelta(days=1)}", due_at=clock.now() + timedelta(days=1))
