"""The public statement of a fund, computed from its entries alone."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from mediation.models import Account, Entry, Fund
from mediation.payout_rules import terms
from portal.kernel import clock
from portal.kernel.errors import not_found

AT_BANK = (Account.Kind.CASH, Account.Kind.RESERVED)


@dataclass(frozen=True)
class Total:
    """How many entries, and how much money in all."""

    count: int = 0
    fen: int = 0


@dataclass(frozen=True)
class Statement:
    """One month of one fund: opening + income - payouts + recoveries = closing, all amounts in fen.

    `returned` is what the bank sent back of earlier payouts; `payouts_fen` is net of it.
    """

    fund: Fund
    month: date
    opening_fen: int
    income: Total
    paid: Total
    small_count: int
    returned: Total
    recovered: Total
    closing_fen: int
    reserved_fen: int
    two_person_count: int
    two_person_of: int

    @property
    def payouts_fen(self) -> int:
        return self.paid.fen - self.returned.fen

    @property
    def income_fen(self) -> int:
        return self.income.fen

    @property
    def recoveries_fen(self) -> int:
        return self.recovered.fen

    @property
    def is_running(self) -> bool:
        """Whether the month is not over yet."""
        return self.month == month_of(clock.today())

    @property
    def change_percent(self) -> float:
        """By how many per cent the closing balance lies above the opening one."""
        return round(100 * (self.closing_fen - self.opening_fen) / self.opening_fen, 1) if self.opening_fen else 0.0

    @property
    def lost_percent(self) -> float:
        """By how many per cent it lies below."""
        return -self.change_percent

    @cached_property
    def body(self) -> dict[str, Any]:
        """What the fingerprint is taken over: the figures, and the entries from which they follow."""
        return {
            "fund": self.fund.code,
            "month": f"{self.month:%Y-%m}",
            "currency": "CNY",
            "unit": "fen",
            "opening": self.opening_fen,
            "income": self.income.fen,
            "payouts": self.payouts_fen,
            "recoveries": self.recovered.fen,
            "closing": self.closing_fen,
            "entries": [_public(entry) for entry in entries_of(self.fund, self.month)],
        }

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of `body` in canonical JSON; anyone can recompute it from the download."""
        canonical = json.dumps(self.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def _span(month: date) -> tuple[datetime, datetime]:
    following = month_of(month_of(month) + timedelta(days=32))
    start, end = (datetime.combine(day, time(), tzinfo=clock.SHANGHAI) for day in (month_of(month), following))
    return start, end


def entries_of(fund: Fund, month: date) -> QuerySet[Entry]:
    """The entries of one month, in their order."""
    start, end = _span(month)
    return fund.entries.filter(at__gte=start, at__lt=end).select_related("debit", "credit").order_by("seq")


def _public(entry: Entry) -> list[str | int]:
    day = clock.day_of(entry.at).isoformat()
    return [entry.seq, day, entry.kind, entry.debit.kind, entry.credit.kind, entry.amount_fen]


def _at_bank(fund: Fund, moment: datetime, *kinds: str) -> int:
    before = fund.entries.filter(at__lt=moment)
    came = before.filter(debit__kind__in=kinds).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    went = before.filter(credit__kind__in=kinds).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return came - went


def statement(*, fund: Fund, month: date) -> Statement:
    """The public statement of *month* (any of its days)."""
    start, end = _span(month)
    rows = fund.entries.filter(at__gte=start, at__lt=end)
    crossing = rows.filter(Q(debit__kind__in=AT_BANK) ^ Q(credit__kind__in=AT_BANK))
    by_kind = {
        row["kind"]: Total(row["count"], row["fen"])
        for row in crossing.values("kind").annotate(count=Count("pk"), fen=Sum("amount_fen")).order_by()
    }
    needing_two = rows.exclude(kind__in=Entry.ONE_PERSON)
    small = rows.filter(kind=Entry.Kind.PAYOUT, amount_fen__lte=terms().small_claim_fen)
    return Statement(
        fund=fund,
        month=month_of(month),
        opening_fen=_at_bank(fund, start, *AT_BANK),
        income=by_kind.get(Entry.Kind.ENDOWMENT, Total()),
        paid=by_kind.get(Entry.Kind.PAYOUT, Total()),
        small_count=small.count(),
        returned=by_kind.get(Entry.Kind.BANK_RETURN, Total()),
        recovered=by_kind.get(Entry.Kind.REPAYMENT, Total()),
        closing_fen=_at_bank(fund, end, *AT_BANK),
        reserved_fen=_at_bank(fund, end, Account.Kind.RESERVED),
        two_person_count=needing_two.exclude(approved_by=None).exclude(approved_by=F("made_by")).count(),
        two_person_of=needing_two.count(),
    )


def months(fund: Fund) -> list[date]:
    """Every month that the fund has lived through, newest first, the running one included."""
    first_entry = fund.entries.order_by("seq").first()
    if first_entry is None:
        return []
    month, last = month_of(clock.day_of(first_entry.at)), month_of(clock.today())
    found = []
    while month <= last:
        found.append(month)
        month = month_of(month + timedelta(days=32))
    return found[::-1]


def month_wanted(fund: Fund, text: str) -> date | None:
    """The month named `2026-10`; without a name the last one that is over, or the running one while none is.

    None before the fund has any entry; not found for a month that it has not lived through.
    """
    known = months(fund)
    if not text:
        return (known[1] if len(known) > 1 else known[0]) if known else None
    for month in known:
        if f"{month:%Y-%m}" == text:
            return month
    raise not_found()


def is_balanced(fund: Fund) -> bool:
    """Whether all debit balances together equal all credit balances."""
    balances = fund.accounts.values_list("kind", "balance_fen")
    signed = sum(fen if kind in Account.DEBIT_KINDS else -fen for kind, fen in balances)
    return signed == 0
