"""Numbers that law depends on: unique and without gaps, however many people press at once."""

from django.db import connection

from portal.kernel.models.counter import Counter


def next_number(series: str) -> int:
    """The next number of *series*, from 1. Call inside the transaction that uses it: a rollback gives it back.

    The counter row stays locked until commit, so a second caller waits and gets the following number.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that uses it")
    Counter.objects.get_or_create(series=series)
    counter = Counter.objects.select_for_update().get(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
