"""Clocks as rows: start, meet, stop, pause, resume, extend, and what the database itself refuses."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from portal.kernel import calendars
from portal.kernel.clock import SHANGHAI
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, ClockPause, Organisation
from portal.kernel.models.clock import ClockExtension
from tests.kernel.clocked import CHAPTER, WD_RULE, body, member

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


def test_a_clock_starts_with_the_rule_of_its_day() -> None:
    subject = body()
    clock = calendars.start(subject, "T-WD", on=MONDAY, unit=subject)
    assert (clock.due_on, clock.provisional, clock.regime) == (date(2026, 11, 23), False, "ORDER121")
    assert clock.due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=SHANGHAI)
    assert clock.calendar_version == calendars.packaged().version
    assert list(calendars.open_clocks(subject)) == [clock]
    older = calendars.start(subject, "T-CD", on=date(2026, 4, 14))
    assert (older.regime, older.measure, older.length) == ("ORDER20", "WD", 45)
    assert calendars.start(body("120102"), "T-CD", on=date(2026, 4, 15)).measure == "CD"


def test_a_moment_after_midnight_counts_as_the_new_day() -> None:
    at = datetime(2026, 11, 2, 16, 30, tzinfo=SHANGHAI)
    assert calendars.start(body(), "T-WD", at=at).started_on == MONDAY
    from_utc = datetime.fromisoformat("2026-11-02T16:30:00+00:00")
    assert calendars.start(body("120102"), "T-WD", at=from_utc).started_on == date(2026, 11, 3)


def test_no_version_for_a_day_is_loud() -> None:
    with pytest.raises(LookupError, match="T-WD"):
        calendars.start(body(), "T-WD", on=date(2026, 4, 14))
    assert Clock.objects.count() == 0


def test_two_versions_for_one_day_are_refused() -> None:
    calendars.register(CHAPTER, WD_RULE)
    with pytest.raises(ValueError, match="two versions"):
        calendars.register(CHAPTER, replace(WD_RULE, length=16))
    with pytest.raises(ValueError, match="two chapters"):
        calendars.register(replace(CHAPTER, place=1), WD_RULE)
    assert calendars.versions("T-WD") == (WD_RULE,)


def test_one_open_clock_per_subject_and_code() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        calendars.start(subject, "T-WD", on=MONDAY)
    calendars.stop(subject, "T-WD", on=date(2026, 11, 4), ended_as="returned")
    calendars.start(subject, "T-WD", on=date(2026, 11, 5))
    assert [clock.ended_as for clock in calendars.clocks_of(subject)] == ["returned", ""]


def test_meeting_late_stays_visible() -> None:
    subject = body()
    calendars.start(subject, "T-WD", on=MONDAY)
    assert not Clock.objects.overdue("T-WD", on=date(2026, 11, 23)).exists()
    late = Clock.objects.overdue("T-WD", on=date(2026, 11, 24)).of(Organisation)
    assert list(Organisation.objects.filter(pk__in=late.subjects())) == [subject]
    clock = calendars.meet(subject, "T-WD", on=date(2026, 11, 25))
    assert clock.is_overdue(date(2027, 1, 1))
    assert not late.all().exists()
    with pytest.raises(Clock.DoesNotExist):
        calendars.meet(subject, "T-WD", on=date(2026, 11, 25))


def test_a_pause_moves_the_date_by_its_days_and_holds_overdue_off() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=date(2026, 5, 6))
    clock = calendars.pause(subject, "T-CD", on=date(2026, 5, 20), reason="appraisal")
    assert (clock.due_on, clock.paused_on) == (date(2026, 7, 5), date(2026, 5, 20))
    assert not Clock.objects.overdue("T-CD", on=date(2026, 12, 1)).exists()
    clock = calendars.resume(subject, "T-CD", on=date(2026, 6, 19))
    assert (clock.due_on, clock.paused_on, clock.paused_days) == (date(2026, 8, 4), None, 30)
    assert clock.pauses.get().to_on == date(2026, 6, 19)


def test_a_pause_on_a_holiday_still_rolls_afterwards() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=date(2026, 8, 3))
    calendars.pause(subject, "T-CD", on=date(2026, 9, 1), reason="appraisal")
    assert calendars.resume(subject, "T-CD", on=date(2026, 9, 5)).due_on == date(2026, 10, 8)


def test_resuming_on_the_same_day_undoes_the_pause() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=MONDAY)
    calendars.pause(subject, "T-CD", on=MONDAY, reason="appraisal")
    clock = calendars.resume(subject, "T-CD", on=MONDAY)
    assert (clock.due_on, clock.paused_days, ClockPause.objects.count()) == (date(2027, 1, 2), 0, 0)


def test_meeting_a_paused_clock_closes_its_pause() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=date(2026, 5, 6))
    calendars.pause(subject, "T-CD", on=date(2026, 5, 20), reason="appraisal")
    clock = calendars.meet(subject, "T-CD", on=date(2026, 5, 30))
    assert (clock.met_on, clock.paused_on, clock.paused_days) == (date(2026, 5, 30), None, 10)


@pytest.mark.parametrize(
    ("reason", "on", "code"),
    [
        ("negotiation", date(2026, 11, 9), "clock_runs"),
        ("appraisal", date(2026, 11, 1), "pause_overlaps"),
        ("appraisal", date(2026, 11, 4), "pause_overlaps"),
    ],
)
def test_a_pause_is_refused(reason: str, on: date, code: str) -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=MONDAY)
    calendars.pause(subject, "T-CD", on=date(2026, 11, 3), reason="appraisal")
    before = calendars.resume(subject, "T-CD", on=date(2026, 11, 5))
    with pytest.raises(Refused) as refused:
        calendars.pause(subject, "T-CD", on=on, reason=reason)
    assert refused.value.code == code
    assert Clock.objects.get().due_on == before.due_on
    assert ClockPause.objects.count() == 1


def test_a_clock_is_not_paused_twice_nor_resumed_before() -> None:
    subject = body()
    calendars.start(subject, "T-CD", on=MONDAY)
    with pytest.raises(Refused, match="clock_not_paused"):
        calendars.resume(subject, "T-CD", on=MONDAY)
    calendars.pause(subject, "T-CD", on=date(2026, 11, 4), reason="appraisal")
    with pytest.raises(Refused, match="clock_paused"):
        calendars.pause(subject, "T-CD", on=date(2026, 11, 5), reason="appraisal")
    with pytest.raises(Refused, match="pause_ends_early"):
        calendars.resume(subject, "T-CD", on=date(2026, 11, 3))


def test_an_extension_needs_a_second_person_and_stays_in_the_rule() -> None:
    unit = body()
    asks, grants = member(unit, name="asks"), member(unit, name="grants")
    calendars.start(unit, "T-WD", on=date(2026, 9, 18))

    def extend(**changes: object) -> Clock:
        given = {"days": 15, "requested_by": asks, "approved_by": grants, "reason": "疑难", "on": date(2026, 10, 12)}
        return calendars.extend(unit, "T-WD", **{**given, **changes})  # type: ignore[arg-type]

    for changes, code in (
        ({"approved_by": asks}, "same_person"),
        ({"days": 16}, "extension_too_long"),
        ({"days": 0}, "extension_too_long"),
        ({"on": date(2026, 10, 16)}, "clock_overdue"),
    ):
        with pytest.raises(Refused, match=code):
            extend(**changes)
    assert ClockExtension.objects.count() == 0
    assert Clock.objects.get().due_on == date(2026, 10, 15)
    assert extend().due_on == calendars.add_working_days(date(2026, 9, 18), 30) == date(2026, 11, 5)
    with pytest.raises(Refused, match="extension_too_long"):
        extend(days=1)


def test_the_database_repeats_the_rules() -> None:
    unit = body()
    asks = member(unit)
    clock = calendars.start(unit, "T-CD", on=MONDAY)
    calendars.pause(unit, "T-CD", on=date(2026, 11, 9), reason="appraisal")
    for broken in (
        lambda: Clock.objects.update(due_on=date(2026, 11, 1)),
        lambda: Clock.objects.update(met_on=MONDAY),
        lambda: Clock.objects.update(paused_on=None, met_on=MONDAY, ended_as="void", ended_on=MONDAY),
        lambda: Clock.objects.update(paused_on=None, ended_as="void"),
        lambda: Clock.objects.update(paused_on=None, met_on=date(2026, 11, 1)),
        lambda: ClockPause.objects.update(to_on=date(2026, 11, 9)),
        lambda: ClockPause.objects.create(clock=clock, reason="appraisal", from_on=date(2026, 12, 1)),
        lambda: ClockExtension.objects.create(
            clock=clock, days=1, granted_on=MONDAY, requested_by=asks, approved_by=asks, reason="x"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
