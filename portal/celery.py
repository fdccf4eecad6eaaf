"""The bell and the timetable. The Job table is the ledger; what Celery carries may be lost and is rung again."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from celery import Celery
from celery.signals import celeryd_init

from portal.kernel import timetable

BY_THE_CLOCK = "portal.by_the_clock"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    entry.name: {
        "task": BY_THE_CLOCK,
        "schedule": entry.every,
        "args": (entry.name,),
        "options": {"expires": entry.every},
    }
    for entry in timetable.ENTRIES
}


@app.task(name="portal.run_next")
def run_next(job_id: int) -> None:
    """Answer one ring: run the most urgent job, which need not be the one that rang."""
    from portal.kernel import jobs

    jobs.run_next()


@app.task(name=BY_THE_CLOCK)
def by_the_clock(name: str) -> None:
    """Do one entry of the timetable."""
    timetable.entry(name).run()


def answer_the_bell() -> None:
    """From now on, every job owed by this process rings a worker after its commit."""
    from portal.kernel import jobs

    def ring(job_id: int) -> None:
        run_next.apply_async(args=(job_id,), retry=False)

    jobs.when_owed(ring)


@celeryd_init.connect
def _make_ready(**_: object) -> None:
    """Refuse to start an unready worker; what a job owes in its turn rings at once, like what a page owes."""
    import django

    django.setup()

    from django.db import connections

    from portal import guard

    guard.stop_unless_ready()
    answer_the_bell()
    for connection in connections.all():
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]
