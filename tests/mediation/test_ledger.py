"""The book of first payout balances, never runs dry silently, and proves itself."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction

from mediation.models import Account, Entry, Fund
from mediation.selectors.statements import statement
from mediation.services import claims, ledger
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db


def a_keeper() -> Organisation:
    return Organisation.objects.create(code=uuid4().hex, name="示例基金管理处", short_name="基金处", kind="fund")


def staff(unit: Organisation, *roles: Role) -> User:
    user = User.objects.create(kind=User.Kind.STAFF, username=uuid4().hex, display_name="示例")
    for role in roles:
        Membership.objects.create(user=user, organisation=unit, role=role)
    return user


def a_fund(keeper: Organisation) -> Fund:
    return ledger.open_fund(code=uuid4().hex[:20], name="示例消费维权基金", kind=Fund.Kind.PUBLIC_FUND, keeper=keeper)


def balances(fund: Fund) -> dict[str, int]:
    return {row.kind: row.balance_fen for row in fund.accounts.all() if row.balance_fen}


def endow(fund: Fund, maker: User, approver: User, fen: int, reference: str = "") -> None:
    voucher = ledger.record_receipt(
        fund_id=fund.pk, kind="endowment", amount_fen=fen, reference=reference or uuid4().hex[:20], who=maker
    )
    claims.book_receipt(voucher_id=voucher.pk, who=approver)


def test_an_endowment_counts_only_when_a_second_person_books_it() -> None:
    keeper = a_keeper()
    maker, approver = staff(keeper, Role.FUND_KEEPER), staff(keeper, Role.FUND_APPROVER)
    fund = a_fund(keeper)

    voucher = ledger.record_receipt(
        fund_id=fund.pk, kind="endowment", amount_fen=1_000_00, reference="BANK-1", who=maker
    )
    assert balances(fund) == {}

    claims.book_receipt(voucher_id=voucher.pk, who=approver)

    assert balances(fund) == {"CASH": 1_000_00, "FUND_CAPITAL": 1_000_00}
    entry = Entry.objects.get()
    assert (entry.seq, entry.made_by, entry.approved_by) == (1, maker, approver)
    assert list(ledger.broken_books()) == []


def test_the_maker_cannot_book_their_own_voucher() -> None:
    keeper = a_keeper()
    both = staff(keeper, Role.FUND_KEEPER, Role.FUND_APPROVER)
    fund = a_fund(keeper)
    voucher = ledger.record_receipt(fund_id=fund.pk, kind="endowment", amount_fen=100, reference="B-1", who=both)

    with pytest.raises(Refused) as refusal:
        claims.book_receipt(voucher_id=voucher.pk, who=both)

    assert refusal.value.code == "maker_is_approver"
    assert Entry.objects.count() == 0
    assert balances(fund) == {}


def test_a_keeper_of_another_fund_is_refused() -> None:
    fund = a_fund(a_keeper())
    stranger = staff(a_keeper(), Role.FUND_KEEPER)

    with pytest.raises(Refused) as refusal:
        ledger.record_receipt(fund_id=fund.pk, kind="endowment", amount_fen=100, reference="B-1", who=stranger)

    assert (refusal.value.code, refusal.value.status) == ("forbidden", 403)
    assert fund.vouchers.count() == 0


def test_one_bank_line_is_written_down_once() -> None:
    keeper = a_keeper()
    maker = staff(keeper, Role.FUND_KEEPER)
    fund = a_fund(keeper)
    ledger.record_receipt(fund_id=fund.pk, kind="endowment", amount_fen=100, reference="B-1", who=maker)

    with pytest.raises(Refused) as refusal:
        ledger.record_receipt(fund_id=fund.pk, kind="endowment", amount_fen=100, reference="B-1", who=maker)

    assert (refusal.value.code, refusal.value.field) == ("reference_used", "reference")
    assert fund.vouchers.count() == 1


def test_the_fund_cannot_freeze_more_than_it_has() -> None:
    keeper = a_keeper()
    maker, approver = staff(keeper, Role.FUND_KEEPER), staff(keeper, Role.FUND_APPROVER)
    fund = a_fund(keeper)
    endow(fund, maker, approver, 99)

    with pytest.raises(Refused) as refusal, transaction.atomic():
        ledger.post(
            fund_id=fund.pk,
            kind=Entry.Kind.FREEZE,
            debit=Account.Kind.RESERVED,
            credit=Account.Kind.CASH,
            amount_fen=100,
            made_by=maker,
            document_sha256="0" * 64,
        )

    assert refusal.value.code == "fund_too_low"
    assert balances(fund) == {"CASH": 99, "FUND_CAPITAL": 99}
    assert Entry.objects.count() == 1


def test_the_database_itself_refuses_what_the_service_refuses() -> None:
    keeper = a_keeper()
    maker, approver = staff(keeper, Role.FUND_KEEPER), staff(keeper, Role.FUND_APPROVER)
    fund = a_fund(keeper)
    endow(fund, maker, approver, 100)
    cash = fund.accounts.get(kind="CASH")
    entry = Entry.objects.get()

    with pytest.raises(IntegrityError, match=r"below_zero|CHECK"), transaction.atomic():
        Account.objects.filter(pk=cash.pk).update(balance_fen=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(approved_by=maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(approved_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(credit=cash)

    assert list(ledger.broken_books()) == []


def test_a_tampered_balance_is_found() -> None:
    keeper = a_keeper()
    maker, approver = staff(keeper, Role.FUND_KEEPER), staff(keeper, Role.FUND_APPROVER)
    fund = a_fund(keeper)
    endow(fund, maker, approver, 100)

    fund.accounts.filter(kind="CASH").update(balance_fen=90)

    assert list(ledger.broken_books()) == [f"{fund.code} CASH: 90 fen kept, 100 fen proved"]


def test_the_monthly_statement_comes_from_entries_alone() -> None:
    keeper = a_keeper()
    maker, approver = staff(keeper, Role.FUND_KEEPER), staff(keeper, Role.FUND_APPROVER)
    fund = a_fund(keeper)
    with time_machine.travel(datetime(2026, 9, 30, 15, 59, tzinfo=UTC), tick=False):
        endow(fund, maker, approver, 500)
    with time_machine.travel(datetime(2026, 9, 30, 16, 1, tzinfo=UTC), tick=False):
        endow(fund, maker, approver, 70)

    october = statement(fund=fund, month=date(2026, 10, 1))

    assert (october.opening_fen, october.income_fen, october.closing_fen) == (500, 70, 570)
    assert (october.payouts_fen, october.recoveries_fen) == (0, 0)
