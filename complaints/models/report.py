"""Reports 举报 and leads: tables of their own, secret from everyone outside the enforcement unit."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Report(FSMModelMixin, models.Model):
    """A lead of a suspected breach, from outside (举报) or found inside a complaint (案件线索).

    A report runs D07 from receipt of the material; a lead found in a complaint runs D06 from discovery (办法27).
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("举报")
        LEAD = "lead", _("投诉中发现的线索")

    class State(models.TextChoices):
        VERIFYING = "verifying", _("核查中")
        FILED = "filed", _("已立案")
        NOT_FILED = "not_filed", _("不予立案")
        NOT_COMPETENT = "not_competent", _("无权限，已告知")

    class Proposed(models.TextChoices):
        """What the handler has put before the reviewer; empty while nothing waits."""

        FILE = "file", _("立案")
        DECLINE = "decline", _("不予立案")
        HAND_BACK = "hand_back", _("无权限，告知举报人")
        EXTEND = "extend", _("延长核查期限")

    public_id = PublicIdField()
    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    state = FSMField(max_length=14, default=State.VERIFYING, choices=State.choices, protected=True)
    unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    shop = models.ForeignKey("publicity.Shop", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.CharField(max_length=6)
    target_name = SealedTextField(aad_key="public_id")
    target_address = SealedTextField(aad_key="public_id")
    facts = SealedTextField(aad_key="public_id")
    reported_class = models.CharField(max_length=30, blank=True)
    received_at = models.DateTimeField()
    handler = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    second_officer = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    proposed = models.CharField(max_length=14, choices=Proposed, blank=True)
    proposed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=20, blank=True)
    conditions = models.JSONField(default=list)
    reason = SealedTextField(aad_key="public_id", null=True)
    approved_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    receipt_index = models.CharField(max_length=64, unique=True)
    fact = models.OneToOneField("publicity.CaseFact", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="filing_takes_two_officers",
                condition=~Q(state="filed")
                | (Q(handler__isnull=False, second_officer__isnull=False) & ~Q(handler=F("second_officer"))),
            ),
            models.CheckConstraint(
                name="enforcement_reviewer_is_not_the_handler",
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("handler")) & ~Q(approved_by=F("proposed_by")))
                & (Q(second_officer=None) | ~Q(approved_by=F("second_officer"))),
            ),
            models.CheckConstraint(
                name="a_proposed_end_names_who_proposed_it",
                condition=Q(proposed="", proposed_by=None) | (~Q(proposed="") & Q(proposed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="verifying_reports_are_undecided",
                condition=Q(state="verifying", decided_at=None) | (~Q(state="verifying") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=State.VERIFYING, target=State.FILED)
    def file(self, *, at: datetime, approved_by: int) -> None:
        self.decided_at = at
        self.approved_by_id = approved_by

    @transition(field=state, source=State.VERIFYING, target=State.NOT_FILED)
    def decline(self, *, at: datetime, approved_by: int) -> None:
        self.decided_at = at
        self.approved_by_id = approved_by

    @transition(field=state, source=State.VERIFYING, target=State.NOT_COMPETENT)
    def hand_back(self, *, at: datetime, approved_by: int) -> None:
        self.decided_at = at
        self.approved_by_id = approved_by


class Reporter(models.Model):
    """Who reported, when they said so (举报人); never joined by anything but the enforcement selectors."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="reporter")
    name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    address = SealedTextField(null=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class ReportEvidence(models.Model):
    """One file of a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    upload = models.OneToOneField("kernel.Upload", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.upload_id)


class LeadLink(models.Model):
    """Which complaint a lead was found in; read only by the enforcement selectors, so a complaint never shows it."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="found_in")
    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="+")
    found_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.report_id)
