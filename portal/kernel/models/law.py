"""Versions of the law that staff load after the portal was shipped."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.ids import PublicIdField


class LawVersionQuerySet(models.QuerySet["LawVersion"]):
    def approved(self) -> Self:
        """Versions that count."""
        return self.filter(state=LawVersion.State.APPROVED)

    def waiting(self) -> Self:
        """Versions that a second person has yet to check."""
        return self.filter(state=LawVersion.State.PROPOSED)


class LawVersion(models.Model):
    """A later version of one registered period: proposed by one person, approved by another (期限新版本).

    It holds for clocks that start on `from_date` or later, which always lies after the day of the approval, so no
    running clock moves. `length` and `extension` are counted in the unit of the period, which a loaded version cannot
    change. What was approved or declined is never changed again; the database refuses it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等待另一人核对")
        APPROVED = "approved", _("已批准")
        DECLINED = "declined", _("没有采用")

    class Certainty(models.TextChoices):
        TEXT = "text", _("法律文件写明的期限")
        PRACTICE = "practice", _("通行做法")
        HOUSE = "house", _("本市目标")

    public_id = PublicIdField()
    code = models.CharField(_("期限代码"), max_length=20)
    length = models.PositiveSmallIntegerField(_("期限长度"))
    extension = models.PositiveSmallIntegerField(_("最多延长"), default=0)
    law = models.CharField(_("法律文件"), max_length=80)
    article = models.CharField(_("条款"), max_length=40)
    certainty = models.CharField(_("性质"), max_length=10, choices=Certainty, default=Certainty.TEXT)
    source = models.CharField(_("出处"), max_length=300)
    from_date = models.DateField(_("施行日期"))
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)

    objects = LawVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_law_version_has_a_length", condition=Q(length__gte=1)),
            models.CheckConstraint(
                name="a_law_version_is_decided_once",
                condition=Q(state="proposed", decided_by=None, decided_on=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_law_version_has_two_people", condition=~Q(state="approved") | ~Q(proposed_by=F("decided_by"))
            ),
            models.CheckConstraint(
                name="a_law_version_never_looks_back",
                condition=~Q(state="approved") | Q(from_date__gt=F("decided_on")),
            ),
            models.UniqueConstraint(
                fields=["code", "from_date"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_law_version_per_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.from_date}"
