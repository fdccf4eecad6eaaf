"""Monthly tables: frozen, counted from facts alone, signed by a second person."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Membership, Organisation, User
from publicity.models import CaseFact, Release
from publicity.services import facts, releases

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


def staff(*roles: Role) -> User:
    unit, _ = Organisation.objects.get_or_create(code="city", defaults={"name": "市局", "short_name": "市局", "kind": "city"})
    user = User.objects.create(kind=User.Kind.STAFF, username=uuid4().hex, display_name="示例")
    for role in roles:
        Membership.objects.create(user=user, organisation=unit, role=role)
    return user


def some_facts(count: int, *, district: str = "120101", day: date = date(2026, 10, 9), **milestones: object) -> None:
    for _ in range(count):
        fact = facts.open_fact(
            kind="complaint",
            shop_id=None,
            bureau_id=None,
            district=district,
            problem="P01",
            object_class="",
            sale_mode="",
            channel="PORTAL",
            regime="ORDER121",
            received_on=day,
        )
        if milestones:
            facts.advance(fact_id=fact.pk, **milestones)


@time_machine.travel(NOW, tick=False)
def test_small_districts_are_hidden_with_a_second_one() -> None:
    some_facts(12, district="120101")
    some_facts(3, district="120102")
    some_facts(6, district="120103")
    some_facts(4, day=date(2026, 9, 30))

    made = releases.compute(month=OCTOBER, who=staff(Role.ANALYST))

    assert made.tables["by_district"] == {"120101": 12, "120102": None, "120103": None}
    assert made.tables["indicators"]["received"] == 21
    assert made.tables["trend"][-1] == ["2026-10-01", 21]
    assert made.tables["trend"][-2] == ["2026-09-01", None]


@time_machine.travel(NOW, tick=False)
def test_the_success_rate_leaves_out_withdrawn_and_self_settled() -> None:
    closed = {"closed_on": date(2026, 10, 20), "decided_on": date(2026, 10, 12), "was_accepted": True}
    some_facts(8, outcome=CaseFact.Outcome.SETTLED, recovered_fen=100_00, **closed)
    some_facts(6, outcome=CaseFact.Outcome.NOT_AGREED, **closed)
    some_facts(5, outcome=CaseFact.Outcome.SELF_SETTLED, **closed)
    some_facts(7, outcome=CaseFact.Outcome.WITHDRAWN, closed_on=date(2026, 10, 20))

    found = releases.compute(month=OCTOBER, who=staff(Role.ANALYST)).tables["indicators"]

    assert found["success"] == {"part": 8, "whole": 14, "few": ""}
    assert found["self_settled"] == 5
    assert found["closed"] == 26
    assert found["recovered_fen"] == 800_00


@time_machine.travel(NOW, tick=False)
def test_an_unfinished_month_is_not_frozen() -> None:
    with pytest.raises(Refused) as refusal:
        releases.compute(month=date(2026, 11, 1), who=staff(Role.ANALYST))
    assert (refusal.value.code, refusal.value.field) == ("month_unfinished", "month")
    assert Release.objects.count() == 0


@time_machine.travel(NOW, tick=False)
def test_the_maker_does_not_sign_and_a_change_after_freezing_is_noticed(client: Client) -> None:
    some_facts(9)
    maker = staff(Role.ANALYST, Role.STATISTICS_APPROVER)
    made = releases.compute(month=OCTOBER, who=maker)

    with pytest.raises(Refused) as refusal:
        releases.sign(release_id=made.pk, who=maker)
    assert refusal.value.code == "maker_is_approver"
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=made.pk).update(state="signed", signed_by=maker, signed_at=NOW)

    tables = {**made.tables, "reports_received": 99}
    Release.objects.filter(pk=made.pk).update(tables=tables)
    with pytest.raises(Refused) as changed:
        releases.sign(release_id=made.pk, who=staff(Role.STATISTICS_APPROVER))
    assert changed.value.code == "tables_changed"
    assert Release.objects.get().state == Release.State.DRAFT
    assert client.get("/statistics/2026-10/").status_code == 404


@time_machine.travel(NOW, tick=False)
def test_a_correction_is_a_new_edition_with_its_reason(client: Client) -> None:
    some_facts(9)
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    first = releases.sign(release_id=releases.compute(month=OCTOBER, who=analyst).pk, who=signer)
    some_facts(2)

    with pytest.raises(Refused) as refusal:
        releases.compute(month=OCTOBER, who=analyst)
    assert refusal.value.code == "note_needed"

    second = releases.compute(month=OCTOBER, who=analyst, note="补录两件")
    releases.sign(release_id=second.pk, who=signer)

    first.refresh_from_db()
    assert first.state == Release.State.SUPERSEDED
    page = client.get("/statistics/2026-10/")
    assert page.status_code == 200
    assert "补录两件" in page.content.decode()
    data = client.get("/statistics/2026-10/data.json").json()
    assert data["edition"] == 2
    assert data["sha256"] == releases.fingerprint(data["tables"])
    assert data["tables"]["indicators"]["received"] == 11
