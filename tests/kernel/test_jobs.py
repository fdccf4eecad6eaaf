"""Work that is owed is done, once, most urgent first."""

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from portal.kernel import clock, jobs
from portal.kernel.jobs import running
from portal.kernel.models import Job, Organisation

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
done: list[str] = []


@jobs.job("test_note", jobs.Priority.DOCUMENT)
def note(*, word: str) -> None:
    done.append(word)


@jobs.job("test_fail")
def fail(*, word: str) -> None:
    Organisation.objects.create(code=word, name=word, short_name=word, kind="bureau")
    raise OSError(word)


@jobs.job("test_wait")
def wait(*, until: str) -> None:
    raise jobs.Later(datetime.fromisoformat(until))


def told(*, word: str) -> str:
    return f"told {word}"


@jobs.job("test_tell", act=told)
def tell(*, word: str, outcome: str) -> None:
    done.append(outcome)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    done.clear()
    yield
    done.clear()


def test_the_most_urgent_job_goes_first() -> None:
    jobs.owe("test_note", word="paper")
    jobs.owe("test_note", priority=jobs.Priority.RECEIPT, word="receipt")
    jobs.owe("test_note", priority=jobs.Priority.CLOCK, word="clock")

    assert jobs.drain() == 3
    assert done == ["receipt", "clock", "paper"]
    assert jobs.open_jobs().count() == 0


def test_a_keyed_job_is_owed_once_while_it_is_open() -> None:
    assert jobs.owe("test_note", key="a", word="one") is not None
    assert jobs.owe("test_note", key="a", word="two") is None

    jobs.drain()

    assert done == ["one"]
    assert jobs.owe("test_note", key="a", word="three") is not None


def test_a_failure_leaves_no_half_work_and_is_tried_again_later() -> None:
    with time_machine.travel(NOON, tick=False):
        jobs.owe("test_fail", word="half")
        assert jobs.drain() == 1
        row = Job.objects.get()
        assert Organisation.objects.count() == 0
        assert (row.attempts, row.last_error, row.done_at) == (1, "OSError", None)
        assert row.due_at == NOON + jobs.wait_after(1, row.public_id)


def test_a_job_is_given_up_after_eight_attempts_and_stays_visible() -> None:
    moment = NOON
    with time_machine.travel(moment, tick=False):
        jobs.owe("test_fail", word="never")
    for attempt in range(jobs.MOST_ATTEMPTS):
        with time_machine.travel(moment + timedelta(hours=2 * (attempt + 1)), tick=False):
            jobs.drain()

    row = Job.objects.get()
    assert row.attempts == 8
    assert row.given_up_at is not None


def test_a_leased_job_is_left_alone_until_its_lease_ends() -> None:
    with time_machine.travel(NOON, tick=False):
        jobs.owe("test_note", word="late")
        Job.objects.update(lease_until=NOON + jobs.LEASE)
        assert jobs.drain() == 0
    with time_machine.travel(NOON + jobs.LEASE + timedelta(seconds=1), tick=False):
        assert jobs.drain() == 1
    assert done == ["late"]


def test_a_job_may_wait_for_a_moment() -> None:
    with time_machine.travel(NOON, tick=False):
        jobs.owe("test_wait", until=(NOON + timedelta(hours=1)).isoformat())
        jobs.drain()
        row = Job.objects.get()
        assert (row.attempts, row.done_at, row.due_at) == (0, None, NOON + timedelta(hours=1))


def test_an_act_outside_the_house_hands_its_answer_to_the_transaction() -> None:
    jobs.owe("test_tell", word="bank")
    jobs.drain()
    assert done == ["told bank"]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_only_after_commit() -> None:
    rung: list[int] = []

    def owed_in_vain() -> None:
        with transaction.atomic():
            jobs.owe("test_note", word="lost")
            raise RuntimeError

    take_down = jobs.when_owed(rung.append)
    try:
        with pytest.raises(RuntimeError):
            owed_in_vain()
        assert rung == []
        with transaction.atomic():
            row = jobs.owe("test_note", word="kept")
            assert rung == []
        assert row is not None
        assert rung == [row.pk]
    finally:
        take_down()


@pytest.mark.django_db(transaction=True)
def test_owing_outside_a_transaction_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        jobs.owe("test_note", word="bare")
    assert Job.objects.count() == 0


def the_row() -> Job:
    return Job.objects.get()


def many(count: int, priority: jobs.Priority, due_at: datetime) -> None:
    Job.objects.bulk_create(
        Job(name="test_note", args={"word": "low"}, priority=priority, owed_at=due_at, due_at=due_at)
        for _ in range(count)
    )


def test_a_receipt_is_taken_before_ten_thousand_jobs_that_were_there_first() -> None:
    with time_machine.travel(NOON, tick=False):
        many(10_000, jobs.Priority.GROUPING, NOON - timedelta(hours=1))
        jobs.owe("test_note", priority=jobs.Priority.RECEIPT, word="receipt")

        assert jobs.run_next()

    assert done == ["receipt"]
    assert jobs.open_jobs().count() == 10_000


