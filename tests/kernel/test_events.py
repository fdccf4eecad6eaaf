"""The record of what happened proves itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from portal.kernel import events, jobs, sql
from portal.kernel.models import Event, Job, Organisation

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


heard: list[int] = []


def listener(*, event_id: int) -> None:
    heard.append(event_id)


def a_unit(code: str = "bureau-x") -> Organisation:
    return Organisation.objects.create(
        code=code, name="示例局", short_name="示例", kind=Organisation.Kind.BUREAU, district="120101"
    )


def test_each_subject_has_a_chain_of_its_own() -> None:
    one, two = a_unit("one"), a_unit("two")

    first = events.record("unit.opened", one, place="120101")
    second = events.record("unit.closed", one)
    other = events.record("unit.opened", two)

    assert [first.seq, second.seq, other.seq] == [1, 2, 1]
    assert second.previous == first.hash
    assert other.previous == ""
    assert list(events.broken_chains()) == []


def test_many_at_once_are_linked_like_one_after_another_and_owe_the_same_jobs() -> None:
    jobs.on("unit.moved")(listener)
    one, two = a_unit("one"), a_unit("two")
    first = events.record("unit.opened", one)

    events.record_each("unit.moved", [(one, {"fen": 1}), (two, {"fen": 2}), (one, {"fen": 3})])

    chain = list(events.of(one))
    assert [(row.name, row.seq, row.payload) for row in chain] == [
        ("unit.opened", 1, {}),
        ("unit.moved", 2, {"fen": 1}),
        ("unit.moved", 3, {"fen": 3}),
    ]
    assert [row.previous for row in chain] == ["", first.hash, chain[1].hash]
    assert [row.payload for row in events.of(two)] == [{"fen": 2}]
    assert list(events.broken_chains()) == []
    owed = Job.objects.filter(name__contains="listener", done_at=None)
    moved = Event.objects.filter(name="unit.moved").order_by("pk")
    assert sorted(job.args["event_id"] for job in owed) == [row.pk for row in moved]


def test_one_text_among_many_refuses_them_all() -> None:
    one, two = a_unit("one"), a_unit("two")

    with pytest.raises(ValueError, match="never text"), transaction.atomic():
        events.record_each("unit.opened", [(one, {"fen": 1}), (two, {"name": "林示例"})])

    assert Event.objects.count() == 0


def test_text_is_refused_and_nothing_is_written() -> None:
    unit = a_unit()

    with pytest.raises(ValueError, match="never text"), transaction.atomic():
        events.record("unit.opened", unit, name="林示例")

    assert events.of(unit).count() == 0


def test_a_name_must_be_noun_and_participle() -> None:
    with pytest.raises(ValueError, match="participle"):
        events.record("opened", a_unit())


def test_a_changed_event_is_found() -> None:
    unit = a_unit()
    event = events.record("unit.opened", unit, fen=100)
    events.record("unit.closed", unit)

    Event.objects.filter(pk=event.pk).update(payload={"fen": 999})

    assert [broken.event_id for broken in events.broken_chains()] == [event.pk]


def test_a_removed_event_is_found_by_its_successor_and_by_the_checkpoint() -> None:
    unit = a_unit()
    with time_machine.travel(NOON, tick=False):
        gone = events.record("unit.opened", unit)
        follower = events.record("unit.renamed", unit)
        last = events.record("unit.closed", unit)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        anchor = events.anchor()
    assert anchor is not None
    assert (anchor.count, anchor.last_event_id) == (3, last.pk)
    assert list(events.broken_anchors()) == []

    Event.objects.filter(pk=gone.pk).delete()

    assert [broken.event_id for broken in events.broken_chains()] == [follower.pk, last.pk][:1]
    assert [broken.event_id for broken in events.broken_anchors()] == [last.pk]


def test_a_checkpoint_leaves_the_last_minute_alone() -> None:
    unit = a_unit()
    with time_machine.travel(NOON, tick=False):
        events.record("unit.opened", unit)
        assert events.anchor() is None


def test_the_database_refuses_a_fork() -> None:
    unit = a_unit()
    event = events.record("unit.opened", unit)

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            name="unit.opened",
            subject_label=event.subject_label,
            subject_pk=event.subject_pk,
            seq=1,
            at=event.at,
            hash="0" * 64,
        )

    assert events.of(unit).count() == 1


def test_subscribers_are_owed_in_the_same_transaction() -> None:
    jobs.on("unit.tested")(listener)
    heard.clear()
    unit = a_unit()

    def recorded_in_vain() -> None:
        with transaction.atomic():
            events.record("unit.tested", unit)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        recorded_in_vain()
    assert Job.objects.count() == 0

    event = events.record("unit.tested", unit)
    jobs.drain()

    assert heard == [event.pk]


def test_the_database_refuses_to_change_or_take_out_an_event() -> None:
    unit = a_unit()
    event = events.record("unit.opened", unit)
    with connection.cursor() as cursor:
        for statement in sql.statements(connection.vendor):
            cursor.execute(statement)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(name="unit.closed")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()

    assert [kept.name for kept in events.of(unit)] == ["unit.opened"]
