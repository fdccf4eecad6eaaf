"""Numbers that law depends on: unique and without gaps, however many people press at once."""

from django.db import connection

TAKE = """
INSERT INTO kernel_counter AS counter (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = counter.last + 1
RETURNING last
"""


def next_number(series: str) -> int:
    """The next number of *series*, from 1. Call inside the transaction that uses it: a rollback gives it back.

    The counter row stays locked until commit, so a second caller waits and gets the following number.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [series])
        (number,) = cursor.fetchone()
    return int(number)
