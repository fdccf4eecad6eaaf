"""A committed job is heard by the worker inside the process, and is done once."""

import time
from collections.abc import Iterator

import pytest
from django.db import transaction

from portal import celery
from portal.embedded import Background
from portal.kernel import jobs
from portal.kernel.jobs import owing
from portal.kernel.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

done: list[int] = []


@jobs.job("tests.heard")
def heard(*, number: int) -> None:
    """Note that the bell was answered."""
    done.append(number)


@pytest.fixture
def background() -> Iterator[None]:
    done.clear()
    running = Background()
    running.start()
    yield
    running.stop()


def _wait() -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and jobs.open_jobs().exists():
        time.sleep(0.02)


@pytest.mark.usefixtures("background")
def test_a_job_that_nobody_rang_for_is_swept() -> None:
    with transaction.atomic():
        jobs.owe("tests.heard", number=1)

    _wait()

    assert done == [1]
    assert Job.objects.get().done_at is not None


@pytest.mark.usefixtures("background")
def test_many_rings_do_each_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "_bells", [])
    celery.answer_the_bell()

    for number in range(40):
        with transaction.atomic():
            jobs.owe("tests.heard", number=number)

    _wait()

    assert sorted(done) == list(range(40))
