"""When two shops turn out to be one, their cases and reports go over to the shop that stays."""

from django.db import transaction

from complaints.models import Case, Report
from portal.kernel import events
from publicity.models import Shop


@transaction.atomic
def follow(*, gone_id: int, kept: Shop) -> int:
    """Point every case and report of the shop *gone_id* at *kept*; answers how many went over.

    Case and report get an event each; what a consumer or reporter wrote of the shop stays as written.
    """
    moved = 0
    for model, name in ((Case, "case.shop_moved"), (Report, "report.shop_moved")):
        for row in model.objects.select_for_update().filter(shop_id=gone_id).order_by("pk"):
            row.shop = kept
            row.version += 1
            row.save(update_fields=["shop", "version"])
            events.record(name, row, into=kept.public_id)
            moved += 1
    return moved
