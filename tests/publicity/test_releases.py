"""Monthly tables: frozen, counted from facts alone, signed by a second person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from portal.kernel import calendars, events
from portal.kernel.access import Role
from portal.kernel.calendars import workdays
from portal.kernel.errors import Refused
from portal.kernel.models import Event
from publicity.models import Release
from publicity.services import releases
from tests.build import a_citizen, a_unit, staff
from tests.build_register import a_fact, without_triggers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def some(count: int, **changes: Any) -> None:
    for _ in range(count):
        a_fact(**({"received_on": date(2026, 10, 9)} | changes))


def refused(act: Any, **arguments: Any) -> Refused:
    before = (Event.objects.count(), list(Release.objects.order_by("pk").values_list("pk", "state", "sha256")))
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    assert (Event.objects.count(), list(Release.objects.order_by("pk").values_list("pk", "state", "sha256"))) == before
    return refusal.value


def test_an_unfinished_month_is_not_frozen() -> None:
    for month in (date(2026, 11, 1), date(2026, 12, 1)):
        refusal = refused(releases.compute, month=month, who=staff(Role.ANALYST))
        assert (refusal.code, refusal.field) == ("month_unfinished", "month")


def test_a_month_is_frozen_from_its_last_midnight_on() -> None:
    with time_machine.travel(datetime(2026, 10, 31, 15, 59, tzinfo=UTC), tick=False):
        assert refused(releases.compute, month=OCTOBER, who=staff(Role.ANALYST)).code == "month_unfinished"
    with time_machine.travel(datetime(2026, 10, 31, 16, 0, tzinfo=UTC), tick=False):
        assert releases.compute(month=OCTOBER, who=staff(Role.ANALYST)).month == OCTOBER


def test_a_month_whose_holidays_nobody_announced_is_not_frozen() -> None:
    with time_machine.travel(datetime(2027, 2, 3, 4, tzinfo=UTC), tick=False):
        refusal = refused(releases.compute, month=date(2027, 1, 1), who=staff(Role.ANALYST))
    assert (refusal.code, refusal.field) == ("calendar_unknown", "month")


def test_while_last_days_are_on_the_move_nothing_is_frozen() -> None:
    calendars.start(a_unit(), "D41", on=date(2026, 11, 20))
    calendars.load_notice(2027, [date(2027, 1, 1)], [], "示例通知〔2026〕1号", None)
    workdays.forget()
    assert refused(releases.compute, month=OCTOBER, who=staff(Role.ANALYST)).code == "clocks_moving"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ANALYST])
def test_only_an_analyst_freezes(role: Role) -> None:
    assert refused(releases.compute, month=OCTOBER, who=staff(role)).code == "forbidden"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.STATISTICS_APPROVER])
def test_only_a_signer_signs(role: Role) -> None:
    made = releases.compute(month=OCTOBER, who=staff(Role.ANALYST))
    assert refused(releases.sign, release_id=made.pk, who=staff(role)).code == "forbidden"
    assert refused(releases.sign, release_id=made.pk, who=a_citizen()).code == "forbidden"


def test_the_maker_does_not_sign_and_a_change_after_freezing_is_noticed(client: Client) -> None:
    some(9)
    maker = staff(Role.ANALYST, None, Role.STATISTICS_APPROVER)
    made = releases.compute(month=OCTOBER, who=maker)

    assert refused(releases.sign, release_id=made.pk, who=maker).code == "maker_is_approver"
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=made.pk).update(state="signed", signed_by=maker, signed_at=NOW)

    Release.objects.filter(pk=made.pk).update(tables={**made.tables, "reports_received": 99})
    assert refused(releases.sign, release_id=made.pk, who=staff(Role.STATISTICS_APPROVER)).code == "tables_changed"
    assert Release.objects.get().state == Release.State.DRAFT
    for address in ("", "data.json", "data.csv", "?edition=1"):
        assert client.get(f"/statistics/2026-10/{address}").status_code == 404


def test_a_draft_can_be_frozen_again_and_the_signer_signs_what_they_saw() -> None:
    some(9)
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    first = releases.compute(month=OCTOBER, who=analyst)
    seen = first.sha256
    some(2)
    second = releases.compute(month=OCTOBER, who=analyst)

    assert (second.pk, second.edition, Release.objects.count()) == (first.pk, 1, 1)
    assert second.tables["indicators"]["received"] == 11
    assert refused(releases.sign, release_id=first.pk, who=signer, sha256=seen).code == "stale"
    signed = releases.sign(release_id=first.pk, who=signer, sha256=second.sha256)
    assert signed.state == Release.State.SIGNED
    assert [event.name for event in events.of(signed)] == ["release.computed", "release.computed", "release.signed"]
    assert refused(releases.sign, release_id=first.pk, who=signer).code == "already_signed"


def test_a_correction_is_a_new_edition_with_its_reason(client: Client) -> None:
    some(9)
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    first = releases.sign(release_id=releases.compute(month=OCTOBER, who=analyst).pk, who=signer)
    some(2)

    refusal = refused(releases.compute, month=OCTOBER, who=analyst)
    assert (refusal.code, refusal.field) == ("note_needed", "note")

    second = releases.compute(month=OCTOBER, who=analyst, note="补录两件")
    assert refused(releases.compute, month=OCTOBER, who=analyst).code == "note_needed"
    releases.sign(release_id=second.pk, who=signer)

    first.refresh_from_db()
    assert first.state == Release.State.SUPERSEDED
    page = client.get("/statistics/2026-10/").content.decode()
    assert "更正原因：补录两件" in page
    assert "第 2026-10 期，第 2 版" in page
    data = client.get("/statistics/2026-10/data.json").json()
    assert (data["edition"], data["state"]) == (2, "signed")
    assert data["sha256"] == releases.fingerprint(data["tables"])
    assert data["tables"]["indicators"]["received"] == 11

    old = client.get("/statistics/2026-10/?edition=1").content.decode()
    assert "这一版已经被更正" in old
    earlier = client.get("/statistics/2026-10/data.json?edition=1").json()
    assert (earlier["state"], earlier["tables"]["indicators"]["received"]) == ("superseded", 9)
    assert earlier["sha256"] == releases.fingerprint(earlier["tables"])


def test_what_is_signed_stays_as_facts_move_on() -> None:
    some(9)
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    made = releases.sign(release_id=releases.compute(month=OCTOBER, who=analyst).pk, who=signer)
    before = made.tables
    some(20)
    assert Release.objects.get(pk=made.pk).tables == before
    assert list(releases.broken_releases()) == []


def test_a_changed_release_is_found() -> None:
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    made = releases.sign(release_id=releases.compute(month=OCTOBER, who=analyst).pk, who=signer)
    tables = {**made.tables, "reports_received": 99}
    without_triggers()
    Release.objects.filter(pk=made.pk).update(tables=tables)
    assert list(releases.broken_releases()) == ["2026-10 v1: differs from what was signed"]
    Release.objects.filter(pk=made.pk).update(tables=tables, sha256=releases.fingerprint(tables))
    assert list(releases.broken_releases()) == ["2026-10 v1: differs from what was signed"]


@pytest.mark.parametrize(
    "change", [{"signed_by": None}, {"signed_at": None}, {"state": "draft"}, {"edition": 1, "month": OCTOBER}]
)
def test_the_database_knows_what_signed_means(change: dict[str, Any]) -> None:
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    made = releases.sign(release_id=releases.compute(month=OCTOBER, who=analyst).pk, who=signer)
    if "edition" in change:
        made = releases.compute(month=date(2026, 9, 1), who=analyst)
    without_triggers()
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=made.pk).update(**change)


def test_the_database_keeps_one_release_in_force_per_month() -> None:
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    releases.sign(release_id=releases.compute(month=OCTOBER, who=analyst).pk, who=signer)
    second = releases.compute(month=OCTOBER, who=analyst, note="更正")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=second.pk).update(state="signed", signed_by=signer, signed_at=NOW)
