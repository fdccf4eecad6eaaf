"""Whatever is done to the record behind the portal's back, `check` names the row and what was done to it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from portal.kernel import anchors, clock, events, proof
from portal.kernel.faults import Fault, Wrong
from portal.kernel.models import Anchor, Event, Organisation

pytestmark = pytest.mark.django_db

NAMES = ("proof.one", "proof.two", "proof.three", "proof.four", "proof.five")


def a_chain(code: str = "one", length: int = 5) -> list[Event]:
    unit = Organisation.objects.create(
        code=code, name="示例局", short_name="示例", kind=Organisation.Kind.BUREAU, district="120101"
    )
    return [events.record(NAMES[place % len(NAMES)], unit, place=place) for place in range(length)]


def subject(row: Event) -> str:
    return f"{row.subject_label}:{row.subject_pk}"


def fault(wrong: Wrong, row: Event, **more: int) -> Fault:
    return Fault(wrong, row.pk, subject(row), row.seq, **more)


def gone(row: Event, last: Event | None = None) -> Fault:
    return Fault(Wrong.REMOVED, 0, subject(row), row.seq, (last or row).seq)


def rewritten(row: Event, **values: Any) -> None:
    """Change a row so that its own hash fits again, as somebody who knows how it is made would."""
    for name, value in values.items():
        setattr(row, name, value)
    row.hash = events.digest_of(row)
    Event.objects.filter(pk=row.pk).update(hash=row.hash, **values)


def forged(after: Event, seq: int, **values: Any) -> Event:
    """A row put in behind *after* with a hash of its own that fits."""
    row = Event(
        name="unit.forged",
        subject_label=after.subject_label,
        subject_pk=after.subject_pk,
        seq=seq,
        at=clock.now(),
        payload={},
        previous=after.hash,
    )
    row.hash = events.digest_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def renumbered(rows: list[Event], by: int) -> None:
    for row in sorted(rows, key=lambda one: one.seq, reverse=by > 0):
        Event.objects.filter(pk=row.pk).update(seq=row.seq + by)


def test_an_untouched_record_proves_itself() -> None:
    a_chain("one")
    a_chain("two", 3)
    anchors.keep_up()

    report = proof.verify()

    assert (report.is_whole, report.events, report.anchors, report.open, report.unnamed) == (True, 8, 1, 0, 0)
    assert report.newest == Anchor.objects.get().digest


@pytest.mark.parametrize(
    "values",
    [
        {"payload": {"place": 99}},
        {"name": "unit.stolen"},
        {"at": clock.now().replace(year=2020)},
        {"hash": "0" * 64},
        {"previous": "0" * 64},
    ],
)
def test_a_changed_row_is_named(values: dict[str, Any]) -> None:
    rows = a_chain()

    Event.objects.filter(pk=rows[2].pk).update(**values)

    assert proof.faults() == [fault(Wrong.CHANGED, rows[2])]


def test_a_changed_row_whose_hash_was_made_to_fit_is_named_by_its_follower() -> None:
    rows = a_chain()

    rewritten(rows[2], payload={"place": 99})

    assert proof.faults() == [fault(Wrong.CHANGED, rows[2])]


def test_a_changed_last_row_whose_hash_was_made_to_fit_is_named_by_the_checkpoint() -> None:
    rows = a_chain()
    anchors.keep_up()

    rewritten(rows[-1], payload={"place": 99})

    assert proof.faults() == [Fault(Wrong.CHANGED, rows[-1].pk, anchor=1)]


def test_a_removed_row_is_named_by_its_place() -> None:
    rows = a_chain()

    rows[2].delete()

    assert proof.faults() == [gone(rows[2])]


def test_removed_first_rows_are_named() -> None:
    rows = a_chain()

    Event.objects.filter(pk__in=[rows[0].pk, rows[1].pk]).delete()

    assert proof.faults() == [gone(rows[0], rows[1])]


def test_a_removed_row_is_named_though_the_others_were_numbered_afresh() -> None:
    rows = a_chain()

    Event.objects.filter(pk=rows[2].pk).delete()
    renumbered(rows[3:], -1)

    assert proof.faults() == [gone(rows[2])]


def test_a_cut_off_end_is_named_by_the_checkpoint() -> None:
    one, two = a_chain("one"), a_chain("two")
    anchors.keep_up()

    Event.objects.filter(pk__in=[row.pk for row in one[3:]]).delete()

    assert proof.faults() == [Fault(Wrong.REMOVED, row.pk, anchor=1) for row in one[3:]]
    assert str(proof.faults()[0]) == f"事件 {one[3].pk}：被删掉了（检查点 1 记着它原来的样子）"
    assert Event.objects.filter(pk__in=[row.pk for row in two]).count() == 5


def test_a_whole_chain_that_was_taken_out_is_named_by_the_checkpoint() -> None:
    one, _two = a_chain("one", 2), a_chain("two", 2)
    anchors.keep_up()

    Event.objects.filter(subject_pk=one[0].subject_pk).delete()

    assert proof.faults() == [Fault(Wrong.REMOVED, row.pk, anchor=1) for row in one]


def test_a_row_put_in_between_is_named_though_the_others_were_numbered_afresh() -> None:
    rows = a_chain()

    renumbered(rows[3:], 1)
    put_in = forged(rows[2], 4)

    assert proof.faults() == [fault(Wrong.INSERTED, put_in)]


def test_a_row_put_in_under_an_id_that_was_free_is_named_by_the_checkpoint_too() -> None:
    rows = a_chain()
    last = a_chain("two", 1)[0]
    Event.objects.filter(pk=last.pk).update(id=last.pk + 3)
    anchors.keep_up()
    assert proof.faults() == []
    assert Anchor.objects.get().absent[-1] == [last.pk, last.pk + 2]

    put_in = forged(rows[4], 6, id=last.pk)

    assert proof.faults() == [Fault(Wrong.INSERTED, put_in.pk, anchor=1)]


def test_a_row_in_place_of_another_is_named() -> None:
    rows = a_chain()

    rows[2].delete()
    put_in = forged(rows[1], 3)

    assert proof.faults() == [fault(Wrong.INSERTED, put_in)]


def test_rows_that_changed_places_are_named() -> None:
    rows = a_chain()

    Event.objects.filter(pk=rows[1].pk).update(seq=99)
    Event.objects.filter(pk=rows[2].pk).update(seq=2)
    Event.objects.filter(pk=rows[1].pk).update(seq=3)

    found = proof.faults()
    assert [(one.wrong, one.event_id) for one in found] == [(Wrong.MOVED, rows[1].pk), (Wrong.MOVED, rows[2].pk)]


def test_a_row_moved_to_another_subject_is_named_there_and_missed_here() -> None:
    one, two = a_chain("one"), a_chain("two", 1)

    Event.objects.filter(pk=one[2].pk).update(subject_pk=two[0].subject_pk, seq=2)

    there = Fault(Wrong.CHANGED, one[2].pk, subject(two[0]), 2)
    assert proof.faults() == [there, gone(one[2])]


def test_a_fault_is_said_in_one_line() -> None:
    rows = a_chain()
    Event.objects.filter(pk=rows[1].pk).update(payload={"place": 99})
    Event.objects.filter(pk__in=[rows[3].pk]).delete()

    said = [str(one) for one in proof.faults()]

    assert said == [
        f"事件 {rows[1].pk}（{subject(rows[1])} 第 2 条）：写下以后被改过",
        f"事件（{subject(rows[3])} 第 4 条）：被删掉了",
    ]


def several_checkpoints() -> list[Anchor]:
    for code in ("one", "two", "three"):
        a_chain(code)
        anchors.keep_up()
    return list(Anchor.objects.order_by("seq"))


@pytest.mark.parametrize("values", [{"count": 4}, {"root": "0" * 64}, {"prints": ""}, {"absent": [[1, 2]]}])
def test_a_changed_checkpoint_is_named(values: dict[str, Any]) -> None:
    kept = several_checkpoints()

    Anchor.objects.filter(pk=kept[1].pk).update(**values)

    assert proof.faults() == [Fault(Wrong.ANCHOR_CHANGED, anchor=2)]


def test_a_changed_checkpoint_whose_digest_was_made_to_fit_is_named_by_its_follower() -> None:
    kept = several_checkpoints()

    kept[1].count = 4
    kept[1].digest = anchors.digest_of(kept[1])
    kept[1].save()

    assert Fault(Wrong.ANCHOR_CHANGED, anchor=2) in proof.faults()


def test_a_removed_checkpoint_is_named() -> None:
    kept = several_checkpoints()

    Anchor.objects.filter(pk=kept[1].pk).delete()

    assert proof.faults() == [Fault(Wrong.ANCHOR_REMOVED, anchor=2, to_seq=2)]


def test_checkpoints_cover_a_thousand_events_at_most_and_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "MOST_EVENTS", 2)
    rows = a_chain()

    assert anchors.keep_up() == 3
    assert anchors.keep_up() == 0

    kept = list(Anchor.objects.order_by("seq"))
    assert [row.count for row in kept] == [2, 2, 1]
    assert [row.last_event_id for row in kept] == [rows[1].pk, rows[3].pk, rows[4].pk]
    assert [row.first_event_id for row in kept][1:] == [rows[1].pk + 1, rows[3].pk + 1]
    assert [row.previous for row in kept] == ["", kept[0].digest, kept[1].digest]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_no_checkpoint_is_put_while_a_slow_transaction_may_still_bring_older_events() -> None:
    with transaction.atomic():
        a_chain("one")
    slow = connection.copy()
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute("LOCK TABLE kernel_event IN ROW EXCLUSIVE MODE")
        assert anchors.keep_up() == 0
        slow.rollback()
    finally:
        slow.close()

    assert anchors.keep_up() == 1


def test_pieces_hold_whole_chains_and_every_event_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "PIECE", 2)
    monkeypatch.setattr(anchors, "MOST_EVENTS", 2)
    rows = [row for code in ("one", "two", "three") for row in a_chain(code)]
    anchors.keep_up()
    told: list[tuple[int, int]] = []
    removed = rows[7].pk

    rows[7].delete()
    report = proof.verify(told=lambda done, about: told.append((done, about)))

    rows[7].pk = removed
    assert report.events == 14
    assert set(report.faults) == {gone(rows[7]), Fault(Wrong.REMOVED, removed, anchor=4)}
    assert told[-1] == (14, 14)


@pytest.mark.django_db(transaction=True)
def test_several_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        rows = [row for code in ("one", "two", "three") for row in a_chain(code)]
    monkeypatch.setattr(proof, "PIECE", 4)
    anchors.keep_up()
    Event.objects.filter(pk=rows[1].pk).update(payload={})
    Event.objects.filter(pk=rows[8].pk).delete()

    assert proof.verify(processes=2) == proof.verify(processes=1)
    assert len(proof.verify(processes=2).faults) == 3


def test_check_names_what_is_wrong_and_fails() -> None:
    rows = a_chain()
    anchors.keep_up()
    said, wrong = StringIO(), StringIO()
    call_command("check_portal", processes=1, stdout=said)
    Event.objects.filter(pk=rows[2].pk).update(payload={})

    with pytest.raises(CommandError, match="有 1 处不能自证"):
        call_command("check_portal", processes=1, stdout=StringIO(), stderr=wrong)

    assert "事件 5 条、检查点 1 个" in said.getvalue()
    assert Anchor.objects.get().digest in said.getvalue()
    assert wrong.getvalue().strip() == f"事件 {rows[2].pk}（{subject(rows[2])} 第 3 条）：写下以后被改过"


def _swap(rows: list[Event], at: int) -> None:
    """Not the first row: the database itself lets no other stand there."""
    first, second = rows[1 + at % (len(rows) - 1)], rows[1 + (at + 1) % (len(rows) - 1)]
    for row, seq in ((first, 99), (second, first.seq), (first, second.seq)):
        Event.objects.filter(pk=row.pk).update(seq=seq)


TAMPERINGS: dict[str, Callable[[list[Event], int], object]] = {
    "change": lambda rows, at: Event.objects.filter(pk=rows[at].pk).update(payload={"place": 99}),
    "rewrite": lambda rows, at: rewritten(rows[at], payload={"place": 99}),
    "remove": lambda rows, at: Event.objects.filter(pk=rows[at].pk).delete(),
    "swap": _swap,
    "replace": lambda rows, at: (rows[at].delete(), forged(rows[at], at + 1, previous=rows[at].previous or "")),
}


class AnyTampering(TestCase):
    """Whatever is done to whichever row of an anchored chain, a fault names a row or a place of that chain."""

    @how(max_examples=40, deadline=None)
    @given(some.sampled_from(sorted(TAMPERINGS)), some.integers(0, 5), some.integers(3, 6))
    def test_is_found(self, tampering: str, at: int, length: int) -> None:
        rows = a_chain(length=length)
        anchors.keep_up()
        assert proof.faults() == []
        chosen, ids = at % length, {row.pk for row in rows}

        TAMPERINGS[tampering](rows, chosen)

        found = proof.faults()
        assert found
        assert all(one.subject == subject(rows[0]) or one.event_id in ids or one.anchor for one in found)
