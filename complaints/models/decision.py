"""Proposals that a second person must approve, and what the routing suggested."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Proposal(models.Model):
    """A rejection (不予受理) or termination (终止调解), proposed by one person and decided by another."""

    class Kind(models.TextChoices):
        REJECTION = "rejection", _("不予受理")
        TERMINATION = "termination", _("终止调解")

    class State(models.TextChoices):
        OPEN = "open", _("待审核")
        APPROVED = "approved", _("已批准")
        RETURNED = "returned", _("已退回")
        VOID = "void", _("已失效")

    public_id = PublicIdField()
    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ground = models.CharField(max_length=12)
    reason_sealed = SealedTextField(aad_key="public_id")
    proposed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="one_open_proposal_per_case"),
            models.CheckConstraint(
                name="reviewer_is_not_the_handler", condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="decided_proposals_name_their_reviewer",
                condition=Q(state__in=["open", "void"], decided_by=None)
                | Q(state__in=["approved", "returned"], decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Movement(models.Model):
    """One step between hub and units (分送、退回、移送), with its reason; lateral moves cannot be written."""

    class Kind(models.TextChoices):
        DISPATCH = "dispatch", _("分送")
        RETURN = "return", _("退回分送")
        TRANSFER_OUT = "transfer_out", _("移送其他单位")

    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=14, choices=Kind)
    from_unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    suggested_unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_movement_goes_somewhere", condition=~Q(from_unit=F("to_unit"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class RoutingRule(models.Model):
    """A dated rule: district × topic → the unit that is proposed, and why (分送规则). A person confirms."""

    district = models.CharField(max_length=6, blank=True)
    topic = models.CharField(max_length=30, blank=True)
    unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    article = models.CharField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "topic", "from_date"], name="one_rule_per_place_topic_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.district or '*'} {self.topic or '*'}"
