"""The main job in the invented city, step by step, over HTTP where people press buttons."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from complaints.models import Case
from mediation.models import Agreement, Claim, Fund, Mediation
from mediation.services import payouts, performance
from portal.kernel import clock, jobs
from portal.kernel.access import Role
from portal.kernel.models import Organisation, User
from publicity.models import Disclosure, Pledge, Shop
from tests import build, build_mediation, build_money
from tests.build_desk import at_desk
from tests.build_publicity import COMMITMENTS, signed_in
from tests.complaints.person import Person
from tests.complaints.test_drafts import the_code

STORY = "在店里买了一台空气净化器，店员说三十天内不满意可以退，五天后去退被拒绝。"
SUMMARY = "空气净化器拆封后因噪声要求退货，店方起初拒绝，经调解同意退货退款。"
SHOP = "云汀示例灯具店"
PHONE = "13900001111"
FEN = 400_00


def body(code: str) -> Organisation:
    """A body of the pack."""
    return Organisation.objects.get(code=code)


@dataclass
class Town:
    """Everyone who works on a complaint in 汀洲区, and the shop that it is about."""

    shop: Shop = field(default_factory=lambda: build.a_shop(name=SHOP, trade="catering"))
    dispatcher: User = field(default_factory=lambda: build.staff(Role.DISPATCHER, body("yt-hub"), Role.INTAKE))
    officer: User = field(default_factory=lambda: build.staff(Role.OFFICER, body("yt-990101"), Role.MEDIATOR))
    reviewer: User = field(default_factory=lambda: build.staff(Role.REVIEWER, body("yt-990101")))
    discloser: User = field(default_factory=lambda: build.staff(Role.DISCLOSER, body("yt-mra")))
    enforcer: User = field(default_factory=lambda: build.staff(Role.ENFORCER, body("yt-990101")))
    scheme_officer: User = field(default_factory=lambda: build.staff(Role.SCHEME_OFFICER, body("yt-scheme")))
    scheme_approver: User = field(default_factory=lambda: build.staff(Role.SCHEME_APPROVER, body("yt-scheme")))
    analyst: User = field(default_factory=lambda: build.staff(Role.ANALYST, body("yt-mra")))
    signer: User = field(default_factory=lambda: build.staff(Role.STATISTICS_APPROVER, body("yt-mra")))
    auditor: User = field(default_factory=lambda: build.staff(Role.AUDITOR, body("yt-mra")))
    admin: User = field(default_factory=lambda: build.staff(Role.ADMIN, body("yt-mra")))
    merchant: User = field(init=False)

    def __post_init__(self) -> None:
        self.merchant = build.a_merchant(self.shop)


def sent(client: Client, path: str, **said: Any) -> None:
    """Send a form that is expected to be taken."""
    answer = client.post(path, said)
    assert answer.status_code == 302, (path, answer.status_code, re.findall(r'class="error[^>]*>([^<]+)', str(answer)))


def filed(town: Town) -> Case:
    """The complaint as a citizen files it on a phone."""
    jobs.drain()
    person = Person().open("/complain/").at("").press()
    person.open(f"{person.path}?q=示例灯具").at("").press("shop", town.shop.public_id)
    person.at("facts").write("purchased_on", "2026", "11", "2").write("facts", STORY).write("paid_fen", "1299")
    person.choose("problem", "P02").press()
    person.at("claims").tick("claims", "return").press()
    person.at("").press()
    person.at("name").write("name", "林示例").write("phone", PHONE).write("address", "云汀市青屏县示例街 1 号").press()
    person.at("is_true").tick("agrees_to_disclosure").tick("is_true").write("code", the_code()).press()
    case = Case.objects.get(shop=town.shop)
    assert person.path == f"/case/{case.public_id}/receipt/"
    return case


def accepted(town: Town, case: Case) -> Case:
    """The complaint after the hub sent it to the bureau and the bureau took it on."""
    page = f"/desk/cases/{case.public_id}/"
    bureau = body("yt-990101")
    shown = at_desk(town.dispatcher).get(page).content.decode()
    assert f'value="{bureau.public_id}" selected' in shown
    said = {"dispatch-unit": bureau.public_id, "dispatch-reason": "经营地在本区", "dispatch-version": case.version}
    sent(at_desk(town.dispatcher), f"{page}dispatch/", **said)
    jobs.drain()
    officer = at_desk(town.officer)
    case.refresh_from_db()
    sent(officer, f"{page}claim/", **{"claim-version": case.version})
    case.refresh_from_db()
    sent(officer, f"{page}decide/", **{"decide-decision": "accept", "decide-version": case.version})
    jobs.drain()
    case.refresh_from_db()
    return case


def settled(town: Town, case: Case) -> Agreement:
    """Both sides agree to mediate, talk, take an offer and sign; the case is closed."""
    talks = Mediation.objects.get(case=case)
    consumer = case.consumer.user
    assert consumer is not None
    for person in (consumer, town.merchant):
        sent(signed_in(person), f"/mediation/{talks.public_id}/", agrees="yes")
    table = build_mediation.Table(case, talks, town.shop, consumer, town.merchant, town.officer)
    build_mediation.said(table, consumer, "东西噪声很大，我要求全退。")
    agreement = build_mediation.a_signed_agreement(
        table, amount_fen=FEN, pay_by=clock.today() + timedelta(days=3), answer_by=clock.today() + timedelta(days=2)
    )
    case.refresh_from_db()
    close = {"close-lead": "none", "close-version": case.version}
    sent(at_desk(town.officer), f"/desk/cases/{case.public_id}/close/", **close)
    jobs.drain()
    return agreement


def disclosed(town: Town) -> Disclosure:
    """The complaint on the register, after two people who did not handle it."""
    row = Disclosure.objects.get()
    page = f"/desk/disclosures/{row.public_id}/"
    sent(at_desk(town.reviewer), f"{page}pass/", summary=SUMMARY, version=row.version)
    row.refresh_from_db()
    sent(at_desk(town.discloser), f"{page}publish/", version=row.version)
    jobs.drain()
    row.refresh_from_db()
    return row


def the_morning_after(agreement: Agreement) -> datetime:
    """Nine o'clock of the day on which the agreement counts as not performed."""
    day = performance.last_day(agreement) + timedelta(days=1)
    return datetime.combine(day, time(9), tzinfo=clock.SHANGHAI)


