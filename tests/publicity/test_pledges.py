"""诚信经营承诺店: two pairs of eyes, one gap-free number, a badge that is true at this minute."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from portal.kernel import clock, events, jobs
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Counter, Event, Job, Notice, OutgoingMessage
from publicity.models import Pledge, Shop
from publicity.rules import months_after
from publicity.selectors import badges
from publicity.selectors import pledges as selectors
from publicity.services import pledges
from tests import build
from tests.build_publicity import (
    COMMITMENTS,
    a_checked_pledge,
    a_listed_pledge,
    a_scheme_approver,
    a_scheme_officer,
    an_application,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00")


def names(pledge: Pledge) -> list[str]:
    return [event.name for event in events.of(pledge)]


@time_machine.travel(NOON, tick=False)
def test_a_shop_gets_its_plate_after_two_people_have_looked() -> None:
    shop = build.a_shop(trade="catering")
    merchant, officer, approver = build.a_merchant(shop), a_scheme_officer(), a_scheme_approver()

    pledge = pledges.apply(shop_id=shop.pk, scheme="honest", commitments=COMMITMENTS, who=merchant)
    pledge = pledges.check(pledge_id=pledge.pk, who=officer, version=pledge.version)
    pledge = pledges.approve(pledge_id=pledge.pk, who=approver, version=pledge.version)

    assert (pledge.state, pledge.serial) == (Pledge.State.ACTIVE, "CX-2026-0001")
    assert (pledge.checked_by, pledge.approved_by) == (officer, approver)
    assert (pledge.valid_from, pledge.valid_until) == (date(2026, 11, 24), date(2029, 11, 23))
    assert names(pledge) == ["pledge.applied", "pledge.checked", "pledge.approved"]
    assert [notice.name for notice in Notice.objects.filter(user=merchant).order_by("pk")] == [
        "pledge.received",
        "pledge.approved",
    ]
    assert OutgoingMessage.objects.count() == 1
    assert badges.badge_of(shop) == badges.Badge(
        scheme="honest",
        serial="CX-2026-0001",
        state=badges.BadgeState.ACTIVE,
        valid_from=date(2026, 11, 24),
        valid_until=date(2029, 11, 23),
        since=date(2026, 11, 24),
        reason="",
        commitments=("线下购买三十天内无理由退货，商品完好", "价格当场标清，结账不加价", "接到投诉两个工作日内答复"),
    )


@time_machine.travel(NOON, tick=False)
def test_plate_numbers_have_no_gaps_and_begin_anew_each_year() -> None:
    assert a_listed_pledge().serial == "CX-2026-0001"
    waiting = a_checked_pledge()
    with transaction.atomic():
        pledges.approve(pledge_id=waiting.pk, who=a_scheme_approver(), version=waiting.version)
        transaction.set_rollback(True)
    assert a_listed_pledge().serial == "CX-2026-0002"

    with time_machine.travel(at("2027-01-04"), tick=False):
        assert a_listed_pledge().serial == "CX-2027-0001"


def test_who_checked_does_not_approve() -> None:
    both = build.staff(Role.SCHEME_OFFICER, None, Role.SCHEME_APPROVER)
    pledge = a_checked_pledge(officer=both)

    with pytest.raises(Refused) as refusal:
        pledges.approve(pledge_id=pledge.pk, who=both, version=pledge.version)

    assert (refusal.value.code, refusal.value.status) == ("same_person", 403)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.serial, names(pledge)[-1]) == (Pledge.State.CHECKED, "", "pledge.checked")
    assert not Counter.objects.filter(series__startswith="plate.").exists()
    assert list(selectors.waiting(both)) == []


@pytest.mark.parametrize("act", ["check", "approve", "restore", "delist", "refuse", "suspend"])
def test_only_the_scheme_office_moves_a_pledge(act: str) -> None:
    pledge = {
        "check": an_application,
        "approve": a_checked_pledge,
        "refuse": an_application,
        "restore": a_listed_pledge,
        "delist": a_listed_pledge,
        "suspend": a_listed_pledge,
    }[act]()
    before = (pledge.state, names(pledge))
    more = {"reason": "示例原因"} if act in ("refuse", "suspend", "delist") else {}

    for who in (build.staff(Role.OFFICER), build.staff(Role.ADMIN), build.a_merchant(pledge.shop), build.a_citizen()):
        with pytest.raises(Refused) as refusal:
            getattr(pledges, act)(pledge_id=pledge.pk, who=who, version=pledge.version, **more)
        assert refusal.value.status == 403

    pledge.refresh_from_db()
    assert (pledge.state, names(pledge)) == before


@pytest.mark.parametrize("act", ["approve", "restore", "delist"])
def test_what_is_grave_takes_the_approver(act: str) -> None:
    pledge = {"approve": a_checked_pledge, "restore": a_listed_pledge, "delist": a_listed_pledge}[act]()
    more = {"reason": "示例原因"} if act == "delist" else {}

    with pytest.raises(Refused) as refusal:
        getattr(pledges, act)(pledge_id=pledge.pk, who=a_scheme_officer(), version=pledge.version, **more)

    assert refusal.value.status == 403


def test_the_second_of_two_people_at_one_application_is_told() -> None:
    pledge = an_application()
    pledges.check(pledge_id=pledge.pk, who=a_scheme_officer(), version=1)

    with pytest.raises(Refused) as stale:
        pledges.check(pledge_id=pledge.pk, who=a_scheme_officer(), version=1)
    with pytest.raises(Refused) as late:
        pledges.check(pledge_id=pledge.pk, who=a_scheme_officer(), version=2)

    assert (stale.value.code, late.value.code) == ("stale", "pledge_moved_on")
    assert names(pledge) == ["pledge.applied", "pledge.checked"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"scheme": "assured"}, "scheme", "scheme"),
        ({"trade": ""}, "trade", "trade"),
        ({"trade": "banking"}, "trade", "trade"),
        ({"commitments": "诚信"}, "commitments", "commitments"),
        ({"commitments": "好" * 601}, "commitments", "commitments"),
        ({"commitments": "店长林示例，身份证 11010519491231002X，保证退货"}, "personal_data", "commitments"),
    ],
)
def test_an_application_that_will_not_do_is_refused_and_leaves_nothing(
    changes: dict[str, str], code: str, field: str
) -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    jobs.drain()
    told: dict[str, Any] = {"scheme": "honest", "commitments": COMMITMENTS, "trade": "catering"}

    with pytest.raises(Refused) as refusal:
        pledges.apply(shop_id=shop.pk, who=merchant, **(told | changes))

    assert (refusal.value.code, refusal.value.field) == (code, field)
    shop.refresh_from_db()
    assert (Pledge.objects.count(), Notice.objects.count(), shop.trade) == (0, 0, "")
    assert not Event.objects.filter(name="pledge.applied").exists()
    assert not Job.objects.filter(done_at=None).exists()


def test_nobody_applies_for_a_shop_they_do_not_speak_for() -> None:
    shop = build.a_shop(trade="catering")
    ended = build.a_merchant(shop)
    shop.contacts.update(ended_at=clock.now())

    for who in (build.a_merchant(build.a_shop()), build.a_citizen(), a_scheme_officer(), ended):
        with pytest.raises(Refused) as refusal:
            pledges.apply(shop_id=shop.pk, scheme="honest", commitments=COMMITMENTS, who=who)
        assert refusal.value.code == "not_found"
    assert Pledge.objects.count() == 0


@pytest.mark.parametrize("reach", [an_application, a_checked_pledge, a_listed_pledge])
def test_a_shop_has_one_pledge_at_a_time(reach: Any) -> None:
    pledge = reach()
    merchant = build.a_merchant(pledge.shop)

    with pytest.raises(Refused) as refusal:
        pledges.apply(shop_id=pledge.shop_id, scheme="honest", commitments=COMMITMENTS, who=merchant)

    assert refusal.value.code == "already_applied"
    assert Pledge.objects.count() == 1


def test_a_refused_shop_reads_why_and_may_apply_again_at_once() -> None:
    pledge = an_application()
    merchant = pledge.applied_by

    pledge = pledges.refuse(
        pledge_id=pledge.pk, who=a_scheme_officer(), version=pledge.version, reason="第二条承诺说不清怎样核对"
    )

    assert (pledge.state, pledge.reason, badges.badge_of(pledge.shop)) == (
        Pledge.State.REFUSED,
        "第二条承诺说不清怎样核对",
        None,
    )
    assert Notice.objects.filter(user=merchant, name="pledge.refused").count() == 1
    assert an_application(pledge.shop, merchant=merchant).state == Pledge.State.SUBMITTED


@time_machine.travel(NOON, tick=False)
def test_suspended_and_restored() -> None:
    pledge = a_listed_pledge()

    pledge = pledges.suspend(
        pledge_id=pledge.pk, who=a_scheme_officer(), version=pledge.version, reason="三十天退货没有兑现"
    )
    badge = badges.badge_of(pledge.shop)
    assert badge is not None
    assert (badge.state, badge.reason, badge.word) == ("suspended", "三十天退货没有兑现", "暂停使用")

    with time_machine.travel(at("2026-12-08"), tick=False):
        pledge = pledges.restore(pledge_id=pledge.pk, who=a_scheme_approver(), version=pledge.version)
    badge = badges.badge_of(pledge.shop)
    assert badge is not None
    assert (badge.state, badge.reason, badge.since) == ("active", "", date(2026, 12, 8))
    assert names(pledge)[-2:] == ["pledge.suspended", "pledge.restored"]
    assert [(step.name, step.on) for step in selectors.history_of(pledge.shop)] == [
        ("pledge.restored", date(2026, 12, 8)),
        ("pledge.suspended", date(2026, 11, 24)),
        ("pledge.approved", date(2026, 11, 24)),
    ]


@pytest.mark.parametrize("act", ["refuse", "suspend", "delist"])
@pytest.mark.parametrize("reason", ["", "   ", "长" * 201, "店主电话 13900001234 的邮箱 lin@example.com"])
def test_taking_away_needs_a_reason_that_may_be_read_by_all(act: str, reason: str) -> None:
    pledge = an_application() if act == "refuse" else a_listed_pledge()
    before = (pledge.state, pledge.version, names(pledge))

    with pytest.raises(Refused) as refusal:
        getattr(pledges, act)(pledge_id=pledge.pk, who=a_scheme_approver(), version=pledge.version, reason=reason)

    assert refusal.value.field == "reason"
    pledge.refresh_from_db()
    assert (pledge.state, pledge.version, names(pledge)) == before


@pytest.mark.parametrize(
    ("was_fraud", "too_early", "in_time"), [(False, "2027-11-23", "2027-11-24"), (True, "2028-11-23", "2028-11-24")]
)
def test_a_delisted_shop_waits_a_year_and_two_after_fraud(was_fraud: bool, too_early: str, in_time: str) -> None:
    with time_machine.travel(NOON, tick=False):
        pledge = a_listed_pledge()
        merchant = pledge.applied_by
        pledge = pledges.delist(
            pledge_id=pledge.pk,
            who=a_scheme_approver(),
            version=pledge.version,
            reason="拒绝履行退货承诺三次",
            was_fraud=was_fraud,
        )
    badge = badges.badge_of(pledge.shop)
    assert badge is not None
    assert (badge.state, badge.since, badge.reason) == ("delisted", date(2026, 11, 24), "拒绝履行退货承诺三次")

    with time_machine.travel(at(too_early), tick=False):
        with pytest.raises(Refused) as refusal:
            an_application(pledge.shop, merchant=merchant)
        assert (refusal.value.code, refusal.value.extra) == ("must_wait", {"until": in_time})
        assert Pledge.objects.count() == 1
    with time_machine.travel(at(in_time), tick=False):
        assert an_application(pledge.shop, merchant=merchant).state == Pledge.State.SUBMITTED


def test_a_term_ends_by_itself_and_the_badge_says_so_before_any_job() -> None:
    with time_machine.travel(NOON, tick=False):
        pledge = a_listed_pledge()
        jobs.drain()
    with time_machine.travel(at("2029-11-23"), tick=False):
        badge = badges.badge_of(pledge.shop)
        assert badge is not None
        assert badge.state == "active"
        assert jobs.drain() == 0
    with time_machine.travel(at("2029-11-24"), tick=False):
        badge = badges.badge_of(pledge.shop)
        assert badge is not None
        assert (badge.state, badge.since) == ("expired", date(2029, 11, 24))
        jobs.drain()
        pledge.refresh_from_db()
        assert (pledge.state, pledge.ended_on) == (Pledge.State.EXPIRED, date(2029, 11, 24))
        assert names(pledge)[-1] == "pledge.expired"
        renewed = an_application(pledge.shop, merchant=pledge.applied_by)
        assert renewed.state == Pledge.State.SUBMITTED


def test_a_shop_whose_term_is_over_may_apply_before_the_job_has_run() -> None:
    with time_machine.travel(NOON, tick=False):
        pledge = a_listed_pledge()
    with time_machine.travel(at("2029-12-01"), tick=False):
        an_application(pledge.shop, merchant=pledge.applied_by)
        pledge.refresh_from_db()
        assert pledge.state == Pledge.State.EXPIRED


def test_ending_a_running_term_changes_nothing() -> None:
    pledge = a_listed_pledge()

    assert pledges.expire(pledge_id=pledge.pk).state == Pledge.State.ACTIVE


def test_a_term_from_a_leap_day_ends_with_february() -> None:
    with time_machine.travel(at("2028-02-29"), tick=False):
        assert a_listed_pledge().valid_until == date(2031, 2, 28)


def test_each_person_of_the_office_sees_what_they_can_move_on() -> None:
    submitted, checked = an_application(), a_checked_pledge()
    officer, approver = a_scheme_officer(), a_scheme_approver()

    assert list(selectors.waiting(officer)) == [submitted]
    assert list(selectors.waiting(approver)) == [checked]
    assert list(selectors.waiting(build.a_merchant(submitted.shop))) == []
    assert list(selectors.at_the_desk(build.staff(Role.OFFICER))) == []
    with pytest.raises(Refused) as refusal:
        selectors.desk_pledge(who=build.staff(Role.OFFICER), public_id=submitted.public_id)
    assert refusal.value.status == 404


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"serial": ""}, "listed_pledges_are_complete"),
        ({"valid_until": None}, "listed_pledges_are_complete"),
        ({"approved_by": None}, "listed_pledges_are_complete"),
        ({"state": "delisted", "reason": "示例"}, "ended_pledges_say_when"),
        ({"ended_on": date(2026, 11, 24)}, "ended_pledges_say_when"),
        ({"state": "suspended"}, "taking_a_plate_away_needs_a_reason"),
    ],
)
def test_the_database_holds_the_same_line(changes: dict[str, Any], constraint: str) -> None:
    pledge = a_listed_pledge()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(**changes)


def test_the_database_wants_two_people_one_number_and_one_pledge() -> None:
    first, second = a_listed_pledge(), a_listed_pledge()

    with pytest.raises(IntegrityError, match="checker_is_not_approver"), transaction.atomic():
        Pledge.objects.filter(pk=first.pk).update(approved_by=first.checked_by_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=first.pk).update(serial=second.serial)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=first.pk).update(shop=second.shop_id)


def test_a_shop_without_a_plate_has_no_badge() -> None:
    shop = build.a_shop()
    pledge = an_application(build.a_shop(trade="catering"))

    assert badges.badge_of(shop) is None
    assert badges.badge_of(pledge.shop) is None
    assert badges.badges_of(list(Shop.objects.all())) == {}


def test_a_leap_of_months_stays_in_its_month() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
