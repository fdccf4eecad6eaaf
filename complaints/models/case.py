"""One consumer's dispute with one shop."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Case(FSMModelMixin, models.Model):
    """One complaint (投诉件), from receipt to closing.

    Two receipt times: `hub_received_at` at the unified receiving office, `competent_received_at` at the bureau that may
    decide; only the second starts D01.
    """

    class State(models.TextChoices):
        INCOMPLETE = "incomplete", _("待补正登记")
        HUB_RECEIVED = "hub_received", _("登记待分送")
        DISPATCHED = "dispatched", _("待受理决定")
        ACCEPTED = "accepted", _("已受理，征求调解意见")
        MEDIATING = "mediating", _("调解中")
        SETTLED = "settled", _("调解成功")
        TERMINATED = "terminated", _("终止调解")
        REJECTED = "rejected", _("不予受理")
        WITHDRAWN = "withdrawn", _("已撤回")
        TRANSFERRED_OUT = "transferred_out", _("已移送其他单位")
        CLOSED = "closed", _("办结")

    OPEN_STATES: ClassVar[tuple[str, ...]] = (
        State.INCOMPLETE,
        State.HUB_RECEIVED,
        State.DISPATCHED,
        State.ACCEPTED,
        State.MEDIATING,
        State.SETTLED,
        State.TERMINATED,
        State.REJECTED,
    )

    class Channel(models.TextChoices):
        PORTAL = "PORTAL", _("本网站")
        API = "API", _("接口")
        T12315 = "T12315", _("12315 热线")
        T12345 = "T12345", _("12345 热线工单")
        P12315 = "P12315", _("全国 12315 平台")
        WINDOW = "WINDOW", _("受理窗口")
        MAIL = "MAIL", _("来信")
        TRANSFER = "TRANSFER", _("其他部门转来")

    class Regime(models.TextChoices):
        ORDER121 = "ORDER121", _("总局令第 121 号")
        ORDER20 = "ORDER20", _("总局令第 20 号（已废止）")

    public_id = PublicIdField()
    number = models.CharField(_("编号"), max_length=32, unique=True, null=True)
    channel = models.CharField(max_length=10, choices=Channel)
    source_system = models.CharField(max_length=30, blank=True)
    source_no = models.CharField(max_length=60, blank=True)
    source_received_on = models.DateField(null=True)
    regime = models.CharField(max_length=10, choices=Regime, default=Regime.ORDER121)
    state = FSMField(_("状态"), max_length=16, default=State.HUB_RECEIVED, choices=State.choices, protected=True)

    shop = models.ForeignKey("publicity.Shop", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.CharField(max_length=6, blank=True)
    hub = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")

    title = models.CharField(_("事由"), max_length=60)
    facts_sealed = SealedTextField(aad_key="public_id")
    topic = models.CharField(max_length=30, blank=True)
    problem = models.CharField(max_length=8, blank=True)
    object_class = models.CharField(max_length=12, blank=True)
    sale_mode = models.CharField(max_length=16, blank=True)
    purchased_on = models.DateField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    claims = models.JSONField(default=list)
    claimed_fen = models.BigIntegerField(default=0)
    agrees_to_disclosure = models.BooleanField(default=False)
    agrees_to_delegation = models.BooleanField(default=False)
    consent_text_version = models.CharField(max_length=20, blank=True)

    submitted_at = models.DateTimeField()
    hub_received_at = models.DateTimeField(null=True)
    competent_received_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    lead_checked = models.BooleanField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    recovered_fen = models.BigIntegerField(default=0)
    fact = models.OneToOneField("publicity.CaseFact", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_system", "source_no"], condition=~Q(source_no=""), name="a_source_number_once"
            ),
            models.CheckConstraint(
                name="only_incomplete_cases_lack_a_number",
                condition=Q(number__isnull=False) | Q(state__in=["incomplete", "transferred_out", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="decided_out_of_dispatched",
                condition=Q(
                    state__in=["accepted", "mediating", "settled", "terminated", "rejected"], decided_at__isnull=False
                )
                | Q(state__in=["incomplete", "hub_received", "dispatched"], decided_at=None)
                | Q(state__in=["withdrawn", "transferred_out", "closed"]),
            ),
            models.CheckConstraint(
                name="with_a_bureau_from_dispatch_on",
                condition=Q(state__in=["incomplete", "hub_received", "withdrawn", "transferred_out"])
                | Q(unit__isnull=False, competent_received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_cases_are_complete",
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False, lead_checked__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(name="no_negative_claim", condition=Q(claimed_fen__gte=0, recovered_fen__gte=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "state"]), models.Index(fields=["shop", "state"])]

    def __str__(self) -> str:
        return self.number or self.public_id

    @transition(field=state, source=State.INCOMPLETE, target=State.HUB_RECEIVED)
    def complete(self, *, number: str, at: datetime) -> None:
        self.number = number
        self.submitted_at = at
        self.hub_received_at = at

    @transition(field=state, source=State.HUB_RECEIVED, target=State.DISPATCHED)
    def dispatch(self, *, unit_id: int, at: datetime) -> None:
        self.unit_id = unit_id
        self.competent_received_at = at

    @transition(field=state, source=State.DISPATCHED, target=State.HUB_RECEIVED)
    def return_to_hub(self) -> None:
        self.unit = None
        self.handler = None
        self.competent_received_at = None

    @transition(field=state, source=State.DISPATCHED, target=State.ACCEPTED)
    def accept(self, *, at: datetime) -> None:
        self.decided_at = at

    @transition(field=state, source=State.DISPATCHED, target=State.REJECTED)
    def reject(self, *, at: datetime) -> None:
        self.decided_at = at
        self.outcome = "rejected"

    @transition(field=state, source=State.ACCEPTED, target=State.MEDIATING)
    def start_mediation(self) -> None:
        """Both sides have agreed to mediate (办法18)."""

    @transition(field=state, source=State.MEDIATING, target=State.SETTLED)
    def settle(self, *, recovered_fen: int) -> None:
        self.recovered_fen = recovered_fen
        self.outcome = "settled"

    @transition(field=state, source=[State.ACCEPTED, State.MEDIATING], target=State.TERMINATED)
    def terminate(self, *, outcome: str) -> None:
        self.outcome = outcome

    @transition(field=state, source=[State.INCOMPLETE, State.HUB_RECEIVED, State.DISPATCHED], target=State.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.closed_at = at
        self.outcome = "withdrawn"

    @transition(
        field=state, source=[State.INCOMPLETE, State.HUB_RECEIVED, State.DISPATCHED], target=State.TRANSFERRED_OUT
    )
    def transfer_out(self, *, at: datetime) -> None:
        self.closed_at = at
        self.outcome = "transferred"

    @transition(field=state, source=[State.SETTLED, State.TERMINATED, State.REJECTED], target=State.CLOSED)
    def close(self, *, at: datetime, lead_checked: bool) -> None:
        self.closed_at = at
        self.lead_checked = lead_checked
