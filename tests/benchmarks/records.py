"""Published records for the benchmarks, written straight into the tables: they measure reading, not publishing."""

from datetime import timedelta

from portal import opening
from portal.kernel import clock, search
from portal.kernel.models import Organisation, User
from publicity.models import CaseFact, Disclosure, Shop
from publicity.selectors.register import INDEX

WORDS = ("空气净化器拆封后要求退货", "手机维修后屏幕失灵", "美容卡停业后余额不退", "标价与结账不一致", "买到过期食品")


def publish(count: int) -> None:
    """Put *count* published records into database and index."""
    if Disclosure.objects.count() >= count:
        return
    opening.open_city()
    now = clock.now()
    unit = Organisation.objects.filter(kind="bureau").earliest("pk")
    people = [User.objects.create(kind="staff", username=f"bench-{n}-{count}", display_name="示例") for n in range(3)]
    shop = Shop.objects.create(state="known", name="示例商店", district="120104", created_at=now)
    facts = CaseFact.objects.bulk_create(
        [
            CaseFact(
                kind="complaint",
                shop=shop,
                district=f"1201{n % 6 + 1:02d}",
                channel="PORTAL",
                regime="ORDER121",
                received_on=now.date(),
                closed_on=now.date(),
                outcome="settled",
                agrees_to_disclosure=True,
            )
            for n in range(count)
        ],
        batch_size=500,
    )
    Disclosure.objects.bulk_create(
        [
            Disclosure(
                fact=fact,
                shop=shop,
                unit=unit,
                state="published",
                proposed_summary="示例",
                summary=f"{WORDS[n % 5]}，经调解达成一致，第 {n} 件。",
                outcome="settled",
                district=fact.district,
                problem=f"P{n % 9 + 1:02d}",
                closed_on=now.date(),
                due_on=now.date(),
                handler=people[0],
                first_by=people[1],
                first_at=now,
                second_by=people[2],
                second_at=now,
                published_at=now - timedelta(minutes=n),
                expires_on=now.date() + timedelta(days=300),
            )
            for n, fact in enumerate(facts)
        ],
        batch_size=500,
    )
    search.rebuild(INDEX)
    search.get_index(INDEX).refresh()
