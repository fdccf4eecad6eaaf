"""Jobs: how many a worker does, how soon a receipt is out behind ten thousand others, how soon a killed one is made up.

Recovery is measured on real processes: the embedded portal, and the cluster's worker where its servers are installed.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from portal import celery
from portal.embedded import Background
from portal.kernel import clock, jobs
from portal.kernel.models import Job
from tests.benchmarks.harness import Result, absolute, rates
from tests.faults.houses import Clustered, Embedded, House
from tests.services import postgres

JOBS_A_ROUND = 1_000
ROUNDS = 5
LOW_JOBS = 10_000
RECEIPTS = 20
SOON = 2.0
SLOW_TASK = 2.0


@jobs.job("benchmarks.nothing", jobs.Priority.GROUPING)
def nothing(*, number: int) -> None:
    """The least a job can do."""


@jobs.job("benchmarks.receipt", jobs.Priority.RECEIPT)
def receipt(*, number: int) -> None:
    """The least that has to be out at once."""


def _owe(count: int) -> None:
    with transaction.atomic():
        jobs.owe_each(("benchmarks.nothing", {"number": number}) for number in range(count))


def _bare(job_ids: Iterator[int]) -> Callable[[int], int]:
    """The same statements without anything around them: look, lease, read, write down as done."""

    def work(_turn: int) -> int:
        with connection.cursor() as cursor:
            for _ in range(JOBS_A_ROUND):
                job_id = next(job_ids)
                now = clock.now()
                cursor.execute("SELECT id FROM kernel_job WHERE id = %s", [job_id])
                cursor.execute("UPDATE kernel_job SET lease_until = %s WHERE id = %s", [now + timedelta(1), job_id])
                cursor.execute("SELECT * FROM kernel_job WHERE id = %s", [job_id])
                cursor.fetchone()
                with transaction.atomic():
                    cursor.execute("SELECT * FROM kernel_job WHERE id = %s", [job_id])
                    cursor.fetchone()
                    cursor.execute(
                        "UPDATE kernel_job SET done_at = %s, lease_until = NULL WHERE id = %s", [now, job_id]
                    )
        return JOBS_A_ROUND

    return work


def _throughput() -> Result:
    count = JOBS_A_ROUND * (ROUNDS + 1)
    _owe(2 * count)
    bare = list(Job.objects.order_by("-pk").values_list("pk", flat=True)[:count])
    Job.objects.filter(pk__in=bare).update(due_at=clock.now() + timedelta(days=1))
    return rates(
        "jobs done by one worker",
        unit="jobs/s",
        portal=lambda _turn: jobs.drain(JOBS_A_ROUND),
        floor=_bare(iter(bare)),
        budget="≥ 0.1 of its bare statements",
        ratio_at_least=0.1,
        rounds=ROUNDS,
    )


def _receipt_behind_many() -> Result:
    """The slowest of some receipts, each owed while the worker is busy with what was there before."""
    Job.objects.all().delete()
    _owe(LOW_JOBS)
    celery.answer_the_bell()
    background = Background()
    background.start()
    try:
        waits = [_wait_for_receipt(number) for number in range(RECEIPTS)]
        assert jobs.open_jobs().exists(), "the receipts had nothing before them"
    finally:
        background.stop()
    return absolute(
        f"receipt behind {LOW_JOBS:,} jobs, slowest",
        unit="s",
        value=max(waits),
        floor=None,
        budget=f"< {SOON:.0f} s",
        at_most=SOON,
    )


def _wait_for_receipt(number: int) -> float:
    time.sleep(0.1)
    started = time.perf_counter()
    with transaction.atomic():
        row = jobs.owe("benchmarks.receipt", number=number)
    assert row is not None
    while not Job.objects.filter(pk=row.pk, done_at__isnull=False).exists():
        time.sleep(0.005)
    return time.perf_counter() - started


def _recovery(name: str, house: House) -> Result:
    """From `kill -9` in the middle of a job to the moment it is done by a worker that is started at once."""
    longest = jobs.LEASE.total_seconds() + SLOW_TASK + 2
    with house:
        house.ask("forget")
        house.owe([("works.slow", "slow")])
        house.start()
        house.until(lambda: house.has_mark("slow"), "a job in hand")
        started = time.perf_counter()
        house.kill()
        house.start()
        state = house.until_done()
        seconds = time.perf_counter() - started
    assert state["effects"] == {"slow": 1}
    return absolute(
        f"recovery after kill -9, {name}",
        unit="s",
        value=seconds,
        floor=SLOW_TASK,
        budget=f"≤ lease + task + 2 s ({longest:.0f} s)",
        at_most=longest,
    )


def results() -> Iterator[Result]:
    """Throughput, urgency and recovery."""
    yield _throughput()
    yield _receipt_behind_many()
    with tempfile.TemporaryDirectory() as folder:
        yield _recovery("embedded", Embedded(Path(folder)))
    if postgres.binaries() is not None and shutil.which("redis-server") is not None:
        with tempfile.TemporaryDirectory() as folder:
            yield _recovery("cluster", Clustered(Path(folder)))
