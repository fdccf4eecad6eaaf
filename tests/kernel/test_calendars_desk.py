"""What a chip says, and the desk's list by urgency."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from portal.kernel import calendars
from portal.kernel.access import Role
from portal.kernel.calendars import Presented, Urgency, desk
from portal.kernel.models import Organisation, User
from tests.kernel.clocked import LABEL, body, fresh_calendar, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(fresh_calendar.__name__)]
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_presenters", {})

    def present(pks: list[int]) -> dict[int, Presented]:
        found = Organisation.objects.filter(pk__in=pks).exclude(code="hidden")
        return {row.pk: Presented(row.name, f"/desk/{row.public_id}", row.code, "待受理决定") for row in found}

    calendars.presents(LABEL, present, Role.OFFICER)


def queue(who: User, on: date) -> list[tuple[Urgency, str]]:
    rows = calendars.waiting(who, on)
    shown = calendars.presented(row.clock for row in rows)
    keys = [(row.urgency, (row.clock.subject_label, row.clock.subject_pk)) for row in rows]
    return [(urgency, shown[key].gist) for urgency, key in keys if key in shown]


@pytest.mark.parametrize(
    ("code", "started", "on", "shown"),
    [
        ("T-WD", date(2026, 11, 23), TODAY, (6, 14, "ok", "剩 14 个工作日")),
        ("T-WD", date(2026, 11, 6), TODAY, (80, 3, "near", "剩 3 个工作日")),
        ("T-WD", date(2026, 11, 4), TODAY, (93, 1, "warn", "剩 1 个工作日")),
        ("T-WD", date(2026, 11, 3), TODAY, (100, 0, "warn", "今天到期")),
        ("T-WD", date(2026, 11, 2), TODAY, (100, -1, "bad", "逾期 1 个工作日")),
        ("T-WD", date(2026, 10, 30), date(2026, 11, 21), (100, 0, "bad", "逾期不足 1 个工作日")),
        ("T-CD", date(2026, 11, 23), TODAY, (1, 59, "ok", "剩 59 天")),
        ("T-CD", date(2026, 9, 26), TODAY, (98, 1, "warn", "剩 1 天")),
        ("T-CD", date(2026, 9, 20), TODAY, (100, -5, "bad", "逾期 5 天")),
    ],
)
def test_progress(code: str, started: date, on: date, shown: tuple[int, int, str, str]) -> None:
    subject = body()
    calendars.start(subject, code, on=started)
    found = calendars.progress(calendars.open_clocks(subject).get(), on)
    assert (found.percent, found.remaining, found.state, found.words) == shown


def test_a_paused_clock_stands_still_and_a_met_one_owes_nothing() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=date(2026, 9, 1))
    clock = calendars.pause(subject, "T-CD", on=date(2026, 10, 3), reason="appraisal")
    for on in (date(2026, 10, 4), TODAY):
        found = calendars.progress(clock, on)
        assert (found.percent, found.state, found.words) == (53, "paused", "第 32 天，已暂停")
    clock = calendars.resume(subject, "T-CD", on=date(2026, 11, 4))
    assert calendars.progress(clock, date(2026, 11, 4)).percent == 53
    clock = calendars.meet(subject, "T-CD", on=date(2026, 11, 10))
    assert (calendars.progress(clock, TODAY).state, calendars.progress(clock, TODAY).words) == ("met", "已按期办结")


def test_a_clock_met_late_or_stopped_says_so() -> None:
    late, stopped = body("120101"), body("120102")
    calendars.start(late, "T-WD", on=date(2026, 11, 2))
    calendars.start(stopped, "T-WD", on=date(2026, 11, 2))
    assert calendars.progress(calendars.meet(late, "T-WD", on=TODAY), TODAY).words == "已办结，逾期"
    assert calendars.progress(calendars.stop(stopped, "T-WD", on=TODAY), TODAY).words == "已停止计算"


def test_the_queue_is_by_urgency_then_by_day() -> None:
    unit = body()
    starts = {
        "over": date(2026, 10, 30),
        "over2": date(2026, 11, 2),
        "today": date(2026, 11, 3),
        "next": date(2026, 11, 4),
        "near": date(2026, 11, 6),
        "half": date(2026, 11, 12),
        "rest": date(2026, 11, 23),
        "hidden": date(2026, 11, 2),
    }
    for code, started in reversed(starts.items()):
        calendars.start(body(code), "T-WD", on=started, unit=unit)
    assert queue(member(unit, Role.OFFICER), TODAY) == [
        (Urgency.OVERDUE, "over"),
        (Urgency.OVERDUE, "over2"),
        (Urgency.TODAY, "today"),
        (Urgency.NEXT, "next"),
        (Urgency.NEAR, "near"),
        (Urgency.HALF, "half"),
        (Urgency.REST, "rest"),
    ]
    titles = ["已逾期", "今天到期", "明天到期", "已过八成", "已过一半", "其余"]
    assert [calendars.title_of_urgency(urgency, TODAY) for urgency in Urgency] == titles


def test_before_a_day_off_the_next_working_day_is_what_counts() -> None:
    unit = body()
    calendars.start(body("monday"), "T-WD", on=date(2026, 11, 9), unit=unit)
    calendars.start(body("sunday"), "T-CD", on=date(2026, 9, 30), unit=unit)
    friday = date(2026, 11, 27)
    assert queue(member(unit, Role.OFFICER), friday) == [(Urgency.NEXT, "sunday"), (Urgency.NEXT, "monday")]
    assert calendars.title_of_urgency(Urgency.NEXT, friday) == "下个工作日前到期"


def test_a_clock_is_seen_only_by_the_named_roles_of_its_own_body() -> None:
    unit, other = body(), body("120102")
    calendars.start(body("case"), "T-WD", on=date(2026, 11, 2), unit=unit)
    assert len(calendars.waiting(member(unit, Role.OFFICER), TODAY)) == 1
    assert calendars.waiting(member(unit, Role.MEDIATOR, name="other-role"), TODAY) == []
    both = member(other, Role.OFFICER, name="other-body")
    assert calendars.waiting(both, TODAY) == []
    officer = member(unit, Role.OFFICER, name="narrowed")
    assert calendars.waiting(officer, TODAY, unit_ids=[other.pk]) == []
    with pytest.raises(ValueError, match="nobody may see"):
        calendars.presents(LABEL, lambda pks: {})


def test_due_days_are_counted_without_paused_clocks() -> None:
    unit = body()
    for code in ("one", "two", "three"):
        calendars.start(body(code), "T-CD", on=date(2026, 10, 1), unit=unit)
    calendars.pause(Organisation.objects.get(code="three"), "T-CD", on=date(2026, 10, 12), reason="appraisal")
    rows = calendars.waiting(member(unit, Role.OFFICER))
    assert calendars.due_counts(rows) == {date(2026, 11, 30): 2}


def test_the_queue_asks_the_database_a_fixed_number_of_times(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    unit = body()
    for number in range(12):
        calendars.start(body(f"case{number}"), "T-WD", on=date(2026, 11, 2), unit=unit)
    officer = member(unit, Role.OFFICER)
    assert officer.roles
    calendars.current()
    with django_assert_num_queries(2):
        assert len(queue(officer, TODAY)) == 12
