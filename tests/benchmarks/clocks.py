"""Recompute open clocks after a notice that moves every one of them, beside the bare arithmetic and one update."""

import itertools
from collections.abc import Iterator
from datetime import date
from time import perf_counter

from django.db import transaction

from complaints.models import Case
from complaints.rules import DECIDE
from portal import opening
from portal.kernel import calendars, clock, crypto, ids
from portal.kernel.calendars import notices, periods, workdays
from portal.kernel.models import Clock, Organisation
from portal.kernel.models.clock import WorkdayNotice
from tests.benchmarks.harness import Result, absolute, rates

COUNT = 2_000
MANY = 100_000
BUDGET_SECONDS = 60
_turn = itertools.count(1)


def _open_clocks(count: int) -> None:
    hub = Organisation.objects.get(kind="hub")
    now = clock.now()
    cases = Case.objects.bulk_create(
        Case(public_id=ids.new_id(), number=f"BENCH-{ids.new_id()}", channel="API", district="120104", hub=hub,
             title="示例", facts_sealed=crypto.Plain("示例"), submitted_at=now, hub_received_at=now)
        for _ in range(count)
    )  # fmt: skip
    rule = calendars.rule_on(DECIDE, now.date())
    Clock.objects.bulk_create(
        Clock(subject_label="complaints.case", subject_pk=str(case.pk), code=DECIDE, regime=rule.regime,
              article=rule.article, unit=hub, measure="WD", length=7, started_on=date(2026, 9, 20), started_at=now,
              due_on=date(2026, 9, 29))
        for case in cases
    )  # fmt: skip


def _another_notice() -> WorkdayNotice:
    """A notice of 2026 under which seven working days from 20 September end on another day than under the last."""
    off = [date(2026, 9, 21), date(2026, 9, 22)][: 1 + next(_turn) % 2]
    return calendars.load_notice(2026, off, [], "bench", None)


def results() -> Iterator[Result]:
    """Clocks a second beside the bare arithmetic, and then 100,000 of them once."""
    opening.open_city()
    _open_clocks(COUNT)
    pks = list(Clock.objects.filter(code=DECIDE).order_by("pk").values_list("pk", flat=True))

    def portal(turn: int) -> int:
        with transaction.atomic():
            notice = _another_notice()
        calendar = workdays.load()
        for start in range(0, len(pks), notices.BATCH):
            notices.recompute(pks[start : start + notices.BATCH], calendar, notice)
        assert notice.changes.count() == len(pks)
        return len(pks)

    def floor(turn: int) -> int:
        calendar = workdays.load()
        for start in range(0, len(pks), notices.BATCH):
            batch = pks[start : start + notices.BATCH]
            for row in Clock.objects.filter(pk__in=batch).values("measure", "length", "started_on"):
                periods.due(row["measure"], row["length"], row["started_on"], (), calendar=calendar)
            Clock.objects.filter(pk__in=batch).update(calendar_version=calendar.version)
        return len(pks)

    yield rates(
        "clocks recomputed, all move",
        unit="/s",
        portal=portal,
        floor=floor,
        budget="≥ 1,667/s",
        value_at_least=MANY / BUDGET_SECONDS,
    )
    _open_clocks(MANY - COUNT)
    pks.extend(Clock.objects.filter(code=DECIDE, pk__gt=pks[-1]).order_by("pk").values_list("pk", flat=True))
    started = perf_counter()
    portal(0)
    ours = perf_counter() - started
    started = perf_counter()
    floor(0)
    yield absolute(
        f"{MANY:,} open clocks recomputed, all move",
        unit="s",
        value=ours,
        floor=perf_counter() - started,
        budget=f"≤ {BUDGET_SECONDS} s",
        at_most=BUDGET_SECONDS,
    )
