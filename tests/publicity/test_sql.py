"""The database itself keeps the log and what was signed, whoever writes to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from portal.kernel import clock
from portal.kernel.access import Role
from publicity import sql
from publicity.models import LogLeaf, Release
from publicity.services import disclosures, releases
from publicity.services.release_tables import first_of, months_back
from tests.build import staff
from tests.build_register import a_public

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _triggers() -> None:
    with connection.cursor() as cursor:
        for statement in [*sql.undo(connection.vendor), *sql.statements(connection.vendor)]:
            cursor.execute(statement)


def forbidden(act: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return "never changes" in str(error)
    return False


def test_a_line_of_the_log_never_changes() -> None:
    a_public()
    leaves = LogLeaf.objects.filter(index=1)
    changes: tuple[dict[str, Any], ...] = (
        {"leaf_hash": "0"},
        {"head": "0"},
        {"previous": "0"},
        {"kind": "expired"},
        {"index": 9},
        {"salt": "x"},
        {"at": clock.now()},
    )
    for change in changes:
        assert forbidden(lambda change=change: leaves.update(**change)), change  # type: ignore[misc]


def test_its_salt_can_be_destroyed() -> None:
    row = a_public()
    disclosures.withdraw_consent(fact_id=row.fact_id)
    assert set(LogLeaf.objects.values_list("salt", flat=True)) == {""}


@time_machine.travel(datetime(2026, 11, 24, 10, 30, tzinfo=clock.SHANGHAI))
def test_a_signed_release_never_changes_but_can_be_superseded() -> None:
    month = months_back(first_of(clock.today()), 1)
    analyst, signer = staff(Role.ANALYST), staff(Role.STATISTICS_APPROVER)
    made = releases.compute(month=month, who=analyst)
    again = releases.compute(month=month, who=analyst)
    assert again.pk == made.pk, "a draft may change"
    releases.sign(release_id=made.pk, who=signer)
    rows = Release.objects.filter(pk=made.pk)

    changes: tuple[dict[str, Any], ...] = (
        {"tables": {}},
        {"sha256": "0"},
        {"note": "x"},
        {"edition": 7},
        {"state": "draft", "signed_by": None, "signed_at": None},
        {"signed_by": staff(Role.STATISTICS_APPROVER)},
    )
    for change in changes:
        assert forbidden(lambda change=change: rows.update(**change)), change  # type: ignore[misc]

    second = releases.compute(month=month, who=analyst, note="更正")
    releases.sign(release_id=second.pk, who=signer)
    assert rows.get().state == Release.State.SUPERSEDED
