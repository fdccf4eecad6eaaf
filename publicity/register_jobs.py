"""Jobs of the register."""

from portal.kernel import calendars, jobs, page_cache, search
from portal.kernel.models import Event
from publicity.models import Disclosure
from publicity.period_rules import PUBLISH
from publicity.selectors.register import INDEX, record_of


@jobs.job("index_disclosure", jobs.Priority.NORMAL)
def index_disclosure(*, disclosure_id: int) -> None:
    """Bring one record of the public index to what the database says of it now.

    Its row stays locked meanwhile, so that of two such jobs the later one has the last word. Pages are drawn anew only
    once the index shows it.
    """
    rows = Disclosure.objects.select_for_update(of=("self",)).select_related("shop", "unit")
    row = rows.get(pk=disclosure_id)
    index = search.get_index(INDEX)
    if row.state == Disclosure.State.PUBLISHED:
        index.put([record_of(row)])
    else:
        index.remove([row.public_id], version=row.version)
    index.refresh()
    page_cache.changed()


@jobs.on("clock.moved", jobs.Priority.CLOCK)
def due_another_day(*, event_id: int) -> None:
    """A new notice of holidays moved the day by which a complaint is to be published."""
    event = Event.objects.get(pk=event_id)
    if event.subject_label != Disclosure._meta.label_lower or event.payload["code"] != PUBLISH:
        return
    row = Disclosure.objects.select_for_update(of=("self",)).get(pk=event.subject_pk)
    running = calendars.open_clocks(row).filter(code=PUBLISH).first()
    if running is not None:
        row.due_on = running.due_on
        row.save(update_fields=["due_on"])
