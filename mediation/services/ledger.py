"""The book of first payout: two legs an entry, whole fen, append-only."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mediation.models import Account, Claim, Entry, Fund, Payment
from mediation.payout_rules import FUND_ROLES, alarm_line
from portal.kernel import clock, events, notices, regions
from portal.kernel.errors import Refused
from portal.kernel.models import Membership, Organisation, User


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


def open_city_funds() -> list[Fund]:
    """Open the funds of the city pack; those that are open already stay as they are. Their keepers must exist."""
    return [
        open_fund(
            code=terms.code,
            name=terms.name,
            kind=terms.kind,
            keeper=Organisation.objects.get(code=terms.keeper),
            floor_fen=terms.floor_fen,
        )
        for terms in regions.city().funds
    ]


def post(
    *,
    fund_id: int,
    kind: Entry.Kind,
    debit: str,
    credit: str,
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
    Refused: `fund_too_low` when an account would fall below zero, `maker_is_approver` when one person did both.
    """
    if approved_by is not None and approved_by.pk == made_by.pk:
        raise maker_is_approver()
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
    if credit == Account.Kind.CASH:
        _watch_the_floor(fund, accounts[credit].balance_fen, amount_fen)
    return entry


def maker_is_approver() -> Refused:
    """What a person is told who would approve their own work."""
    return Refused("maker_is_approver", _("经办和审批不能是同一个人。"))


def _move(account: Account, amount_fen: int, *, is_debit: bool) -> None:
    grows = is_debit == (account.kind in Account.DEBIT_KINDS)
    account.balance_fen += amount_fen if grows else -amount_fen
    if account.balance_fen < 0:
        raise Refused("fund_too_low", _("资金账户余额不够，不能记这一笔。"), account=account.kind)
    account.save(update_fields=["balance_fen"])


def _watch_the_floor(fund: Fund, cash_fen: int, spent_fen: int) -> None:
    line = alarm_line(fund.floor_fen)
    if not cash_fen < line <= cash_fen + spent_fen:
        return
    events.record("fund.ran_low", fund, fen=cash_fen, line=line)
    people = Membership.objects.filter(organisation=fund.keeper, role__in=FUND_ROLES).values("user_id")
    for person in User.objects.filter(pk__in=people, is_active=True).order_by("pk"):
        notices.tell(person, "fund.ran_low", subject=fund, url_name="mediation:desk_claims")


def broken_books() -> Iterator[str]:
    """Every place where the books do not prove themselves; nothing when all is well.

    Of each fund: every balance against its entries, Σ debit = Σ credit, numbers without gaps, legs in other books,
    RESERVED against the claims that reserve, RECOURSE_RECEIVABLE against what shops owe, claims paid twice or not at
    all.
    """
    for fund in Fund.objects.prefetch_related("accounts").order_by("pk"):
        balances = {account.kind: account.balance_fen for account in fund.accounts.all()}
        for why in (
            *_wrong_balances(fund),
            *_gaps(fund),
            *_strange_legs(fund),
            *_unequal_sides(balances),
            *_wrong_reserve(fund, balances[Account.Kind.RESERVED]),
            *_wrong_receivable(fund, balances[Account.Kind.RECOURSE_RECEIVABLE]),
            *_wrongly_paid(fund),
        ):
            yield f"{fund.code}: {why}"


def _wrong_balances(fund: Fund) -> Iterator[str]:
    for account in fund.accounts.all():
        came, went = _sum(account.debits.all()), _sum(account.credits.all())
        proved = came - went if account.kind in Account.DEBIT_KINDS else went - came
        if proved != account.balance_fen:
            yield f"{account.kind} keeps {account.balance_fen} fen, its entries prove {proved}"


def _gaps(fund: Fund) -> Iterator[str]:
    numbers = list(fund.entries.order_by("seq").values_list("seq", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        yield "the entries are not numbered without gaps"


def _strange_legs(fund: Fund) -> Iterator[str]:
    for entry in fund.entries.exclude(debit__fund=F("fund"), credit__fund=F("fund")).order_by("seq"):
        yield f"entry {entry.seq} has a leg in another fund"


def _unequal_sides(balances: dict[str, int]) -> Iterator[str]:
    debit_fen = sum(fen for kind, fen in balances.items() if kind in Account.DEBIT_KINDS)
    credit_fen = sum(fen for kind, fen in balances.items() if kind not in Account.DEBIT_KINDS)
    if debit_fen != credit_fen:
        yield f"{debit_fen} fen on the debit side, {credit_fen} on the credit side"


def _wrong_reserve(fund: Fund, reserved_fen: int) -> Iterator[str]:
    owed = _sum(fund.claims.filter(state__in=Claim.RESERVING))
    if owed != reserved_fen:
        yield f"{reserved_fen} fen reserved, {owed} of claims that reserve"


def _wrong_receivable(fund: Fund, receivable_fen: int) -> Iterator[str]:
    paid = fund.claims.filter(state__in=[Claim.State.PAID, Claim.State.RECOURSE, Claim.State.RECOVERED])
    owed = paid.aggregate(fen=Sum(F("amount_fen") - F("repaid_fen")))["fen"] or 0
    if owed != receivable_fen:
        yield f"{receivable_fen} fen receivable, {owed} owed by shops"


def _wrongly_paid(fund: Fund) -> Iterator[str]:
    paid_out = Q(entries__kind=Entry.Kind.PAYOUT, entries__countered_by=None)
    claims = fund.claims.annotate(paid_fen=Sum("entries__amount_fen", filter=paid_out)).order_by("pk")
    for claim in claims:
        due = claim.amount_fen if claim.paid_at else 0
        if (claim.paid_fen or 0) != due:
            yield f"claim {claim.number} was paid {claim.paid_fen or 0} fen instead of {due}"


def _sum(rows: QuerySet[Entry] | QuerySet[Claim]) -> int:
    return rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0
