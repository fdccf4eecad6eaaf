"""Build the demo city: about three hundred cases over every state, dated relative to today."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from complaints.rules import ORDER121_FROM
from complaints.services import entry
from complaints.services.reports import ReportFiling, receive_report
from portal import opening
from portal.demo import money, people, shops
from portal.demo.cases import Walk, stories
from portal.demo.people import People
from portal.demo.shops import DemoShop
from portal.kernel import clock
from publicity.models import Disclosure
from publicity.services import disclosures, releases

SEED = 20260415
Plan = tuple[str, int, float, float, Callable[[Walk], None]]


def _decided(walk: Walk) -> None:
    walk.later(0.5)
    walk.dispatch()


def _waiting_for_decision(walk: Walk) -> None:
    _decided(walk)
    if walk.chance.random() < 0.5:
        walk.later(1)
        walk.claim()


def _returned(walk: Walk) -> None:
    _decided(walk)
    walk.later(1)
    walk.send_back()


def _rejection_in_review(walk: Walk) -> None:
    _decided(walk)
    walk.later(2)
    walk.propose_rejection("R16_3", "购买数量明显超出生活消费需要，消费者没有说明用途。")


def _rejected(walk: Walk) -> None:
    _rejection_in_review(walk)
    walk.later(1)
    walk.approve()
    walk.later(1)
    walk.close()


def _accepted(walk: Walk) -> None:
    _decided(walk)
    walk.later(2)
    walk.accept()


def _one_consents(walk: Walk) -> None:
    _accepted(walk)
    walk.later(1)
    walk.consent(merchant=False)


def _opened(walk: Walk) -> None:
    _accepted(walk)
    walk.later(2)
    walk.consent()


def _mediating(walk: Walk) -> None:
    _opened(walk)
    walk.later(0.5)
    walk.talk()


def _offered(walk: Walk) -> None:
    _mediating(walk)
    walk.offer(1.0)


def _appraising(walk: Walk) -> None:
    _mediating(walk)
    walk.later(1)
    walk.appraise()


def _settled(walk: Walk) -> None:
    _opened(walk)
    walk.later(1)
    walk.offer(walk.chance.choice((1.0, 1.0, 0.8, 0.6)))
    walk.later(1)
    walk.agree()


def _performed(walk: Walk) -> None:
    _settled(walk)
    walk.later(1)
    walk.perform()
    walk.later(1)
    walk.close()


def _breached(walk: Walk) -> None:
    _settled(walk)
    walk.later(1)
    walk.close()
    walk.breach()


def _termination_in_review(walk: Walk) -> None:
    _mediating(walk)
    walk.offer(1.0)
    walk.later(6)
    walk.propose_termination("T3", "双方差距太大，都表示谈不成。")


def _terminated(walk: Walk) -> None:
    _opened(walk)
    walk.later(6)
    ground = walk.chance.choice(("T3", "T3", "T2_MERCHANT"))
    walk.propose_termination(ground, "多次沟通，没有谈成。")
    walk.later(1)
    walk.approve()
    walk.later(1)
    walk.tell_both()
    walk.later(1)
    walk.close()


def _withdrawn(walk: Walk) -> None:
    walk.later(0.5)
    walk.withdraw()


def _transferred(walk: Walk) -> None:
    walk.later(0.7)
    walk.transfer()


PLANS: tuple[Plan, ...] = (
    ("hub", 24, 0.1, 1.5, lambda walk: None),
    ("returned", 4, 4, 8, _returned),
    ("waiting", 44, 0.6, 13, _waiting_for_decision),
    ("rejection in review", 6, 5, 9, _rejection_in_review),
    ("accepted", 14, 5, 20, _accepted),
    ("one consents", 8, 8, 20, _one_consents),
    ("mediating", 10, 12, 60, _mediating),
    ("offered", 10, 9, 12, _offered),
    ("appraising", 4, 20, 50, _appraising),
    ("termination in review", 4, 20, 50, _termination_in_review),
    ("settled", 7, 12, 16, _settled),
    ("just performed", 9, 10, 20, _performed),
    ("performed", 20, 20, 395, _performed),
    ("breached", 12, 42, 130, _breached),
    ("terminated", 28, 14, 390, _terminated),
    ("rejected", 36, 8, 390, _rejected),
    ("withdrawn", 21, 2, 300, _withdrawn),
    ("transferred", 16, 3, 200, _transferred),
)


@contextmanager
def _in_haste() -> Iterator[None]:
    """A seeding that is interrupted starts again from nothing, so SQLite need not wait for the disk."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def build(*, scale: float = 1.0) -> None:
    """Make bodies, people, shops, cases, reports, records, releases and the fund; *scale* shrinks it for tests."""
    now = clock.now()
    chance = random.Random(SEED)  # noqa: S311
    with _in_haste():
        opening.open_city()
        crowd = people.settle()
        found = shops.open_shops(crowd, now, chance)
        fund = money.endow(crowd, now)
        breached = _walk_cases(crowd, found, now, chance, scale)
        _incomplete(crowd, now)
        _reports(crowd, found, now, chance, round(20 * scale))
        _disclose(crowd, now, chance)
        money.pay_first(crowd, fund, breached, now)
        _release(crowd, now)


