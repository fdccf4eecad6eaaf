"""First payout 先行赔付: one claim from application to recourse, who approved it, and the orders to the bank."""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Claim(FSMModelMixin, models.Model):
    """A consumer asks the fund to pay what the shop signed for and did not pay.

    While it is frozen or decided its amount lies in RESERVED. `repaid_fen` is what the shop has given back of it.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("已申请")
        FROZEN = "frozen", _("待决定")
        DECIDED = "decided", _("付款中")
        PAID = "paid", _("已赔付")
        RECOURSE = "recourse", _("追偿中")
        RECOVERED = "recovered", _("已追回")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    UNPAID_ENDS: ClassVar[tuple[str, ...]] = (State.REFUSED, State.WITHDRAWN)
    RESERVING: ClassVar[tuple[str, ...]] = (State.FROZEN, State.DECIDED)

    public_id = PublicIdField()
    number = models.CharField(_("编号"), max_length=32, unique=True)
    agreement = models.ForeignKey("mediation.Agreement", on_delete=models.PROTECT, related_name="claims")
    fund = models.ForeignKey("mediation.Fund", on_delete=models.PROTECT, related_name="claims")
    state = FSMField(_("状态"), max_length=12, default=State.APPLIED, choices=State.choices, protected=True)
    amount_fen = models.BigIntegerField()
    payee_sealed = SealedTextField(aad_key="public_id")
    applied_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    checked_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    recourse_due_on = models.DateField(null=True)
    repaid_fen = models.BigIntegerField(default=0)
    reason_sealed = SealedTextField(aad_key="public_id", null=True, blank=True)
    objection_sealed = SealedTextField(aad_key="public_id", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=~Q(state__in=["refused", "withdrawn"]),
                name="one_live_claim_per_agreement",
            ),
            models.CheckConstraint(name="a_claim_asks_for_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="claim_maker_is_not_approver", condition=Q(decided_by=None) | ~Q(decided_by=F("checked_by"))
            ),
            models.CheckConstraint(
                name="frozen_claims_were_checked",
                condition=Q(state__in=["applied", "refused", "withdrawn"])
                | Q(checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="claims_to_pay_were_decided",
                condition=~Q(state__in=["decided", "paid", "recourse", "recovered"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_paid_claims_have_a_time_of_payment",
                condition=Q(state__in=["paid", "recourse", "recovered"], paid_at__isnull=False)
                | (~Q(state__in=["paid", "recourse", "recovered"]) & Q(paid_at=None)),
            ),
            models.CheckConstraint(
                name="not_repaid_more_than_paid", condition=Q(repaid_fen__gte=0, repaid_fen__lte=F("amount_fen"))
            ),
            models.CheckConstraint(
                name="recovered_claims_are_repaid", condition=~Q(state="recovered") | Q(repaid_fen=F("amount_fen"))
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def owed_fen(self) -> int:
        """What the shop still has to give back once the claim is paid."""
        return self.amount_fen - self.repaid_fen

    @transition(field=state, source=State.APPLIED, target=State.FROZEN)
    def freeze(self, *, by: int, at: datetime) -> None:
        self.checked_by_id = by
        self.checked_at = at

    @transition(field=state, source=State.FROZEN, target=State.DECIDED)
    def decide(self, *, by: int, at: datetime) -> None:
        self.decided_by_id = by
        self.decided_at = at

    @transition(field=state, source=[State.APPLIED, State.FROZEN], target=State.REFUSED)
    def refuse(self) -> None:
        """Somebody said no, with a reason."""

    @transition(field=state, source=[State.APPLIED, State.FROZEN, State.DECIDED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The consumer does not want it any more."""

    @transition(field=state, source=State.DECIDED, target=State.PAID)
    def pay(self, *, at: datetime) -> None:
        self.paid_at = at

    @transition(field=state, source=[State.PAID, State.RECOURSE, State.RECOVERED], target=State.DECIDED)
    def bank_returned(self) -> None:
        """The money came back after it was paid: the payee's account must be corrected and paid again."""
        self.paid_at = None
        self.recourse_due_on = None

    @transition(field=state, source=State.PAID, target=State.RECOURSE)
    def demand(self, *, due_on: date) -> None:
        self.recourse_due_on = due_on

    @transition(field=state, source=[State.PAID, State.RECOURSE], target=State.RECOVERED)
    def recover(self) -> None:
        """The shop paid back in full."""


class Approval(models.Model):
    """One approver's yes to a claim; `maker` repeats who checked it, so the database can refuse the same person."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="approvals")
    maker = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "by"], name="one_approval_per_person"),
            models.CheckConstraint(name="nobody_approves_their_own_check", condition=~Q(by=F("maker"))),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.by_id}"


class Payment(models.Model):
    """One order to the bank, under one key; an unknown outcome is asked for before anything is sent again."""

    class State(models.TextChoices):
        OWED = "owed", _("待发送")
        UNKNOWN = "unknown", _("银行处理中")
        DONE = "done", _("已到账")
        RETURNED = "returned", _("银行退回")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments")
    key = models.CharField(max_length=40, unique=True)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    bank_reference = models.CharField(max_length=40, blank=True)
    ordered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=["owed", "unknown", "done"]), name="one_live_payment_per_claim"
            ),
            models.CheckConstraint(name="a_payment_moves_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="settled_payments_have_a_time",
                condition=Q(state__in=["owed", "unknown"], settled_at=None)
                | Q(state__in=["done", "returned"], settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SandboxTransfer(models.Model):
    """What the sandbox bank (沙箱银行) was told: its own book, not the portal's."""

    key = models.CharField(max_length=40, unique=True)
    amount_fen = models.BigIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reference
