"""Builders of the public register: proposals, reviews and public records, and counted facts, through the services."""

from datetime import date
from typing import Any

from django.db import connection

from portal.kernel import clock, jobs, regions, search
from portal.kernel.access import Role
from portal.kernel.models import Organisation, User
from publicity import sql
from publicity.models import CaseFact, Disclosure, Shop
from publicity.selectors import register
from publicity.services import disclosures, facts
from tests.build import a_shop, a_unit, home, staff

SUMMARY = "空气净化器拆封后要求退货，调解成功，已退货退款。"
RAW = "林先生（13800000001）买的空气净化器拆封后退货，已退款。"


def a_fact(**changes: Any) -> CaseFact:
    """A complaint just received; name a field to change it, `milestones` to advance it."""
    milestones = changes.pop("milestones", {})
    told: dict[str, Any] = {
        "kind": CaseFact.Kind.COMPLAINT,
        "shop_id": None,
        "bureau_id": None,
        "district": home().code,
        "problem": "P02",
        "object_class": "",
        "sale_mode": "",
        "channel": "PORTAL",
        "regime": "ORDER121",
        "received_on": clock.today(),
    }
    fact = facts.open_fact(**(told | changes))
    return facts.advance(fact_id=fact.pk, **milestones) if milestones else fact


def a_closed_fact(shop: Shop | None = None, *, outcome: str = "settled", **changes: Any) -> CaseFact:
    """A complaint that ended today, with the consumer's consent unless said otherwise."""
    shop = shop or a_shop()
    ended = {
        "decided_on": clock.today(),
        "was_accepted": True,
        "closed_on": clock.today(),
        "outcome": outcome,
    }
    return a_fact(shop_id=shop.pk, milestones=ended, **({"agrees_to_disclosure": True} | changes))


def a_proposal(
    *, unit: Organisation | None = None, handler: User | None = None, fact: CaseFact | None = None, **changes: Any
) -> Disclosure:
    """A closed complaint before its first reviewer."""
    fact = fact or a_closed_fact(**changes)
    unit = unit or a_unit()
    assert fact.shop_id is not None
    assert fact.closed_on is not None
    found = disclosures.propose(
        fact_id=fact.pk,
        shop_id=fact.shop_id,
        unit_id=unit.pk,
        handler_id=(handler or staff(Role.OFFICER, unit)).pk,
        proposed_summary=RAW,
        outcome=fact.outcome,
        closed_on=fact.closed_on,
    )
    assert found is not None
    return found


def a_passed(row: Disclosure | None = None, *, summary: str = SUMMARY, who: User | None = None) -> Disclosure:
    """A record that waits for its second reviewer."""
    row = row or a_proposal()
    who = who or staff(Role.REVIEWER, row.unit)
    return disclosures.pass_first(disclosure_id=row.pk, who=who, version=row.version, summary=summary)


def a_public(*, summary: str = SUMMARY, **changes: Any) -> Disclosure:
    """A record on the public register (in the index once `settle` ran)."""
    row = a_passed(a_proposal(**changes), summary=summary)
    return disclosures.publish(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version)


def without_triggers() -> None:
    """Let the rest of this test tamper with what the database itself protects."""
    with connection.cursor() as cursor:
        for statement in sql.undo(connection.vendor):
            cursor.execute(statement)


def settle() -> None:
    """Run what is owed and let the index show it."""
    jobs.drain()
    search.get_index(register.INDEX).refresh()


def indexed(number: int, **changes: Any) -> dict[str, Any]:
    """A record as the index holds it, for questions that need thousands of them."""
    return {
        "id": f"record{number:014d}",
        "version": 1,
        "shop": f"示例店{number}",
        "shop_id": f"shop{number % 7:016d}",
        "summary": f"第 {number} 件，空气净化器退货。",
        "district": home().code,
        "problem": "P02",
        "object_class": "",
        "outcome": "settled",
        "sale_mode": "",
        "unit": regions.city().bureau_of(home().code).code,
        "unit_name": "示例区局",
        "published_on": date(2026, 11, 1 + number % 20),
        "closed_on": "2026-10-30",
    } | changes
