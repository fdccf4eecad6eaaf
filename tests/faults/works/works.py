"""The jobs."""

import time
from datetime import timedelta

from django.db import transaction

from portal.kernel import clock, events, jobs
from portal.kernel.models import Organisation
from tests.faults.works import marks
from tests.faults.works.models import Effect
from tests.faults.works.point import Point

TAKES = 2.0


@jobs.job("works.plain")
def plain(*, word: str) -> None:
    marks.die_at(Point.BEFORE_THE_WRITE)
    Effect.objects.create(word=word)
    marks.die_at(Point.AFTER_THE_WRITE)
    transaction.on_commit(lambda: marks.die_at(Point.AFTER_THE_COMMIT))


def write_letter(*, word: str) -> str:
    """As every act must: ask whether the letter is out before sending it."""
    marks.die_at(Point.BEFORE_THE_ACT)
    if word not in marks.letters():
        marks.send_letter(word)
    marks.die_at(Point.AFTER_THE_ACT)
    return word


@jobs.job("works.letter", jobs.Priority.CLOCK, act=write_letter)
def letter(*, word: str, outcome: str) -> None:
    Effect.objects.create(word=outcome)


@jobs.job("works.patient")
def patient(*, word: str) -> None:
    Effect.objects.create(word=word)
    if marks.is_first(f"patient-{word}"):
        raise jobs.Later(clock.now() + timedelta(seconds=1))


@jobs.job("works.stumbling")
def stumbling(*, word: str) -> None:
    Effect.objects.create(word=word)
    if marks.is_first(f"stumbling-{word}"):
        raise OSError(word)


@jobs.job("works.parent", jobs.Priority.RECEIPT)
def parent(*, word: str) -> None:
    Effect.objects.create(word=word)
    jobs.owe("works.plain", word=f"{word}-child")


@jobs.job("works.teller")
def teller(*, word: str) -> None:
    """Record an event on the first body."""
    events.record("works.told", Organisation.objects.select_for_update().earliest("pk"), word=word)
    Effect.objects.create(word=word)


@jobs.on("works.told")
def listener(*, event_id: int) -> None:
    Effect.objects.create(word="listener")
    marks.die_at(Point.IN_A_SUBSCRIBER)


@jobs.job("works.slow")
def slow(*, word: str) -> None:
    marks.is_first("slow")
    time.sleep(TAKES)
    Effect.objects.create(word=word)


@jobs.job("works.brief", jobs.Priority.GROUPING)
def brief(*, word: str) -> None:
    time.sleep(0.1)
    Effect.objects.create(word=word)
