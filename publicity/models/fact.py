"""De-identified facts: all that statistics ever see of a case."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.ids import PublicIdField


class CaseFact(models.Model):
    """What may be counted of one complaint or report: a random id, classes, dates and flags. The privacy boundary.

    It names no case and no person; the case knows its fact, never the other way round. A report's fact is count-only
    and can never become a public record.
    """

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("投诉")
        REPORT = "report", _("举报")

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("调解成功")
        NOT_AGREED = "not_agreed", _("未达成一致")
        MERCHANT_REFUSED = "merchant_refused", _("商家拒绝或不参加调解")
        CONSUMER_REFUSED = "consumer_refused", _("消费者不参加调解")
        SELF_SETTLED = "self_settled", _("自行和解")
        WITHDRAWN = "withdrawn", _("撤回")
        REJECTED = "rejected", _("不予受理")
        TRANSFERRED = "transferred", _("移送其他单位")
        OTHER = "other", _("其他")

    public_id = PublicIdField()
    kind = models.CharField(max_length=10, choices=Kind)
    shop = models.ForeignKey("publicity.Shop", on_delete=models.PROTECT, null=True, related_name="facts")
    bureau = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.CharField(max_length=6)
    problem = models.CharField(max_length=8, blank=True)
    object_class = models.CharField(max_length=12, blank=True)
    sale_mode = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=12)
    regime = models.CharField(max_length=10)
    received_on = models.DateField()
    competent_on = models.DateField(null=True)
    decision_due_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    was_accepted = models.BooleanField(null=True)
    mediation_due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    recovered_fen = models.BigIntegerField(default=0)
    agrees_to_disclosure = models.BooleanField(default=False)
    became_enforcement = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="no_negative_recovery", condition=Q(recovered_fen__gte=0)),
            models.CheckConstraint(
                name="closed_facts_have_an_outcome",
                condition=Q(closed_on=None, outcome="") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="reports_never_disclose", condition=Q(kind="complaint") | Q(agrees_to_disclosure=False)
            ),
            models.CheckConstraint(
                name="a_decision_says_accepted_or_not",
                condition=Q(decided_on=None, was_accepted=None)
                | Q(decided_on__isnull=False, was_accepted__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["received_on", "district"]), models.Index(fields=["closed_on"])]

    def __str__(self) -> str:
        return self.public_id
