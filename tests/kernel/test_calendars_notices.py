"""A notice arrives: open clocks move, closed ones stay, and the report says which and why."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.kernel import calendars, events, jobs
from portal.kernel.access import Role
from portal.kernel.calendars import notices
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, Event, Job, WorkdayNotice
from tests.kernel.clocked import body, fresh_calendar, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(fresh_calendar.__name__)]
OFF = [date(2027, 1, 1) + timedelta(days=number) for number in range(3)]
ON = [date(2026, 12, 27)]
LATE = date(2026, 12, 24)


def load(**changes: object) -> WorkdayNotice:
    given = {"year": 2027, "off": OFF, "on": ON, "source": "示例通知〔2026〕1号", "who": None}
    return calendars.load_notice(**{**given, **changes})  # type: ignore[arg-type]


def test_loading_a_notice_settles_open_clocks_and_tells_only_of_those_that_move() -> None:
    moves, stays, settled, closed = (body(code) for code in ("120101", "120102", "120103", "120104"))
    calendars.start(moves, "T-WD", on=LATE)
    calendars.start(stays, "T-WD", on=date(2026, 11, 2))
    calendars.start(settled, "T-CD", on=date(2026, 12, 1))
    calendars.start(closed, "T-WD", on=LATE)
    calendars.meet(closed, "T-WD", on=LATE)
    assert calendars.alarms(LATE).provisional == 2
    assert calendars.alarms(LATE).years_without_notice == (2027,)

    notice = load()
    jobs.drain()

    clock = calendars.open_clocks(moves).get()
    assert (clock.due_on, clock.provisional) == (date(2027, 1, 14), False)
    event = events.of(moves).get()
    assert (event.name, event.payload["old"], event.payload["new"]) == ("clock.moved", "2027-01-15", "2027-01-14")
    settled_clock = calendars.open_clocks(settled).get()
    assert (settled_clock.due_on, settled_clock.provisional) == (date(2027, 1, 30), False)
    assert [events.of(subject).count() for subject in (stays, settled, closed)] == [0, 0, 0]
    assert calendars.clocks_of(closed).get().due_on == date(2027, 1, 15)

    found = calendars.report(notice)
    assert (found.checked, found.is_finished) == (3, True)
    assert [(each.clock, each.old_due_on, each.new_due_on, each.was_provisional) for each in found.changes] == [
        (clock, date(2027, 1, 15), date(2027, 1, 14), True)
    ]
    assert calendars.alarms(LATE) == calendars.Alarms(0, (), 1, 0)


def test_recomputation_goes_in_batches_that_survive_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "BATCH", 2)
    subjects = [body(f"1201{number:02}") for number in range(5)]
    for subject in subjects:
        calendars.start(subject, "T-WD", on=LATE)
    notice = load()
    assert jobs.run_next()
    assert not calendars.report(notice).is_finished
    assert Clock.objects.filter(due_on=date(2027, 1, 14)).count() == 2
    jobs.drain()
    assert Clock.objects.filter(due_on=date(2027, 1, 14)).count() == 5
    assert (calendars.report(notice).checked, calendars.report(notice).is_finished) == (5, True)
    assert Event.objects.filter(name="clock.moved").count() == 5


def test_recomputing_again_changes_nothing() -> None:
    calendars.start(body(), "T-WD", on=LATE)
    notice = load()
    jobs.drain()
    before = (Clock.objects.values().get(), Event.objects.count())
    notices.recompute_batch(notice_id=notice.pk, after_id=0)
    notices.recompute([Clock.objects.get().pk], calendars.load(), notice)
    assert (Clock.objects.values().get(), Event.objects.count()) == before


def test_a_clock_whose_subject_is_gone_carries_its_own_event() -> None:
    subject = body()
    clock = calendars.start(subject, "T-WD", on=LATE)
    subject.delete()
    load()
    jobs.drain()
    clock.refresh_from_db()
    assert clock.due_on == date(2027, 1, 14)
    assert [event.name for event in events.of(clock)] == ["clock.moved"]


def test_a_correction_is_a_new_revision_and_moves_clocks_again() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=LATE)
    load()
    jobs.drain()
    again = load(on=[])
    jobs.drain()
    assert (again.revision, calendars.open_clocks(subject).get().due_on) == (2, date(2027, 1, 15))
    assert events.of(subject).count() == 2


def test_a_notice_loaded_meanwhile_takes_over() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=LATE)
    first = load(on=[])
    second = load()
    jobs.drain()
    assert calendars.report(first).is_finished
    assert [change.notice for change in calendars.report(second).changes] == [second]


def test_a_loaded_notice_overrides_the_packaged_one() -> None:
    packaged = next(each for each in calendars.workdays.packaged_notices() if each.year == 2026)
    load(year=2026, off=packaged.off | {date(2026, 11, 25)}, on=packaged.on)
    assert not calendars.is_working_day(date(2026, 11, 25))
    assert calendars.due("WD", 7, date(2026, 11, 23)).date == date(2026, 12, 3)


def test_a_finished_pause_is_kept_through_recomputation() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=date(2026, 12, 1))
    calendars.pause(subject, "T-WD", on=date(2026, 12, 4), reason="appraisal")
    calendars.resume(subject, "T-WD", on=date(2026, 12, 18))
    load()
    jobs.drain()
    clock = calendars.open_clocks(subject).get()
    assert (clock.paused_days, clock.due_on) == (10, date(2027, 1, 5))


def test_only_an_administrator_loads_a_notice() -> None:
    unit = body()
    with pytest.raises(Refused, match="forbidden"):
        load(who=member(unit, Role.OFFICER))
    assert load(who=member(unit, Role.ADMIN, name="admin")).loaded_by is not None
    assert Event.objects.get(name="workdays.loaded").actor is not None


@pytest.mark.parametrize(
    ("changes", "code", "names"),
    [
        ({"off": []}, "notice_dates", "一天也没有"),
        ({"off": [*OFF, date(2027, 3, 1), date(2028, 3, 1)]}, "notice_dates", "2028-03-01"),
        ({"on": [OFF[1]]}, "notice_dates", "2027-01-02"),
        ({"on": [date(2027, 1, 6)]}, "notice_dates", "2027-01-06"),
        ({"source": "  "}, "notice_source", "文号"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(changes: dict[str, object], code: str, names: str) -> None:
    with pytest.raises(Refused, match=code) as refused:
        load(**changes)
    assert names in str(refused.value.sentence)
    assert (WorkdayNotice.objects.count(), Job.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        {"off": [day.isoformat() for day in OFF], "on": ["2026-12-27"]},
        {
            "days": [
                *({"date": day.isoformat(), "isOffDay": True} for day in OFF),
                {"date": "2026-12-27", "isOffDay": False},
            ]
        },
    ],
)
def test_a_notice_is_loaded_at_the_console(tmp_path: Path, content: object) -> None:
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(content))
    call_command("load_notice", "2027", str(path), "--source", "示例通知", stdout=(said := StringIO()))
    notice = WorkdayNotice.objects.get()
    assert (notice.year, notice.on, notice.loaded_by) == (2027, ["2026-12-27"], None)
    assert said.getvalue() == "已载入 2027 年放假安排（第 1 版）：放假 3 天，调休上班 1 天。\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [("{}", "不是放假安排"), ('{"off": [], "on": []}', "一天也没有"), ("[", "第 1 行：不是完整的 JSON")],
)
def test_a_file_that_is_no_notice_is_one_sentence(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "2027.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=says):
        call_command("load_notice", "2027", str(path), "--source", "示例通知")
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("load_notice", "2027", str(tmp_path / "none.json"), "--source", "示例通知")
    assert WorkdayNotice.objects.count() == 0
