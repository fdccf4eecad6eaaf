"""What this room owes after something happened."""

from datetime import datetime, time, timedelta

from portal.kernel import clock, jobs, page_cache, search
from portal.kernel.models import Event
from publicity import advice_rules, period_rules, recall_rules, register_jobs, texts
from publicity.models import Disclosure, Shop
from publicity.selectors import desk_rail
from publicity.selectors import shops as selectors
from publicity.services import disclosures, pledges

__all__ = ["advice_rules", "desk_rail", "period_rules", "recall_rules", "register_jobs", "texts"]


@jobs.job("publicity.index_shops")
def index_shops(*, shop_ids: list[int]) -> None:
    """Bring some shops of the public index to what the database says of them now.

    Their rows stay locked meanwhile, so that of two such jobs the later one has the last word.
    """
    rows = {shop.pk: shop.public_id for shop in Shop.objects.select_for_update().filter(pk__in=shop_ids).order_by("pk")}
    found = selectors.records_of(rows)
    index = search.get_index(selectors.INDEX)
    index.put(found)
    index.remove(set(rows.values()) - {record["id"] for record in found})
    index.refresh()
    page_cache.changed()


@jobs.job("publicity.expire_pledge", jobs.Priority.CLOCK)
def expire_pledge(*, pledge_id: int) -> None:
    """End a pledge whose term is over."""
    pledges.expire(pledge_id=pledge_id)


@jobs.job("publicity.expire_records", jobs.Priority.CLOCK)
def expire_records() -> None:
    """Take records off the register whose year is over."""
    disclosures.expire_due()


@jobs.on("disclosure.published")
def remember_to_expire(*, event_id: int) -> None:
    """A record leaves the register on the day after its year."""
    record = Disclosure.objects.get(pk=Event.objects.get(pk=event_id).subject_pk)
    assert record.expires_on is not None
    day_after = datetime.combine(record.expires_on + timedelta(days=1), time.min, clock.SHANGHAI)
    jobs.owe("publicity.expire_records", due_at=day_after, key=day_after.date().isoformat())