def a_fund_desk() -> build_money.FundDesk:
    """The city's own fund with its opening money, and the people of its centre."""
    keepers = body("yt-fund")
    desk = build_money.FundDesk(
        fund=Fund.objects.get(code="yt-public"),
        keeper=build.staff(Role.FUND_KEEPER, keepers),
        approver=build.staff(Role.FUND_APPROVER, keepers),
        second_approver=build.staff(Role.FUND_APPROVER, keepers),
    )
    return build_money.endowed(desk, 300_000_00)


def paid(town: Town, agreement: Agreement, desk: build_money.FundDesk) -> Claim:
    """The first payout of a breached agreement: asked for, frozen, answered, twice approved, paid by the bank."""
    case = agreement.mediation.case
    consumer = case.consumer.user
    assert consumer is not None
    said = {"amount": "400", "payee_name": "林示例", "payee_account": build_money.GOOD_ACCOUNT}
    apply = reverse("mediation:claim_apply", args=[agreement.public_id])
    sent(signed_in(consumer), apply, **said, has_no_other_compensation="on", assigns_the_claim="on")
    claim = Claim.objects.get(agreement=agreement)
    page = f"/desk/fund/{claim.public_id}/"
    sent(at_desk(desk.keeper), f"{page}check/", **{"check-version": claim.version})
    payouts.object_to(claim_id=claim.pk, who=town.merchant, reason="货已经换过，不应再退款。")
    for approver in (desk.approver, desk.second_approver):
        claim.refresh_from_db()
        sent(at_desk(approver), f"{page}approve/", **{"approve-version": claim.version})
    jobs.drain()
    claim.refresh_from_db()
    return claim


def a_plate(town: Town) -> Pledge:
    """The shop's place on the roll: applied for by the shop, checked and approved by two of the scheme's office."""
    said = {"shop": town.shop.public_id, "trade": "catering", "commitments": COMMITMENTS, "agrees": "on"}
    sent(signed_in(town.merchant), "/merchant/pledge/", **said)
    pledge = Pledge.objects.get()
    page = f"/desk/pledges/{pledge.public_id}/"
    sent(at_desk(town.scheme_officer), f"{page}check/", version=pledge.version)
    pledge.refresh_from_db()
    sent(at_desk(town.scheme_approver), f"{page}approve/", version=pledge.version)
    jobs.drain()
    pledge.refresh_from_db()
    return pledge
