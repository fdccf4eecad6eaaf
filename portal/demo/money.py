"""The demo city's first payouts: some of each state, the young ones waiting, the old ones paid and mostly recovered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mediation.models import Claim, Fund, Payment
from mediation.payout_rules import OBJECT, terms, track_for
from mediation.services import claims, ledger, payments, payouts, receipts
from portal.demo.cases import Walk
from portal.demo.people import People
from portal.kernel import calendars, clock

MOST_YUAN = 6_000
GIFTS = ((400, 0), (75, 20_000_00), (45, 35_000_00), (12, 5_000_00))
YOUNG = ("applied", "frozen", "objected", "returned")
OLD = ("recovered", "recourse", "recovered", "partly", "left alone", "recourse")
YOUNG_DAYS = 50
ACCOUNT, RETURNED_ACCOUNT = "6222000000000000018", "6222000000000000000"
OBJECTION = "商品已经按约定换过一次，我们认为不应当再退款。"


def endow(crowd: People, now: datetime) -> Fund:
    """The fund with its opening endowment and some gifts since."""
    fund = ledger.open_city_funds()[0]
    for place, (days_ago, fen) in enumerate(GIFTS, 1):
        with clock.standing_at(now - timedelta(days=days_ago)):
            voucher = receipts.record(
                fund_id=fund.pk,
                kind="endowment",
                amount_fen=fen or terms().opening_fen,
                reference=f"DEMO-ENDOWMENT-{place}",
                who=crowd.staff["fund-keeper"],
            )
        with clock.standing_at(now - timedelta(days=days_ago - 1)):
            receipts.book(voucher_id=voucher.pk, who=crowd.staff["fund-approver"])
    return fund


def pay_first(crowd: People, fund: Fund, breached: list[Walk], now: datetime) -> None:
    """Take the unkept agreements that the fund may pay to different ends, the youngest first."""
    payable = [walk for walk in breached if walk.mediation.agreement.amount_fen <= terms().ordinary_claim_fen]
    payable.sort(key=lambda walk: walk.at, reverse=True)
    young = [walk for walk in payable if now - walk.at < timedelta(days=YOUNG_DAYS)][: len(YOUNG)]
    old = [walk for walk in payable if walk not in young]
    ends = [*zip(young, YOUNG, strict=False), *((walk, OLD[place % len(OLD)]) for place, walk in enumerate(old))]
    for walk, end in sorted(ends, key=lambda pair: pair[0].at):
        if end in YOUNG:
            walk.at = max(walk.at, now - timedelta(days={"applied": 0.2, "frozen": 1.2, "objected": 3}.get(end, 14)))
        if end != "left alone":
            _Payout(crowd, fund, walk, end).go()


@dataclass
class _Payout:
    crowd: People
    fund: Fund
    walk: Walk
    end: str

    def go(self) -> None:
        claim = self._applied()
        if self.end == "applied":
            return
        claim = self._checked(claim)
        if self.end == "frozen":
            return
        if self.end in ("objected", "returned") and self._objects(claim):
            return
        claim = self._decided(claim)
        if claim.state != Claim.State.DECIDED:
            return
        self._paid(claim)
        share = {"recovered": 1.0, "partly": 0.5}.get(self.end, 0)
        if share:
            self._repaid(claim, round(claim.amount_fen * share))

    def _applied(self) -> Claim:
        self.walk.later(0.1 if self.end == "applied" else 1)
        agreement = self.walk.mediation.agreement
        with self.walk.moment():
            return claims.apply(
                agreement_id=agreement.pk,
                fund_id=self.fund.pk,
                amount_fen=agreement.amount_fen,
                payee_name="示例收款人",
                payee_account=RETURNED_ACCOUNT if self.end == "returned" else ACCOUNT,
                has_no_other_compensation=True,
                assigns_the_claim=True,
                who=self.walk.citizen,
            )

    def _checked(self, claim: Claim) -> Claim:
        self.walk.later(0.5)
        with self.walk.moment():
            keeper = self.crowd.staff["fund-keeper"]
            return payouts.pass_formal_check(claim_id=claim.pk, who=keeper, version=claim.version)

    def _objects(self, claim: Claim) -> bool:
        contact = self.walk.shop.shop.contacts.filter(ended_at=None).select_related("user").first()
        if contact is None or self.end != "objected":
            return self.end == "objected"
        self.walk.later(0.5)
        with self.walk.moment():
            payouts.object_to(claim_id=claim.pk, who=contact.user, reason=OBJECTION)
        return True

    def _decided(self, claim: Claim) -> Claim:
        self.walk.later(1)
        answer = calendars.open_clocks(claim).filter(code=OBJECT).first()
        if track_for(claim.amount_fen).waits_for_objection and answer is not None:
            self.walk.at = max(self.walk.at, answer.due_at + timedelta(hours=10))
        if self.walk.at > self.walk.now:
            self.walk.at = self.walk.now - timedelta(minutes=3)
            return claim
        for name in ("fund-approver", "fund-approver2"):
            if claim.state != Claim.State.FROZEN:
                break
            with self.walk.moment():
                claim = payouts.approve(claim_id=claim.pk, who=self.crowd.staff[name], version=claim.version)
        return claim

    def _paid(self, claim: Claim) -> None:
        payment = claim.payments.get(state=Payment.State.OWED)
        with self.walk.moment():
            payments.settle(payment_id=payment.pk, **payments.transfer(payment_id=payment.pk))

    def _repaid(self, claim: Claim, fen: int) -> None:
        self.walk.later(8)
        with self.walk.moment():
            voucher = receipts.record(
                fund_id=self.fund.pk,
                kind="repayment",
                amount_fen=fen,
                reference=f"DEMO-REPAY-{claim.number}",
                claim_id=claim.pk,
                who=self.crowd.staff["fund-keeper"],
            )
            receipts.book(voucher_id=voucher.pk, who=self.crowd.staff["fund-approver"])
