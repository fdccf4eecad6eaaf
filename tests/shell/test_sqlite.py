import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from portal.kernel.models import Counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def _in_threads(count: int, work: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_six_threads_that_read_then_write_all_succeed() -> None:
    Counter.objects.create(series="race")

    def work() -> None:
        for _ in range(25):
            with transaction.atomic():
                counter = Counter.objects.get(series="race")
                counter.last += 1
                counter.save()

    assert _in_threads(6, work) == []
    assert Counter.objects.get(series="race").last == 150


def test_a_reader_does_not_wait_for_a_writer() -> None:
    Counter.objects.create(series="quiet", last=7)
    seen: list[int] = []

    with transaction.atomic():
        Counter.objects.update(last=8)
        failures = _in_threads(1, lambda: seen.append(Counter.objects.get(series="quiet").last))

    assert failures == []
    assert seen == [7]


def test_a_write_outside_a_transaction_waits_for_the_writer_and_then_happens() -> None:
    Counter.objects.create(series="quiet")
    writer = threading.Thread(target=_in_threads, args=(1, lambda: Counter.objects.create(series="late").save()))

    with transaction.atomic():
        Counter.objects.update(last=8)
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
    writer.join(5)

    assert Counter.objects.filter(series="late").exists()


def test_a_transaction_begins_as_a_writer() -> None:
    with transaction.atomic():
        Counter.objects.exists()

    assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]
