"""Work that failed too often waits for an administrator, who owes it again or discards it, and both stay on record."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from portal.kernel import events, jobs
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.jobs import given_up
from portal.kernel.models import Job, User
from portal.kernel.rail import rail_of
from tests import build
from tests.build_desk import at_desk

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
broken = {"is": True}
done: list[str] = []


@jobs.job("test_brittle")
def brittle(*, word: str) -> None:
    if broken["is"]:
        raise OSError("林示例 13800000000")
    done.append(word)


@jobs.job("test_brittle_too")
def brittle_too(*, word: str) -> None:
    brittle(word=word)


@pytest.fixture(autouse=True)
def _broken() -> None:
    broken["is"] = True
    done.clear()


def a_job_given_up(word: str = "one", name: str = "test_brittle", key: str = "") -> Job:
    row = jobs.owe(name, key=key, word=word)
    assert row is not None
    for attempt in range(jobs.MOST_ATTEMPTS):
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=2 * (attempt + 1)), tick=False):
            jobs.drain()
    row.refresh_from_db()
    assert row.given_up_at is not None
    return row


@pytest.fixture
def admin() -> User:
    return build.staff(Role.ADMIN)


def test_a_job_that_is_owed_again_starts_from_its_first_attempt(admin: User) -> None:
    row = a_job_given_up()
    broken["is"] = False

    given_up.retry(public_id=row.public_id, who=admin)
    jobs.drain()

    row.refresh_from_db()
    assert done == ["one"]
    assert (row.attempts, row.given_up_at, row.done_at is not None) == (0, None, True)
    assert [(event.name, event.actor) for event in events.of(row)] == [("job.retried", admin)]
    assert given_up.given_up().count() == 0


def test_all_of_one_kind_are_owed_again_and_no_other(admin: User) -> None:
    rows = [a_job_given_up("one"), a_job_given_up("two")]
    other = a_job_given_up("three", "test_brittle_too")
    broken["is"] = False

    assert given_up.retry_all(name="test_brittle", who=admin) == 2
    jobs.drain()

    assert sorted(done) == ["one", "two"]
    assert [[event.name for event in events.of(row)] for row in (*rows, other)] == [
        ["job.retried"],
        ["job.retried"],
        [],
    ]
    assert list(given_up.given_up()) == [other]


def test_work_that_is_owed_by_now_is_not_owed_twice(admin: User) -> None:
    row = a_job_given_up(key="same")
    jobs.owe("test_brittle", key="same", word="again")

    with pytest.raises(Refused) as refused:
        given_up.retry(public_id=row.public_id, who=admin)

    assert refused.value.code == "owed_again"
    assert given_up.retry_all(name="test_brittle", who=admin) == 0
    row.refresh_from_db()
    assert row.given_up_at is not None
    assert events.of(row).count() == 0


def test_a_discarded_job_is_not_done_and_keeps_its_reason(admin: User) -> None:
    row = a_job_given_up()
    broken["is"] = False

    given_up.discard(public_id=row.public_id, reason="done_by_hand", who=admin)
    jobs.drain()

    row.refresh_from_db()
    assert done == []
    assert (row.discarded_as, row.done_at) == ("done_by_hand", None)
    event = events.of(row).get()
    assert (event.name, event.actor, event.payload) == ("job.discarded", admin, {"reason": "done_by_hand"})
    with pytest.raises(Refused):
        given_up.retry(public_id=row.public_id, who=admin)


def test_a_reason_that_is_not_on_the_list_discards_nothing(admin: User) -> None:
    row = a_job_given_up()

    with pytest.raises(Refused) as refused:
        given_up.discard(public_id=row.public_id, reason="林示例不要了", who=admin)

    assert (refused.value.code, refused.value.field) == ("reason", "reason")
    assert events.of(row).count() == 0
    assert list(given_up.given_up()) == [row]


def test_the_database_discards_only_what_was_given_up() -> None:
    row = jobs.owe("test_brittle", word="open")
    assert row is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=row.pk).update(discarded_at=NOON, discarded_as="done_by_hand")

    assert Job.objects.get(pk=row.pk).discarded_at is None


def test_nobody_else_sees_or_moves_it() -> None:
    row = a_job_given_up()
    for role in set(Role) - {Role.ADMIN}:
        who = build.staff(role)
        for act in (
            lambda who=who: given_up.page_of(who=who),
            lambda who=who: given_up.retry(public_id=row.public_id, who=who),
            lambda who=who: given_up.retry_all(name=row.name, who=who),
            lambda who=who: given_up.discard(public_id=row.public_id, reason="done_by_hand", who=who),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "forbidden"
    row.refresh_from_db()
    assert (row.given_up_at is not None, row.discarded_at) == (True, None)


def test_the_page_shows_what_failed_without_a_word_of_it_and_owes_it_again(admin: User) -> None:
    row = a_job_given_up()
    desk = at_desk(admin)

    page = desk.get("/desk/jobs/").content.decode()
    assert "1 条后台作业没办成，等您处理" in page
    assert "OSError" in page
    assert "林示例" not in page
    assert "失败 8 次" in page
    broken["is"] = False
    answer = desk.post(f"/desk/jobs/{row.public_id}/retry/", follow=True)
    assert "已重新排上" in answer.content.decode()
    jobs.drain()

    assert done == ["one"]
    assert "后台作业都办成了" in desk.get("/desk/jobs/").content.decode()


def test_the_page_asks_for_the_reason_before_it_discards(admin: User) -> None:
    row = a_job_given_up()
    desk = at_desk(admin)

    without = desk.post(f"/desk/jobs/{row.public_id}/discard/", {"reason": ""})
    assert without.status_code == 422
    assert "请选不再办的原因" in without.content.decode()
    assert list(given_up.given_up()) == [row]
    desk.post(f"/desk/jobs/{row.public_id}/discard/", {"reason": "no_longer_needed"})

    assert list(given_up.given_up()) == []


def test_all_of_a_kind_are_owed_again_from_the_page(admin: User) -> None:
    a_job_given_up("one")
    a_job_given_up("two")
    broken["is"] = False

    answer = at_desk(admin).post("/desk/jobs/retry/", {"name": "test_brittle"}, follow=True)
    jobs.drain()

    assert "已重新排上 2 条" in answer.content.decode()
    assert sorted(done) == ["one", "two"]


def test_the_rail_and_health_count_what_waits(admin: User) -> None:
    a_job_given_up()

    counts = {str(entry.title): entry.count for group in rail_of(admin) for entry in group.entries}
    assert counts["后台作业"] == 1
    assert Client().get("/health").json()["parts"]["jobs"]["given_up"] == 1


def test_the_pages_meet_every_job_once(admin: User) -> None:
    rows = [a_job_given_up(str(number)) for number in range(5)]

    first = given_up.page_of(who=admin, size=3)
    rest = given_up.page_of(who=admin, size=3, after=first.next_after)

    assert {row.pk for row in (*first.rows, *rest.rows)} == {row.pk for row in rows}
    assert (len(first.rows), len(rest.rows), rest.next_after, first.count) == (3, 2, "", 5)
