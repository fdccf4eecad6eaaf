"""The points at which a worker is killed."""

from enum import StrEnum


class Point(StrEnum):
    """Where a worker may die, in the order in which a job meets them."""

    AFTER_THE_LEASE = "after the lease"
    BEFORE_THE_ACT = "before the act"
    AFTER_THE_ACT = "after the act and before the transaction"
    BEFORE_THE_WRITE = "in the handler before it writes"
    AFTER_THE_WRITE = "in the handler after it wrote"
    BEFORE_THE_COMMIT = "before the commit"
    AFTER_THE_COMMIT = "right after the commit"
    IN_A_SUBSCRIBER = "in a subscriber"
    WHILE_PUT_OFF = "while a job is put off"
    WHILE_FAILING = "while a failure is written down"
    WHILE_RINGING = "while the bell rings"
    WHILE_SWEEPING = "when a sweep begins"
