"""What runs by the clock stands in one table, and Celery's timetable is that table."""

import pytest

from portal import celery
from portal.kernel import events, jobs, timetable
from portal.kernel.models import Anchor, Job, Organisation

pytestmark = pytest.mark.django_db


def test_the_clock_of_celery_is_the_table() -> None:
    schedule = celery.app.conf.beat_schedule

    assert {name: (entry["schedule"], entry["args"]) for name, entry in schedule.items()} == {
        entry.name: (entry.every, (entry.name,)) for entry in timetable.ENTRIES
    }
    assert {entry["task"] for entry in schedule.values()} == {celery.by_the_clock.name}
    assert all(entry["options"]["expires"] == entry["schedule"] for entry in schedule.values())


def test_every_entry_does_its_work_and_may_do_it_twice() -> None:
    unit = Organisation.objects.create(code="one", name="示例局", short_name="示例", kind="bureau", district="120101")
    events.record("timetable.tested", unit)
    jobs.owe("documents.make", document_id="00000000-0000-0000-0000-000000000000")

    for _ in range(2):
        for entry in timetable.ENTRIES:
            celery.by_the_clock(entry.name)

    assert Anchor.objects.get().count == 1
    assert Job.objects.get().attempts == 1


def test_an_entry_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        celery.by_the_clock("never")
