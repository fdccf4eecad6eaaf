"""The public statement of a fund, computed from its entries alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, Sum

from mediation.models import Account, Entry, Fund
from portal.kernel import clock


@dataclass(frozen=True)
class Statement:
    """One month of one fund, computed from its entries alone; all amounts in fen."""

    month: date
    opening_fen: int
    income_fen: int
    payouts_fen: int
    recoveries_fen: int
    closing_fen: int


def _money_at(fund: Fund, moment: datetime) -> int:
    """CASH + RESERVED of *fund* just before *moment*, from entries alone."""
    at_bank = [Account.Kind.CASH, Account.Kind.RESERVED]
    before = fund.entries.filter(at__lt=moment)
    came = before.filter(debit__kind__in=at_bank).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    went = before.filter(credit__kind__in=at_bank).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return came - went


def statement(*, fund: Fund, month: date) -> Statement:
    """The public statement of *month* (its first day): opening, income, payouts, recoveries, closing."""
    start = datetime.combine(month.replace(day=1), time(), tzinfo=clock.SHANGHAI)
    end = datetime.combine((month.replace(day=1) + timedelta(days=32)).replace(day=1), time(), tzinfo=clock.SHANGHAI)
    rows = fund.entries.filter(at__gte=start, at__lt=end)

    def total(where: Q) -> int:
        return rows.filter(where).aggregate(fen=Sum("amount_fen"))["fen"] or 0

    returned = total(Q(kind=Entry.Kind.BANK_RETURN))
    return Statement(
        month=month,
        opening_fen=_money_at(fund, start),
        income_fen=total(Q(kind__in=[Entry.Kind.ENDOWMENT, Entry.Kind.DEPOSIT])),
        payouts_fen=total(Q(kind=Entry.Kind.PAYOUT)) - returned,
        recoveries_fen=total(Q(kind=Entry.Kind.REPAYMENT)),
        closing_fen=_money_at(fund, end),
    )


def statements(fund: Fund, *, months: int = 12) -> list[Statement]:
    """The last *months* months that the fund has lived through, newest first, the running one included."""
    first_entry = fund.entries.order_by("seq").first()
    if first_entry is None:
        return []
    first = clock.day_of(first_entry.at).replace(day=1)
    today = clock.today()
    found = []
    for back in range(months):
        serial = today.year * 12 + today.month - 1 - back
        month = date(serial // 12, serial % 12 + 1, 1)
        if month < first:
            break
        found.append(statement(fund=fund, month=month))
    return found
