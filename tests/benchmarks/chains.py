"""Verify a million events: in one process and in as many as the machine has, beside reading and hashing the rows."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from portal.kernel import anchors, events, proof
from portal.kernel.models import Event
from tests.benchmarks.harness import Result, absolute

EVENTS = 1_000_000
CHAINS = 100_000
BATCH = 10_000
NAMES = ("case.filed", "case.dispatched", "case.accepted", "mediation.opened", "offer.made", "case.settled")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOST_SECONDS = 300.0
MOST_GROWTH_MB = 64.0


def record_a_city(count: int, chains: int) -> None:
    """Write *count* events of *chains* cases in turn, each linked to the one before, straight into the table."""
    heads = [""] * chains
    for start in range(0, count, BATCH):
        rows = []
        for place in range(start, min(start + BATCH, count)):
            chain, seq = place % chains, place // chains + 1
            row = Event(
                name=NAMES[seq % len(NAMES)],
                subject_label="complaints.case",
                subject_pk=str(chain),
                seq=seq,
                at=BEGIN + timedelta(seconds=place),
                payload={"unit": "abcdefghjkmnpqrstvwx", "fen": place},
                previous=heads[chain],
            )
            row.hash = heads[chain] = events.digest_of(row)
            rows.append(row)
        Event.objects.bulk_create(rows)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _read_and_hash() -> None:
    rows = Event.objects.order_by("id").values_list("name", "subject_pk", "seq", "payload", "previous", "hash")
    for row in rows.iterator(chunk_size=2000):
        hashlib.sha256(json.dumps(row).encode()).hexdigest()


def _peak_mb(*, begin_again: bool = False) -> float:
    """The most memory this process has held, in all or since it was last asked to *begin_again*."""
    if begin_again:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def results() -> Iterator[Result]:
    """Seconds for a million events, what the memory grows by, and how fast checkpoints are put."""
    record_a_city(EVENTS, CHAINS)
    anchored = _seconds(anchors.keep_up)
    yield absolute(
        "events put under checkpoints",
        unit="events/s",
        value=EVENTS / anchored,
        floor=None,
        budget="≥ 10,000/s",
        at_least=10_000,
    )
    bare = _seconds(_read_and_hash)
    before = _peak_mb(begin_again=True)
    alone = _seconds(lambda: _verified(1))
    yield absolute(
        "record of 1 M verified, memory",
        unit="MB more",
        value=_peak_mb() - before,
        floor=None,
        budget=f"≤ {MOST_GROWTH_MB:.0f} MB growth",
        at_most=MOST_GROWTH_MB,
    )
    yield absolute(
        "record of 1 M verified, 1 process",
        unit="s",
        value=alone,
        floor=bare,
        budget="minutes",
        at_most=2 * MOST_SECONDS,
    )
    processes = os.cpu_count() or 1
    yield absolute(
        f"record of 1 M verified, {processes} processes",
        unit="s",
        value=_seconds(lambda: _verified(processes)),
        floor=bare,
        budget="minutes",
        at_most=MOST_SECONDS,
    )


def _verified(processes: int) -> None:
    report = proof.verify(processes=processes)
    assert report.is_whole
    assert (report.events, report.open) == (EVENTS, 0)
