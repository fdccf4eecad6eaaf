"""Work that is owed is done, once, most urgent first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from portal.kernel import jobs
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
