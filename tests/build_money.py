"""Builders for first payout: every claim a test starts from went through the services of all who act on it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from mediation.models import Account, Agreement, Claim, Entry, Fund, Payment
from mediation.services import claims, ledger, payments, payouts, performance, receipts
from portal.kernel import clock, events, people
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Document, Job, Notice, Organisation, User
from publicity.models import Shop
from tests import build, build_mediation
from tests.build_desk import at_desk

SMALL, ORDINARY = 400_00, 799_00
GOOD_ACCOUNT = "6222000000000000018"
RETURNED_ACCOUNT = "6222000000000000000"
PENDING_ACCOUNT = "6222000000000001111"
COMES_BACK_ACCOUNT = "6222000000000002222"


@dataclass
class FundDesk:
    """A fund with money in it, and the people who keep it."""

    fund: Fund
    keeper: User
    approver: User
    second_approver: User

    def balances(self) -> dict[str, int]:
        """The accounts that hold something."""
        return {row.kind: row.balance_fen for row in self.fund.accounts.all() if row.balance_fen}

    def entries(self) -> list[tuple[str, str, str, int]]:
        """The book in short: kind, debit, credit, fen."""
        rows = self.fund.entries.select_related("debit", "credit").order_by("seq")
        return [(row.kind, row.debit.kind, row.credit.kind, row.amount_fen) for row in rows]


@dataclass
class Matter:
    """An agreement that the shop did not keep, and everyone around it."""

    desk: FundDesk
    agreement: Agreement
    consumer: User
    merchant: User
    shop: Shop
    officer: User


def a_keeper_body() -> Organisation:
    """The body that keeps a fund."""
    return build.a_unit(kind=Organisation.Kind.FUND, name="示例先行赔付基金管理处")


def an_empty_fund() -> FundDesk:
    """A fund that nobody has put money into."""
    body = a_keeper_body()
    fund = ledger.open_fund(code=uuid4().hex[:20], name="示例消费维权基金", kind="PUBLIC_FUND", keeper=body)
    return FundDesk(
        fund,
        keeper=build.staff(Role.FUND_KEEPER, body),
        approver=build.staff(Role.FUND_APPROVER, body),
        second_approver=build.staff(Role.FUND_APPROVER, body),
    )


def endowed(desk: FundDesk, fen: int) -> FundDesk:
    """The fund after money came in and a second person booked it."""
    voucher = receipts.record(
        fund_id=desk.fund.pk, kind="endowment", amount_fen=fen, reference=uuid4().hex[:20], who=desk.keeper
    )
    receipts.book(voucher_id=voucher.pk, who=desk.approver)
    return desk


def a_fund(fen: int = 100_000_00, *, floor_fen: int = 0) -> FundDesk:
    """A fund with 100,000 yuan in it."""
    desk = endowed(an_empty_fund(), fen)
    Fund.objects.filter(pk=desk.fund.pk).update(floor_fen=floor_fen)
    desk.fund.refresh_from_db()
    return desk


def a_breached_agreement(desk: FundDesk | None = None, *, fen: int = ORDINARY, **changes: Any) -> Matter:
    """Both sides signed a month ago; the day to pay and three working days have passed, last night it was noted."""
    now = clock.now()
    with clock.standing_at(now - timedelta(days=30)):
        table = build_mediation.a_room(**changes)
        agreement = build_mediation.a_signed_agreement(table, amount_fen=fen, pay_by=clock.today() + timedelta(days=5))
    performance.check(agreement_id=agreement.pk)
    agreement.refresh_from_db()
    assert agreement.breached_on == clock.today()
    desk = desk or a_fund()
    return Matter(desk, agreement, table.consumer, table.merchant, table.shop, table.officer)


def apply(matter: Matter, **changes: Any) -> Claim:
    """The consumer asks the fund for what was agreed; name a field to change it."""
    said: dict[str, Any] = {
        "agreement_id": matter.agreement.pk,
        "fund_id": matter.desk.fund.pk,
        "amount_fen": matter.agreement.amount_fen,
        "payee_name": "林示例",
        "payee_account": GOOD_ACCOUNT,
        "has_no_other_compensation": True,
        "assigns_the_claim": True,
        "who": matter.consumer,
    }
    return claims.apply(**(said | changes))


def a_claim(matter: Matter | None = None, **changes: Any) -> tuple[Matter, Claim]:
    """A claim that waits for its formal check."""
    matter = matter or a_breached_agreement()
    return matter, apply(matter, **changes)


def a_frozen_claim(matter: Matter | None = None, **changes: Any) -> tuple[Matter, Claim]:
    """A claim whose money is reserved and which waits to be decided."""
    matter, claim = a_claim(matter, **changes)
    return matter, payouts.pass_formal_check(claim_id=claim.pk, who=matter.desk.keeper, version=claim.version)


def an_answered_claim(matter: Matter | None = None, **changes: Any) -> tuple[Matter, Claim]:
    """A frozen claim to which the shop has objected, so that it may be decided at once."""
    matter, claim = a_frozen_claim(matter, **changes)
    return matter, payouts.object_to(claim_id=claim.pk, who=matter.merchant, reason="货已经换过，不应再退款。")


def a_decided_claim(matter: Matter | None = None, **changes: Any) -> tuple[Matter, Claim]:
    """A claim with all the approvals it needs; its payment is owed."""
    matter, claim = an_answered_claim(matter, **changes)
    for approver in (matter.desk.approver, matter.desk.second_approver):
        if claim.state == Claim.State.FROZEN:
            claim = payouts.approve(claim_id=claim.pk, who=approver, version=claim.version)
    assert claim.state == Claim.State.DECIDED
    return matter, claim


def a_paid_claim(matter: Matter | None = None, **changes: Any) -> tuple[Matter, Claim]:
    """A claim that was sent to the bank and booked as the bank said."""
    matter, claim = a_decided_claim(matter, **changes)
    return matter, sent(claim)


def sent(claim: Claim) -> Claim:
    """The claim after its open payment went to the bank and the answer was booked."""
    payment = claim.payments.get(state__in=[Payment.State.OWED, Payment.State.UNKNOWN])
    payments.settle(payment_id=payment.pk, **payments.transfer(payment_id=payment.pk))
    return Claim.objects.get(pk=claim.pk)


def sent_again(matter: Matter, claim: Claim) -> Claim:
    """The claim after its consumer corrected the account and the money went there."""
    corrected = claims.correct_payee(
        claim_id=claim.pk,
        who=matter.consumer,
        version=claim.version,
        payee_name="林示例",
        payee_account=GOOD_ACCOUNT,
    )
    return sent(corrected)


def asked(claim: Claim) -> Claim:
    """The claim after the bank was asked about its paid payment."""
    payment = claim.payments.get(state=Payment.State.DONE)
    payments.watch(payment_id=payment.pk, look=0, **payments.ask(payment_id=payment.pk))
    return Claim.objects.get(pk=claim.pk)


def repaid(matter: Matter, claim: Claim, fen: int) -> Claim:
    """The claim after the shop gave that much back and a second person booked it."""
    voucher = receipts.record(
        fund_id=claim.fund_id,
        kind="repayment",
        amount_fen=fen,
        reference=uuid4().hex[:20],
        claim_id=claim.pk,
        who=matter.desk.keeper,
    )
    receipts.book(voucher_id=voucher.pk, who=matter.desk.approver)
    return Claim.objects.get(pk=claim.pk)


def tomorrow_morning() -> datetime:
    """Nine o'clock of the next day."""
    return datetime.combine(clock.today() + timedelta(days=1), time(9), tzinfo=clock.SHANGHAI)


