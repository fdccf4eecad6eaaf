"""Double entry in integer fen: funds, accounts, entries."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.ids import PublicIdField


class Fund(models.Model):
    """A pot of money that pays first (先行赔付资金)."""

    class Kind(models.TextChoices):
        PUBLIC_FUND = "PUBLIC_FUND", _("消费维权基金")

    public_id = PublicIdField()
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    keeper = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    floor_fen = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """One account of one fund. `balance_fen` is on the account's own side, so it is never below zero.

    It is kept in the transaction of each entry and proved from the entries by `broken_books`.
    """

    class Kind(models.TextChoices):
        CASH = "CASH", _("可用资金")
        RESERVED = "RESERVED", _("冻结资金")
        DEPOSIT_LIABILITY = "DEPOSIT_LIABILITY", _("应退保证金")
        FUND_CAPITAL = "FUND_CAPITAL", _("注入资金")
        RECOURSE_RECEIVABLE = "RECOURSE_RECEIVABLE", _("应向商家追回")
        PAYOUT_EXPENSE = "PAYOUT_EXPENSE", _("赔付支出")
        RECOVERY_INCOME = "RECOVERY_INCOME", _("追回收入")
        WRITE_OFF = "WRITE_OFF", _("核销")
        SUSPENSE = "SUSPENSE", _("待查来款")

    DEBIT_KINDS: ClassVar[frozenset[str]] = frozenset(
        {Kind.CASH, Kind.RESERVED, Kind.RECOURSE_RECEIVABLE, Kind.PAYOUT_EXPENSE, Kind.WRITE_OFF}
    )

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=20, choices=Kind)
    balance_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "kind"], name="one_account_of_each_kind"),
            models.CheckConstraint(name="no_account_below_zero", condition=Q(balance_fen__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.kind}"


class Entry(models.Model):
    """One movement of one amount from the credited to the debited account: balanced because it has exactly two legs.

    Append-only; what was wrong is countered by another entry. Entries by which money enters or leaves the fund name a
    maker and a different approver; freezing and releasing move it only between the fund's own two accounts at the bank.
    """

    class Kind(models.TextChoices):
        ENDOWMENT = "endowment", _("注资")
        FREEZE = "freeze", _("冻结")
        RELEASE = "release", _("解冻")
        PAYOUT = "payout", _("赔付")
        BANK_RETURN = "bank_return", _("银行退回")
        REPAYMENT = "repayment", _("商家归还")
        SET_ASIDE = "set_aside", _("归还款暂挂")
        SET_OFF = "set_off", _("暂挂款抵还")

    ONE_PERSON: ClassVar[tuple[str, ...]] = (Kind.FREEZE, Kind.RELEASE)

    public_id = PublicIdField()
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount_fen = models.BigIntegerField()
    claim = models.ForeignKey("mediation.Claim", on_delete=models.PROTECT, null=True, related_name="entries")
    payment = models.ForeignKey("mediation.Payment", on_delete=models.PROTECT, null=True, related_name="entries")
    document_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    counters = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="countered_by")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "seq"], name="entries_without_gaps"),
            models.CheckConstraint(
                name="an_entry_moves_something", condition=Q(amount_fen__gt=0) & ~Q(debit=F("credit"))
            ),
            models.CheckConstraint(
                name="maker_is_not_approver", condition=Q(approved_by=None) | ~Q(approved_by=F("made_by"))
            ),
            models.CheckConstraint(
                name="money_moves_only_with_an_approver",
                condition=Q(kind__in=["freeze", "release"]) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="all_but_endowments_name_their_claim",
                condition=Q(kind="endowment", claim=None) | (~Q(kind="endowment") & Q(claim__isnull=False)),
            ),
            models.CheckConstraint(
                name="payouts_and_returns_name_their_payment",
                condition=Q(kind__in=["payout", "bank_return"], payment__isnull=False)
                | (~Q(kind__in=["payout", "bank_return"]) & Q(payment=None)),
            ),
            models.CheckConstraint(
                name="only_a_return_counters",
                condition=Q(kind="bank_return", counters__isnull=False) | (~Q(kind="bank_return") & Q(counters=None)),
            ),
            models.UniqueConstraint(fields=["payment"], condition=Q(kind="payout"), name="a_payment_is_booked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.seq}"


class Voucher(models.Model):
    """Money that came in, written down by one person and booked by another (收款凭证).

    A slip of the pen is voided before it is booked; the bank line may then be written down anew.
    """

    class Kind(models.TextChoices):
        ENDOWMENT = "endowment", _("注资")
        REPAYMENT = "repayment", _("商家归还")

    public_id = PublicIdField()
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="vouchers")
    kind = models.CharField(max_length=12, choices=Kind)
    claim = models.ForeignKey("mediation.Claim", on_delete=models.PROTECT, null=True, related_name="vouchers")
    amount_fen = models.BigIntegerField()
    reference = models.CharField(_("银行流水号"), max_length=40)
    made_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "reference"], condition=Q(voided_by=None), name="a_bank_line_once"),
            models.CheckConstraint(name="a_voucher_is_worth_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="voucher_maker_is_not_approver", condition=Q(approved_by=None) | ~Q(approved_by=F("made_by"))
            ),
            models.CheckConstraint(
                name="a_voucher_is_booked_or_voided", condition=Q(approved_by=None) | Q(voided_by=None)
            ),
            models.CheckConstraint(
                name="repayments_name_their_claim",
                condition=Q(kind="repayment", claim__isnull=False) | Q(kind="endowment", claim=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