def _walk_cases(crowd: People, found: list[DemoShop], now: datetime, chance: random.Random, scale: float) -> list[Walk]:
    breached: list[Walk] = []
    eldest = (clock.day_of(now) - ORDER121_FROM).days - 1
    for name, count, youngest, oldest, steps in PLANS:
        kinds = [story for story in stories() if name != "breached" or story.paid_yuan <= money.MOST_YUAN]
        for _ in range(max(1, round(count * scale))):
            age = chance.uniform(min(youngest, eldest), min(oldest, eldest))
            place = chance.randrange(len(kinds))
            walk = Walk(
                crowd=crowd,
                chance=chance,
                now=now,
                at=now - timedelta(days=age),
                shop=found[chance.choice(kinds[place].shops)],
                story=kinds[place],
                citizen=chance.choice(crowd.citizens),
            )
            walk.file()
            steps(walk)
            if name == "breached":
                breached.append(walk)
    return breached


def _incomplete(crowd: People, now: datetime) -> None:
    texts = (
        ("反映充电宝鼓包", "市民来电反映在某商场买的充电宝鼓包，商家让等厂家，没有留店名。"),
        ("培训班停课", "市民反映培训班停课，联系不上负责人，要求退费。"),
        ("停车收费", "市民反映小区停车收费没有公示，要求说明收费依据。"),
    )
    for place, (title, text) in enumerate(texts, 1):
        with clock.standing_at(now - timedelta(days=place)):
            entry.register_incomplete(
                title=title,
                text=text,
                channel="T12345",
                source_system="HOTLINE-12345",
                source_no=f"DEMO-{place:04d}",
                source_received_on=clock.today() - timedelta(days=2),
                district="120104",
                who=crowd.staff["hub"],
            )


def _reports(crowd: People, found: list[DemoShop], now: datetime, chance: random.Random, count: int) -> None:
    for place in range(count):
        row = chance.choice(found)
        with clock.standing_at(now - timedelta(days=chance.uniform(0.2, 60))):
            receive_report(
                filing=ReportFiling(
                    target_name=str(row.shop),
                    target_address=row.shop.address,
                    district="120104" if place % 2 else row.shop.district,
                    facts="店里把快到期的食品撕掉旧标签，换上新的日期继续卖，昨天下午亲眼看见。",
                    shop_id=row.shop.pk,
                ),
                who=chance.choice(crowd.citizens),
                key=f"demo-report-{place:04d}-{chance.getrandbits(32):08x}",
            )


def _disclose(crowd: People, now: datetime, chance: random.Random) -> None:
    pending = (
        Disclosure.objects.filter(state=Disclosure.State.FIRST_REVIEW).select_related("unit").order_by("closed_on")
    )
    for row in list(pending):
        due = datetime(row.closed_on.year, row.closed_on.month, row.closed_on.day, 10, tzinfo=clock.SHANGHAI)
        first_at, second_at = due + timedelta(days=2), due + timedelta(days=6)
        if first_at > now:
            continue
        with clock.standing_at(first_at):
            row = disclosures.pass_first(
                disclosure_id=row.pk,
                who=crowd.reviewers[row.unit.code],
                version=row.version,
                summary=row.proposed_summary[:300],
            )
        if second_at > now:
            continue
        with clock.standing_at(second_at):
            disclosures.publish(disclosure_id=row.pk, who=crowd.staff["discloser"], version=row.version)
    disclosures.expire_due()


def _release(crowd: People, now: datetime) -> None:
    month = releases.first_of(clock.day_of(now))
    for back in (3, 2, 1):
        serial = month.year * 12 + month.month - 1 - back
        target = month.replace(year=serial // 12, month=serial % 12 + 1)
        signed_at = releases.month_after(target)
        with clock.standing_at(datetime(signed_at.year, signed_at.month, 2, 9, tzinfo=clock.SHANGHAI)):
            if clock.now() > now:
                continue
            made = releases.compute(month=target, who=crowd.staff["analyst"])
            releases.sign(release_id=made.pk, who=crowd.staff["statistics"])
