"""The bell and the timetable. The Job table is the ledger; what Celery carries may be lost and is rung again."""

import os
from time import monotonic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from celery import Celery
from celery.signals import celeryd_init

SWEEP_EVERY = 2.0
ANCHOR_EVERY = 300.0
LONGEST_SWEEP = 1.5

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    "sweep": {"task": "portal.sweep", "schedule": SWEEP_EVERY, "options": {"expires": SWEEP_EVERY}},
    "anchor": {"task": "portal.anchor", "schedule": ANCHOR_EVERY, "options": {"expires": ANCHOR_EVERY}},
}


@app.task(name="portal.run_next")
def run_next(job_id: int) -> None:
    """Answer one ring: run the most urgent job, which need not be the one that rang."""
    from portal.kernel import jobs

    jobs.run_next()


@app.task(name="portal.sweep")
def sweep() -> None:
    """Run what is due and was not heard, until the next sweep goes on."""
    from portal.kernel import jobs

    until = monotonic() + LONGEST_SWEEP
    while monotonic() < until and jobs.run_next():
        pass


@app.task(name="portal.anchor")
def anchor() -> None:
    """Put a checkpoint over the events that have settled."""
    from portal.kernel import events

    events.anchor()


def answer_the_bell() -> None:
    """From now on, every job owed by this process rings a worker after its commit."""
    from portal.kernel import jobs

    def ring(job_id: int) -> None:
        run_next.apply_async(args=(job_id,), retry=False)

    jobs.when_owed(ring)


@celeryd_init.connect
def _refuse_to_start_unready(**_: object) -> None:
    import django

    django.setup()

    from django.db import connections

    from portal import guard

    guard.stop_unless_ready()
    for connection in connections.all():
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]
