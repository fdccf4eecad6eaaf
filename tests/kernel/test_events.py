"""The record of what happened proves itself."""

import pytest
from django.db import IntegrityError, connection, transaction

from portal.kernel import anchors, events, jobs, proof, sql
from portal.kernel.models import Anchor, Event, Job, Organisation

pytestmark = pytest.mark.django_db


heard: list[int] = []


def listener(*, event_id: int) -> None:
    heard.append(event_id)


def late_listener(*, event_id: int) -> None:
    heard.append(-event_id)


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
    assert proof.faults() == []


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
    assert proof.faults() == []
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


def test_whoever_subscribes_later_is_owed_once_and_whoever_was_owed_is_not_owed_again() -> None:
    jobs.on("unit.announced")(listener)
    heard.clear()
    event = events.record("unit.announced", a_unit())
    jobs.drain()

    assert jobs.announce(event) == 0
    jobs.on("unit.announced")(late_listener)
    assert jobs.announce(event) == 1
    assert jobs.announce(event) == 0
    jobs.drain()

    assert heard == [event.pk, -event.pk]
    assert Job.objects.filter(event=event).count() == 2


def test_the_database_holds_one_job_for_an_event_and_a_subscriber() -> None:
    jobs.on("unit.tested")(listener)
    event = events.record("unit.tested", a_unit())
    row = Job.objects.get(event=event)

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(name=row.name, event=event, priority=5, owed_at=row.owed_at, due_at=row.due_at)

    assert Job.objects.filter(event=event).count() == 1
    assert (row.subject_label, row.subject_pk) == (event.subject_label, event.subject_pk)


@pytest.fixture
def _guarded() -> None:
    with connection.cursor() as cursor:
        for statement in sql.statements(connection.vendor):
            cursor.execute(statement)


@pytest.mark.usefixtures("_guarded")
def test_the_database_refuses_to_change_or_take_out_an_event() -> None:
    unit = a_unit()
    event = events.record("unit.opened", unit)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(name="unit.closed")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()

    assert [kept.name for kept in events.of(unit)] == ["unit.opened"]


@pytest.mark.usefixtures("_guarded")
def test_the_database_refuses_to_change_or_take_out_a_checkpoint() -> None:
    events.record("unit.opened", a_unit())
    anchors.keep_up()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Anchor.objects.update(count=0)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Anchor.objects.all().delete()

    assert Anchor.objects.get().count == 1
