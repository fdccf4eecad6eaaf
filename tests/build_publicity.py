"""Builders of shops' public life: pledges in every state and published records, through the real services."""

from datetime import timedelta

from django.test import Client

from portal.kernel import clock, regions
from portal.kernel.access import SECOND_FACTOR, Role
from portal.kernel.models import Organisation, User
from publicity.models import CaseFact, Disclosure, Pledge, Shop
from publicity.services import disclosures, facts, pledges
from tests.build import a_merchant, a_shop, a_unit, home, staff

COMMITMENTS = "线下购买三十天内无理由退货，商品完好\n价格当场标清，结账不加价\n接到投诉两个工作日内答复"
SUMMARIES = {
    "settled": "空气净化器拆封后因噪声要求退货，调解成功，已退货退款。",
    "not_agreed": "手机换屏后触控失灵，要求退还维修费，双方没有谈成。",
    "merchant_refused": "预付卡停业不退余额，商家不参加调解。",
    "self_settled": "衣物洗后褪色，双方自己谈成赔付。",
}


def a_scheme_officer() -> User:
    """Who checks applications."""
    return staff(Role.SCHEME_OFFICER)


def a_scheme_approver() -> User:
    """Who approves what somebody else has checked."""
    return staff(Role.SCHEME_APPROVER)


def an_application(shop: Shop | None = None, *, merchant: User | None = None) -> Pledge:
    """A pledge just applied for."""
    shop = shop or a_shop(trade="catering")
    merchant = merchant or a_merchant(shop)
    scheme = regions.city().open_scheme.code
    return pledges.apply(shop_id=shop.pk, scheme=scheme, commitments=COMMITMENTS, who=merchant, trade="catering")


def a_checked_pledge(shop: Shop | None = None, *, officer: User | None = None) -> Pledge:
    """A pledge that waits for its approval."""
    pledge = an_application(shop)
    return pledges.check(pledge_id=pledge.pk, who=officer or a_scheme_officer(), version=pledge.version)


def a_listed_pledge(shop: Shop | None = None) -> Pledge:
    """A pledge on the roll."""
    pledge = a_checked_pledge(shop)
    return pledges.approve(pledge_id=pledge.pk, who=a_scheme_approver(), version=pledge.version)


def a_closed_fact(shop: Shop, *, outcome: str = "settled", agrees: bool = True) -> CaseFact:
    """A counted complaint that has ended."""
    fact = facts.open_fact(
        kind=CaseFact.Kind.COMPLAINT,
        shop_id=shop.pk,
        bureau_id=None,
        district=home().code,
        problem="P02",
        object_class="",
        sale_mode="",
        channel="PORTAL",
        regime="ORDER121",
        received_on=clock.today() - timedelta(days=30),
        agrees_to_disclosure=agrees,
    )
    return facts.advance(
        fact_id=fact.pk,
        decided_on=clock.today() - timedelta(days=20),
        was_accepted=True,
        closed_on=clock.today(),
        outcome=outcome,
    )


def a_published_record(shop: Shop, *, outcome: str = "settled", unit: Organisation | None = None) -> Disclosure:
    """A complaint on the public register."""
    unit = unit or a_unit()
    fact = a_closed_fact(shop, outcome=outcome)
    row = disclosures.propose(
        fact_id=fact.pk,
        shop_id=shop.pk,
        unit_id=unit.pk,
        handler_id=staff(Role.OFFICER, unit).pk,
        proposed_summary=SUMMARIES[outcome],
        outcome=outcome,
        closed_on=clock.today(),
    )
    assert row is not None
    first = staff(Role.REVIEWER, unit)
    row = disclosures.pass_first(disclosure_id=row.pk, who=first, version=row.version, summary=SUMMARIES[outcome])
    return disclosures.publish(disclosure_id=row.pk, who=staff(Role.DISCLOSER, unit), version=row.version)


def signed_in(who: User) -> Client:
    """A browser in which *who* has come in, with the second factor where one is needed."""
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SECOND_FACTOR] = clock.now().isoformat()
    session.save()
    return client
