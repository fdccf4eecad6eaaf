"""Whatever is endowed, frozen, released, paid, returned and repaid, in whatever order: the books prove themselves."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from mediation.models import Account, Claim, Payment, SandboxTransfer
from mediation.selectors.statements import statement
from mediation.services import claims, ledger, payouts
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests.build_money import (
    GOOD_ACCOUNT,
    RETURNED_ACCOUNT,
    FundDesk,
    Matter,
    a_breached_agreement,
    an_empty_fund,
    apply,
    asked,
    endowed,
    repaid,
    sent,
)

State = Claim.State
Step = TypeVar("Step", bound=Callable[..., Any])
MOST = 600_00
accounts = st.sampled_from([GOOD_ACCOUNT, GOOD_ACCOUNT, RETURNED_ACCOUNT])


def some(*states: str, sent_back: bool = False) -> Callable[[Step], Step]:
    """Only while the model knows a claim in one of *states* (whose payment the bank sent back)."""
    return precondition(lambda self: bool(self.claims_in(*states, sent_back=sent_back)))


class Book(RuleBasedStateMachine):
    """One fund and three unkept agreements, walked through the services; the model counts fen on its own."""

    matters: ClassVar[list[Matter]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.cash = self.endowed = self.paid = self.recovered = 0
        self.reserved: dict[int, int] = {}
        self.owed: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @property
    def desk(self) -> FundDesk:
        return self.matters[0].desk

    def claims_in(self, *states: str, sent_back: bool = False) -> list[Claim]:
        rows = Claim.objects.filter(state__in=states).order_by("pk")
        return [row for row in rows if not sent_back or not row.payments.exclude(state="returned").exists()]

    def matter_of(self, claim: Claim) -> Matter:
        return next(matter for matter in self.matters if matter.agreement.pk == claim.agreement_id)

    def free(self) -> list[Matter]:
        return [row for row in self.matters if not row.agreement.claims.exclude(state__in=Claim.UNPAID_ENDS).exists()]

    @rule(fen=st.integers(1, 1_500_00))
    def endow(self, fen: int) -> None:
        endowed(self.desk, fen)
        self.cash += fen
        self.endowed += fen

    @precondition(lambda self: bool(self.free()))
    @rule(data=st.data(), fen=st.integers(1, MOST), account=accounts)
    def apply(self, data: st.DataObject, fen: int, account: str) -> None:
        apply(data.draw(st.sampled_from(self.free())), amount_fen=fen, payee_account=account)

    @some(State.APPLIED)
    @rule(data=st.data())
    def freeze(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims_in(State.APPLIED)))
        said = {"claim_id": claim.pk, "version": claim.version}
        if self.cash < claim.amount_fen:
            with pytest.raises(Refused, match="fund_too_low"), transaction.atomic():
                payouts.pass_formal_check(who=self.desk.keeper, **said)
            return
        payouts.pass_formal_check(who=self.desk.keeper, **said)
        self.cash -= claim.amount_fen
        self.reserved[claim.pk] = claim.amount_fen

    @some(State.FROZEN)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims_in(State.FROZEN)))
        payouts.refuse(claim_id=claim.pk, who=self.desk.approver, version=claim.version, reason="材料不符。")
        self.cash += self.reserved.pop(claim.pk)

    @some(State.FROZEN)
    @rule(data=st.data())
    def decide_and_pay(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims_in(State.FROZEN)))
        claim = payouts.object_to(claim_id=claim.pk, who=self.matter_of(claim).merchant, reason="不同意。")
        for approver in (self.desk.approver, self.desk.second_approver):
            if claim.state == State.FROZEN:
                claim = payouts.approve(claim_id=claim.pk, who=approver, version=claim.version)
        self._send(claim)

    @some(State.APPLIED, State.FROZEN)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self._withdraw(data.draw(st.sampled_from(self.claims_in(State.APPLIED, State.FROZEN))))

    @some(State.DECIDED, sent_back=True)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        self._withdraw(data.draw(st.sampled_from(self.claims_in(State.DECIDED, sent_back=True))))

    def _withdraw(self, claim: Claim) -> None:
        claims.withdraw(claim_id=claim.pk, who=self.matter_of(claim).consumer, version=claim.version)
        self.cash += self.reserved.pop(claim.pk, 0)

    @some(State.DECIDED, sent_back=True)
    @rule(data=st.data(), account=accounts)
    def correct_the_payee(self, data: st.DataObject, account: str) -> None:
        claim = data.draw(st.sampled_from(self.claims_in(State.DECIDED, sent_back=True)))
        self._send(
            claims.correct_payee(
                claim_id=claim.pk,
                who=self.matter_of(claim).consumer,
                version=claim.version,
                payee_name="林示例",
                payee_account=account,
            )
        )

    def _send(self, claim: Claim) -> None:
        claim = sent(claim)
        if claim.payments.filter(state=Payment.State.DONE).exists():
            self.paid += self.reserved.pop(claim.pk)
            self.owed[claim.pk] = claim.amount_fen - claim.repaid_fen

    @some(State.RECOURSE, State.RECOVERED)
    @rule(data=st.data())
    def the_bank_sends_it_back(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims_in(State.RECOURSE, State.RECOVERED)))
        key = claim.payments.get(state=Payment.State.DONE).key
        SandboxTransfer.objects.filter(key=key).update(returned_at=clock.now())
        asked(claim)
        self.paid -= claim.amount_fen
        self.reserved[claim.pk] = claim.amount_fen
        del self.owed[claim.pk]

    @some(State.RECOURSE, State.RECOVERED)
    @rule(data=st.data(), fen=st.integers(1, MOST + 100))
    def the_shop_repays(self, data: st.DataObject, fen: int) -> None:
        claim = data.draw(st.sampled_from(self.claims_in(State.RECOURSE, State.RECOVERED)))
        repaid(self.matter_of(claim), claim, fen)
        self.cash += fen
        self.recovered += fen
        self.owed[claim.pk] = max(0, self.owed[claim.pk] - fen)

    @invariant()
    def the_books_prove_themselves(self) -> None:
        assert list(ledger.broken_books()) == []

    @invariant()
    def the_balances_are_what_the_model_counts(self) -> None:
        balances = {row.kind: row.balance_fen for row in self.desk.fund.accounts.all()}
        assert min(balances.values()) >= 0
        assert balances[Account.Kind.CASH] == self.cash
        assert balances[Account.Kind.RESERVED] == sum(self.reserved.values())
        assert balances[Account.Kind.RECOURSE_RECEIVABLE] == sum(self.owed.values())
        assert balances[Account.Kind.FUND_CAPITAL] == self.endowed
        debits = sum(fen for kind, fen in balances.items() if kind in Account.DEBIT_KINDS)
        assert 2 * debits == sum(balances.values())

    @invariant()
    def the_statement_adds_up(self) -> None:
        shown = statement(fund=self.desk.fund, month=clock.today())
        assert shown.opening_fen + shown.income_fen - shown.payouts_fen + shown.recoveries_fen == shown.closing_fen
        assert (shown.income_fen, shown.payouts_fen, shown.recoveries_fen) == (
            self.endowed,
            self.paid,
            self.recovered,
        )
        assert shown.closing_fen == self.cash + sum(self.reserved.values())
        assert shown.reserved_fen == sum(self.reserved.values())
        assert shown.two_person_count == shown.two_person_of


@pytest.mark.django_db
def test_the_book_balances_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = an_empty_fund()
    matters = [a_breached_agreement(desk, fen=MOST) for _ in range(3)]
    monkeypatch.setattr(Book, "matters", matters, raising=False)
    chosen = settings(
        max_examples=5, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Book, settings=chosen)