def test_a_job_is_taken_though_ten_thousand_more_urgent_ones_are_not_yet_due() -> None:
    with time_machine.travel(NOON, tick=False):
        many(10_000, jobs.Priority.CLOCK, NOON + timedelta(days=30))
        jobs.owe("test_note", word="now")

        assert jobs.drain() == 1

    assert done == ["now"]


def test_the_next_job_is_found_in_short_ranges_of_the_index_alone() -> None:
    for priority in jobs.Priority:
        many(2_000, priority, NOON)
        many(2_000, priority, NOON + timedelta(days=30))
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kernel_job")
        cursor.execute(f"{explain} {running.next_sql()}", running.next_values(8))
        plan = "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())

    assert len(re.findall(r"using (?:covering )?(?:index )?open_jobs|on open_jobs", plan, re.IGNORECASE)) == 5, plan
    assert "Seq Scan" not in plan
    assert len(re.findall(r"Sort Key|USE TEMP B-TREE FOR ORDER BY", plan)) == 1, plan


def test_the_wait_doubles_up_to_an_hour_and_is_spread() -> None:
    waits = [jobs.wait_after(attempts, "seed").total_seconds() for attempts in range(1, 14)]

    for attempts, seconds in enumerate(waits, 1):
        least = min(3600, 2**attempts)
        assert least <= seconds <= least * 1.25
    assert waits == [jobs.wait_after(attempts, "seed").total_seconds() for attempts in range(1, 14)]
    assert len({jobs.wait_after(3, str(number)) for number in range(100)}) > 90


def test_failures_wait_longer_each_time_and_nothing_runs_meanwhile() -> None:
    now = NOON
    with time_machine.travel(now, tick=False):
        jobs.owe("test_fail", word="often")
    for attempt in range(1, 5):
        with time_machine.travel(now, tick=False):
            assert jobs.drain() == 1
        row = the_row()
        assert row.attempts == attempt
        assert row.due_at == now + jobs.wait_after(attempt, row.public_id)
        with time_machine.travel(row.due_at - timedelta(milliseconds=1), tick=False):
            assert jobs.drain() == 0
        now = row.due_at


def test_a_job_whose_worker_was_lost_counts_an_attempt_and_is_given_up_like_any_other() -> None:
    moment = NOON
    with time_machine.travel(moment, tick=False):
        jobs.owe("test_note", word="deadly")
    for lost in range(1, jobs.MOST_ATTEMPTS + 1):
        with time_machine.travel(moment, tick=False):
            running._lease()
        moment += jobs.LEASE + timedelta(seconds=1)
        row = the_row()
        assert row.attempts == lost - 1
    with time_machine.travel(moment, tick=False):
        assert jobs.drain() == 0

    row = the_row()
    assert (row.attempts, row.last_error) == (jobs.MOST_ATTEMPTS, "WorkerLost")
    assert row.given_up_at == moment
    assert done == []


def test_a_start_takes_back_what_a_dead_process_was_at() -> None:
    with time_machine.travel(NOON, tick=False):
        jobs.owe("test_note", word="again")
        running._lease()
        assert jobs.drain() == 0

        assert jobs.release_all() == 1
        assert jobs.drain() == 1

    row = the_row()
    assert (row.attempts, row.last_error) == (1, "WorkerLost")
    assert done == ["again"]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_takes_long_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LEASE", timedelta(seconds=0.3))
    with transaction.atomic():
        jobs.owe("test_slow_act", word="slow")

    with ThreadPoolExecutor(1) as other:
        first = other.submit(_run_and_close)
        assert started.wait(10)
        renewed = _until_renewed(the_row().lease_until)
        may_end.set()
        first.result(10)

    assert renewed
    assert (the_row().attempts, done) == (0, ["slow"])


started, may_end = threading.Event(), threading.Event()


def slow_act(*, word: str) -> str:
    started.set()
    assert may_end.wait(20)
    return word


@jobs.job("test_slow_act", act=slow_act)
def after_slow_act(*, word: str, outcome: str) -> None:
    done.append(outcome)


def _run_and_close() -> None:
    jobs.run_next()
    connection.close()


def _until_renewed(before: datetime | None) -> bool:
    for _ in range(400):
        after = the_row().lease_until
        if after is not None and before is not None and after > before:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_handler_that_takes_longer_than_its_lease_is_left_alone() -> None:
    with transaction.atomic():
        row = jobs.owe("test_note", word="held")
    assert row is not None
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Job.objects.select_for_update().get(pk=row.pk)
        assert other.submit(_ran).result(20) is False

    assert jobs.run_next()
    assert done == ["held"]


def _ran() -> bool:
    try:
        return jobs.run_next()
    finally:
        connection.close()
