"""Monthly statistical releases: frozen, signed by a second person, corrected only by a newer one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.ids import PublicIdField


class Release(models.Model):
    """The tables of one month (统计发布). `tables` is what the public sees: small cells are already suppressed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待签发")
        SIGNED = "signed", _("已发布")
        SUPERSEDED = "superseded", _("已被更正版代替")

    public_id = PublicIdField()
    month = models.DateField(_("月份"))
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    tables = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "edition"], name="one_edition_once"),
            models.UniqueConstraint(fields=["month"], condition=Q(state="signed"), name="one_signed_release_per_month"),
            models.CheckConstraint(
                name="maker_does_not_sign", condition=Q(signed_by=None) | ~Q(signed_by=F("made_by"))
            ),
            models.CheckConstraint(
                name="signed_means_signed",
                condition=Q(state="draft", signed_by=None, signed_at=None)
                | (~Q(state="draft") & Q(signed_by__isnull=False, signed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} v{self.edition}"