def snapshot(claim: Claim) -> tuple[Any, ...]:
    """Everything that a refused act leaves as it was."""
    row = Claim.objects.get(pk=claim.pk)
    return (
        row.state,
        row.version,
        row.repaid_fen,
        row.paid_at,
        bytes(row.payee_sealed),
        list(Account.objects.order_by("pk").values_list("fund_id", "kind", "balance_fen")),
        Entry.objects.count(),
        list(row.payments.order_by("pk").values_list("key", "state")),
        row.approvals.count(),
        row.vouchers.count(),
        [event.name for event in events.of(row)],
        Job.objects.filter(done_at=None).count(),
        Notice.objects.count(),
        Document.objects.count(),
    )


def refusal_of(act: Callable[..., Any], **said: Any) -> Refused:
    """What *act* was refused with."""
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**said)
    return refusal.value


def told(user: User) -> list[str]:
    """The names of the messages about claims that somebody got, oldest first."""
    mine = Notice.objects.filter(user=user, name__startswith="claim.").order_by("pk")
    return list(mine.values_list("name", flat=True))


def post(who: User, name: str, *args: Any, **data: Any) -> Any:
    """Send a form of this room as *who*."""
    if who.is_staff:
        client = at_desk(who)
    else:
        client = Client()
        client.force_login(who, backend=people.BACKEND)
    return client.post(reverse(f"mediation:{name}", args=args), data)


def words(text: str) -> str:
    """A page or a sentence as it is read: no markup, plain blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ")
