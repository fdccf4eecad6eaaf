"""The book of first payout balances, never runs dry silently, and proves itself."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from mediation import sql
from mediation.models import Account, Claim, Entry, Fund
from mediation.selectors.statements import statement
from mediation.services import ledger, payouts, receipts
from portal.kernel import events
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Event, Notice, Organisation
from tests import build, build_money
from tests.build_money import FundDesk, a_fund, an_empty_fund, endowed

pytestmark = pytest.mark.django_db


def record(desk: FundDesk, fen: int = 1_000_00, reference: str = "BANK-1", **more: object) -> int:
    said = {"fund_id": desk.fund.pk, "kind": "endowment", "amount_fen": fen, "reference": reference}
    return receipts.record(**{**said, "who": desk.keeper, **more}).pk  # type: ignore[arg-type]


def test_opening_a_fund_again_answers_the_same_fund() -> None:
    desk = an_empty_fund()

    again = ledger.open_fund(code=desk.fund.code, name="x", kind="PUBLIC_FUND", keeper=desk.fund.keeper)

    assert again == desk.fund
    assert sorted(row.kind for row in desk.fund.accounts.all()) == sorted(Account.Kind.values)
    assert [event.name for event in events.of(desk.fund)] == ["fund.opened"]


def test_the_funds_of_the_city_are_opened_once() -> None:
    Organisation.objects.create(code="tj-fund", name="示例基金会", short_name="基金会", kind="fund")

    assert ledger.open_city_funds() == ledger.open_city_funds()
    assert Fund.objects.count() == 1


def test_an_endowment_counts_only_when_a_second_person_books_it() -> None:
    desk = an_empty_fund()

    voucher = record(desk)
    assert desk.balances() == {}

    receipts.book(voucher_id=voucher, who=desk.approver)

    assert desk.balances() == {"CASH": 1_000_00, "FUND_CAPITAL": 1_000_00}
    entry = Entry.objects.get()
    assert (entry.seq, entry.made_by, entry.approved_by) == (1, desk.keeper, desk.approver)
    assert list(ledger.broken_books()) == []


def test_the_maker_cannot_book_their_own_voucher() -> None:
    desk = an_empty_fund()
    both = build.staff(Role.FUND_KEEPER, desk.fund.keeper, Role.FUND_APPROVER)
    voucher = record(desk, who=both)

    with pytest.raises(Refused) as refusal:
        receipts.book(voucher_id=voucher, who=both)

    assert refusal.value.code == "maker_is_approver"
    assert Entry.objects.count() == 0
    assert desk.balances() == {}


@pytest.mark.parametrize("who", ["approver", "stranger"])
def test_only_a_keeper_of_the_fund_writes_receipts_down(who: str) -> None:
    desk = an_empty_fund()
    person = desk.approver if who == "approver" else an_empty_fund().keeper

    with pytest.raises(Refused) as refusal:
        record(desk, who=person)

    assert (refusal.value.code, refusal.value.status) == ("forbidden", 403)
    assert desk.fund.vouchers.count() == 0


@pytest.mark.parametrize("who", ["keeper", "stranger"])
def test_only_an_approver_of_the_fund_books(who: str) -> None:
    desk = an_empty_fund()
    voucher = record(desk)
    person = desk.keeper if who == "keeper" else an_empty_fund().approver

    with pytest.raises(Refused) as refusal:
        receipts.book(voucher_id=voucher, who=person)

    assert (refusal.value.code, refusal.value.status) == ("forbidden", 403)
    assert desk.fund.entries.count() == 0


def test_a_voucher_is_booked_once() -> None:
    desk = an_empty_fund()
    voucher = record(desk)
    receipts.book(voucher_id=voucher, who=desk.approver)

    with pytest.raises(Refused) as refusal:
        receipts.book(voucher_id=voucher, who=desk.second_approver)

    assert refusal.value.code == "voucher_moved_on"
    assert desk.balances() == {"CASH": 1_000_00, "FUND_CAPITAL": 1_000_00}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fen": 0}, "amount"),
        ({"fen": -5}, "amount"),
        ({"reference": "  "}, "reference"),
        ({"reference": "9" * 41}, "reference"),
    ],
)
def test_a_receipt_without_amount_or_bank_line_is_refused(changes: dict[str, object], field: str) -> None:
    desk = an_empty_fund()

    with pytest.raises(Refused) as refusal:
        record(desk, **changes)  # type: ignore[arg-type]

    assert (refusal.value.code, refusal.value.field) == (field, field)
    assert desk.fund.vouchers.count() == 0


def test_one_bank_line_is_written_down_once() -> None:
    desk = an_empty_fund()
    record(desk)

    with pytest.raises(Refused) as refusal:
        record(desk, reference=" BANK-1 ")

    assert (refusal.value.code, refusal.value.field) == ("reference_used", "reference")
    assert desk.fund.vouchers.count() == 1


def test_a_slip_of_the_pen_is_struck_out_and_written_anew() -> None:
    desk = an_empty_fund()
    wrong = record(desk, fen=1_000_00)

    receipts.void(voucher_id=wrong, who=desk.approver)
    receipts.book(voucher_id=record(desk, fen=10_000_00), who=desk.approver)

    assert desk.balances() == {"CASH": 10_000_00, "FUND_CAPITAL": 10_000_00}
    with pytest.raises(Refused) as refusal:
        receipts.book(voucher_id=wrong, who=desk.approver)
    assert refusal.value.code == "voucher_moved_on"
    assert desk.fund.entries.count() == 1


def test_a_booked_voucher_cannot_be_struck_out() -> None:
    desk = an_empty_fund()
    voucher = record(desk)
    receipts.book(voucher_id=voucher, who=desk.approver)

    with pytest.raises(Refused) as refusal:
        receipts.void(voucher_id=voucher, who=desk.keeper)

    assert refusal.value.code == "voucher_moved_on"
    assert desk.fund.vouchers.get().voided_by is None


def test_a_repayment_names_a_claim_that_was_paid() -> None:
    matter, claim = build_money.a_frozen_claim()
    before = build_money.snapshot(claim)

    with pytest.raises(Refused) as refusal:
        record(matter.desk, kind="repayment", claim_id=claim.pk)

    assert refusal.value.code == "nothing_owed"
    assert build_money.snapshot(claim) == before


def test_the_fund_cannot_freeze_more_than_it_has() -> None:
    matter = build_money.a_breached_agreement(a_fund(798_99), fen=799_00)
    _matter, claim = build_money.a_claim(matter)
    before = build_money.snapshot(claim)

    with pytest.raises(Refused) as refusal:
        payouts.pass_formal_check(claim_id=claim.pk, who=matter.desk.keeper, version=claim.version)

    assert refusal.value.code == "fund_too_low"
    assert build_money.snapshot(claim) == before
    assert Claim.objects.get().state == Claim.State.APPLIED


def test_the_alarm_sounds_once_when_free_money_falls_below_a_fifth_of_the_floor() -> None:
    desk = a_fund(1_000_00, floor_fen=2_000_00)
    matter = build_money.a_breached_agreement(desk, fen=600_00)
    second = build_money.a_breached_agreement(desk, fen=100_00)

    build_money.a_frozen_claim(matter)
    assert Event.objects.filter(name="fund.ran_low").count() == 0
    build_money.a_frozen_claim(second)
    assert desk.balances()["CASH"] == 300_00

    assert [event.payload for event in events.of(desk.fund).filter(name="fund.ran_low")] == [
        {"fen": 300_00, "line": 400_00}
    ]
    told = Notice.objects.filter(name="fund.ran_low").values_list("user_id", flat=True)
    assert sorted(told) == sorted([desk.keeper.pk, desk.approver.pk, desk.second_approver.pk])


def test_the_database_itself_refuses_what_the_service_refuses() -> None:
    desk = endowed(an_empty_fund(), 100)
    cash = desk.fund.accounts.get(kind="CASH")
    entry = Entry.objects.get()

    with pytest.raises(IntegrityError, match=r"below_zero|CHECK"), transaction.atomic():
        Account.objects.filter(pk=cash.pk).update(balance_fen=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(approved_by=desk.keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(approved_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(credit=cash)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(kind="payout")

    assert list(ledger.broken_books()) == []


def test_a_tampered_balance_is_found() -> None:
    desk = endowed(an_empty_fund(), 100)

    desk.fund.accounts.filter(kind="CASH").update(balance_fen=90)

    assert list(ledger.broken_books()) == [
        f"{desk.fund.code}: CASH keeps 90 fen, its entries prove 100",
        f"{desk.fund.code}: 90 fen on the debit side, 100 on the credit side",
    ]


def test_money_reserved_for_nobody_is_found() -> None:
    matter, claim = build_money.a_frozen_claim()
    assert list(ledger.broken_books()) == []

    Claim.objects.filter(pk=claim.pk).update(state="applied", checked_by=None, checked_at=None)

    assert list(ledger.broken_books()) == [f"{matter.desk.fund.code}: 79900 fen reserved, 0 of claims that reserve"]


def test_a_claim_called_paid_without_a_payout_is_found() -> None:
    matter, claim = build_money.a_paid_claim()
    Claim.objects.filter(pk=claim.pk).update(state="decided", paid_at=None)

    code = matter.desk.fund.code
    assert list(ledger.broken_books()) == [
        f"{code}: 0 fen reserved, 79900 of claims that reserve",
        f"{code}: 79900 fen receivable, 0 owed by shops",
        f"{code}: claim {claim.number} was paid 79900 fen instead of 0",
    ]


@pytest.fixture
def triggers() -> None:
    with connection.cursor() as cursor:
        for statement_ in sql.statements(connection.vendor):
            cursor.execute(statement_)


@pytest.mark.usefixtures("triggers")
def test_an_entry_is_never_changed_or_taken_out() -> None:
    desk = endowed(an_empty_fund(), 100)
    entry = Entry.objects.get()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(amount_fen=99)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).delete()

    assert Entry.objects.get().amount_fen == 100
    assert list(ledger.broken_books()) == []
    assert desk.balances() == {"CASH": 100, "FUND_CAPITAL": 100}


@pytest.mark.usefixtures("triggers")
def test_an_entry_moves_money_within_one_fund_only() -> None:
    desk, other = endowed(an_empty_fund(), 100), an_empty_fund()
    entry = Entry.objects.get()
    entry.pk, entry.public_id, entry.seq = None, "x" * 20, 2
    entry.debit = other.fund.accounts.get(kind="CASH")

    with pytest.raises(IntegrityError, match="another fund"), transaction.atomic():
        entry.save(force_insert=True)

    assert desk.fund.entries.count() == 1


def test_the_monthly_statement_comes_from_entries_alone() -> None:
    desk = an_empty_fund()
    with time_machine.travel(datetime(2026, 9, 30, 15, 59, tzinfo=UTC), tick=False):
        endowed(desk, 500)
    with time_machine.travel(datetime(2026, 9, 30, 16, 1, tzinfo=UTC), tick=False):
        endowed(desk, 70)

    october = statement(fund=desk.fund, month=date(2026, 10, 1))

    assert (october.opening_fen, october.income_fen, october.closing_fen) == (500, 70, 570)
    assert (october.payouts_fen, october.recoveries_fen) == (0, 0)
    assert (october.two_person_count, october.two_person_of) == (1, 1)
