"""The book of first payout: two legs an entry, whole fen, append-only."""

import hashlib
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from mediation.models import Account, Claim, Entry, Fund, Payment, Voucher
from portal.kernel import clock, events
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused
from portal.kernel.models import Organisation, User


@transaction.atomic
def open_fund(*, code: str, name: str, kind: str, keeper: Organisation, floor_fen: int = 0) -> Fund:
    """Open a fund with one account of each kind, all at zero. Opening it again answers the same fund."""
    fund, is_new = Fund.objects.get_or_create(
        code=code, defaults={"name": name, "kind": kind, "keeper": keeper, "floor_fen": floor_fen}
    )
    if is_new:
        Account.objects.bulk_create([Account(fund=fund, kind=kind) for kind in Account.Kind.values])
        events.record("fund.opened", fund)
    return fund


def _move(account: Account, amount_fen: int, *, is_debit: bool) -> None:
    grows = is_debit == (account.kind in Account.DEBIT_KINDS)
    account.balance_fen += amount_fen if grows else -amount_fen
    if account.balance_fen < 0:
        raise Refused("fund_too_low", _("资金账户余额不够，不能记这一笔。"), account=account.kind)
    account.save(update_fields=["balance_fen"])


def post(
    *,
    fund_id: int,
    kind: Entry.Kind,
    debit: Account.Kind,
    credit: Account.Kind,
    amount_fen: int,
    made_by: User,
    document_sha256: str,
    approved_by: User | None = None,
    claim: Claim | None = None,
    payment: Payment | None = None,
    counters: Entry | None = None,
) -> Entry:
    """Book one entry in the caller's transaction and answer it.

    The fund row is locked first, so entries of one fund are numbered without gaps and no two see the same balance.
    Refuses `fund_too_low` when an account would fall below zero, `maker_is_approver` when one person did both.
    """
    if approved_by is not None and approved_by.pk == made_by.pk:
        raise Refused("maker_is_approver", _("经办和审批不能是同一个人。"))
    fund = Fund.objects.select_for_update().get(pk=fund_id)
    accounts = {row.kind: row for row in fund.accounts.select_for_update().filter(kind__in=[debit, credit])}
    _move(accounts[credit], amount_fen, is_debit=False)
    _move(accounts[debit], amount_fen, is_debit=True)
    last = fund.entries.order_by("-seq").values_list("seq", flat=True).first()
    entry = Entry.objects.create(
        fund=fund,
        seq=(last or 0) + 1,
        kind=kind,
        debit=accounts[debit],
        credit=accounts[credit],
        amount_fen=amount_fen,
        claim=claim,
        payment=payment,
        document_sha256=document_sha256,
        made_by=made_by,
        approved_by=approved_by,
        counters=counters,
        at=clock.now(),
    )
    events.record("fund.posted", fund, actor=approved_by or made_by, entry=entry.public_id, kind=kind, fen=amount_fen)
    return entry


@transaction.atomic
def record_receipt(
    *, fund_id: int, kind: str, amount_fen: int, reference: str, who: Who, claim_id: int | None = None
) -> Voucher:
    """Write down money that came in (注资 or 商家归还); it counts only when another person books it.

    Refuses `forbidden` to anyone but a fund keeper of that fund, `reference_used` for a bank line already written down.
    """
    fund = Fund.objects.select_for_update().get(pk=fund_id)
    keeper = require(who, Role.FUND_KEEPER, unit_id=fund.keeper_id)
    if amount_fen <= 0:
        raise Refused("amount", _("请填写大于 0 的金额。"), field="amount")
    if fund.vouchers.filter(reference=reference).exists():
        raise Refused("reference_used", _("这个银行流水号已经登记过。"), field="reference")
    voucher = Voucher.objects.create(
        fund=fund,
        kind=kind,
        claim_id=claim_id,
        amount_fen=amount_fen,
        reference=reference,
        made_by=keeper,
        made_at=clock.now(),
    )
    events.record("fund.receipt_recorded", fund, actor=keeper, voucher=voucher.public_id, fen=amount_fen)
    return voucher


def voucher_sha256(voucher: Voucher) -> str:
    """What a voucher's entries commit to: fund, kind, amount and bank line."""
    content = f"{voucher.fund.code}|{voucher.kind}|{voucher.amount_fen}|{voucher.reference}"
    return hashlib.sha256(content.encode()).hexdigest()


def broken_books() -> Iterator[str]:
    """Every place where the books do not prove themselves: balances, gaps, frozen claims, countered entries."""
    for fund in Fund.objects.prefetch_related("accounts"):
        for account in fund.accounts.all():
            debits = account.debits.aggregate(fen=Sum("amount_fen"))["fen"] or 0
            credits = account.credits.aggregate(fen=Sum("amount_fen"))["fen"] or 0
            proved = debits - credits if account.kind in Account.DEBIT_KINDS else credits - debits
            if proved != account.balance_fen:
                yield f"{fund.code} {account.kind}: {account.balance_fen} fen kept, {proved} fen proved"
        numbers = list(fund.entries.order_by("seq").values_list("seq", flat=True))
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{fund.code}: the entries are not numbered without gaps"
        frozen = fund.claims.filter(state__in=[Claim.State.FROZEN, Claim.State.DECIDED])
        owed = frozen.aggregate(fen=Sum("amount_fen"))["fen"] or 0
        reserved = fund.accounts.get(kind=Account.Kind.RESERVED).balance_fen
        if owed != reserved:
            yield f"{fund.code}: {reserved} fen reserved, {owed} fen of open claims"
