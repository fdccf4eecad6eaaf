"""Work that is owed: a row in the same transaction, a bell after commit, a sweep for whatever was not heard.

A job marks itself done in the transaction that does its work, so running it twice does it once and a process that dies
leaves it owed. Receipts and clocks never wait behind documents and grouping: a worker always takes the most urgent job.
"""

from portal.kernel.jobs.kinds import Later, Priority, job, on, say, subscribers, word_of
from portal.kernel.jobs.owing import BATCH, announce, owe, owe_each, owe_subscribers, when_owed
from portal.kernel.jobs.running import (
    LEASE,
    MOST_ATTEMPTS,
    drain,
    open_jobs,
    overdue_count,
    release_all,
    run_next,
    sweep,
    wait_after,
)

__all__ = [
    "BATCH",
    "LEASE",
    "MOST_ATTEMPTS",
    "Later",
    "Priority",
    "announce",
    "drain",
    "job",
    "on",
    "open_jobs",
    "overdue_count",
    "owe",
    "owe_each",
    "owe_subscribers",
    "release_all",
    "run_next",
    "say",
    "subscribers",
    "sweep",
    "wait_after",
    "when_owed",
    "word_of",
]
