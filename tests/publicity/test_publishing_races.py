"""Two people at one record at the same moment, on two connections: one of them acts, and the log has no gap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from portal.kernel import clock, events, jobs
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Counter
from publicity.models import CaseFact, Disclosure, LogLeaf, Release
from publicity.selectors import register
from publicity.selectors.register import Filter
from publicity.services import disclosures, facts, releases, transparency
from publicity.services.release_tables import first_of, months_back
from tests.build import a_citizen, staff
from tests.build_register import a_closed_fact, a_passed, a_proposal, a_public, settle

pytestmark = pytest.mark.django_db(transaction=True)
State = Disclosure.State
A_TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=clock.SHANGHAI)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act answered, or the code of its refusal; all begin at once."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=20)
            return act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_second_reviewers_publish_once() -> None:
    row = a_passed()
    people = [staff(Role.DISCLOSER) for _ in range(3)]

    def publish(who: Any) -> Callable[[], str]:
        return lambda: disclosures.publish(disclosure_id=row.pk, who=who, version=row.version).state

    answers = together(*(publish(who) for who in people))

    assert sorted(answers) == [State.PUBLISHED, "stale", "stale"]
    assert LogLeaf.objects.count() == 1
    assert [event.name for event in events.of(row)].count("disclosure.published") == 1


def test_publishing_and_sending_back_do_one_of_the_two() -> None:
    row = a_passed()
    first, second = staff(Role.DISCLOSER), staff(Role.DISCLOSER)

    answers = together(
        lambda: disclosures.publish(disclosure_id=row.pk, who=first, version=row.version).state,
        lambda: disclosures.send_back(disclosure_id=row.pk, who=second, version=row.version, reason="写得太细").state,
    )

    row.refresh_from_db()
    assert sorted(answers) in (sorted([State.PUBLISHED, "stale"]), sorted([State.FIRST_REVIEW, "stale"]))
    assert row.state in answers
    assert LogLeaf.objects.count() == (1 if row.state == State.PUBLISHED else 0)


def test_a_consent_withdrawn_while_it_is_published_leaves_nothing_public() -> None:
    rows = [a_passed() for _ in range(3)]
    who = staff(Role.DISCLOSER)
    for row in rows:
        together(
            lambda row=row: disclosures.publish(disclosure_id=row.pk, who=who, version=row.version).state,  # type: ignore[misc]
            lambda row=row: facts.advance(fact_id=row.fact_id, agrees_to_disclosure=False).pk,  # type: ignore[misc]
        )
    settle()

    assert set(Disclosure.objects.values_list("state", flat=True)) <= {State.REMOVED, State.NOT_DISCLOSED}
    assert register.find(who=a_citizen(), wanted=Filter()).total == 0
    assert not LogLeaf.objects.exclude(salt="").exists()
    assert list(transparency.broken_log()) == []


def test_records_published_together_take_places_without_a_gap() -> None:
    rows = [a_passed() for _ in range(4)]
    who = staff(Role.DISCLOSER)

    def publish(row: Disclosure) -> Callable[[], str]:
        return lambda: disclosures.publish(disclosure_id=row.pk, who=who, version=row.version).state

    assert set(together(*(publish(row) for row in rows))) == {State.PUBLISHED}
    assert list(LogLeaf.objects.order_by("index").values_list("index", flat=True)) == [1, 2, 3, 4]
    assert Counter.objects.get(series="transparency.log").last == 4
    assert list(transparency.broken_log()) == []


def test_a_fact_proposed_twice_at_once_is_proposed_once() -> None:
    fact: CaseFact = a_closed_fact()
    made = together(*(lambda: a_proposal(fact=fact).pk for _ in range(2)))
    assert len(set(made)) == 1
    assert Disclosure.objects.count() == 1


def test_index_jobs_side_by_side_leave_what_the_database_says() -> None:
    row = a_public()
    disclosures.remove(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version, reason="身份有误")
    together(*(jobs.drain for _ in range(3)))
    settle()
    assert register.find(who=a_citizen(), wanted=Filter()).total == 0


@time_machine.travel(A_TUESDAY)
def test_two_signers_sign_once() -> None:
    made = releases.compute(month=last_month(), who=staff(Role.ANALYST))
    people = [staff(Role.STATISTICS_APPROVER) for _ in range(2)]

    def sign(who: Any) -> Callable[[], str]:
        return lambda: releases.sign(release_id=made.pk, who=who, sha256=made.sha256).state

    assert sorted(together(*(sign(who) for who in people))) == ["already_signed", "signed"]
    assert events.of(made).filter(name="release.signed").count() == 1


@time_machine.travel(A_TUESDAY)
def test_two_analysts_freeze_one_draft() -> None:
    month = last_month()
    people = [staff(Role.ANALYST) for _ in range(2)]

    def freeze(who: Any) -> Callable[[], Any]:
        return lambda: releases.compute(month=month, who=who).edition

    answers = together(*(freeze(who) for who in people))
    assert set(answers) <= {1, "draft_exists"}
    assert 1 in answers
    assert Release.objects.count() == 1


def last_month() -> date:
    return months_back(first_of(clock.today()), 1)
