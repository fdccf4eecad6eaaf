"""Pledges of shops."""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from portal.kernel.ids import PublicIdField


class Pledge(FSMModelMixin, models.Model):
    """A shop's place in the roll of a pledge scheme, from application to the end of its term."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待审核")
        CHECKED = "checked", _("已初核，待批准")
        ACTIVE = "active", _("在期")
        SUSPENDED = "suspended", _("暂停使用标识")
        DELISTED = "delisted", _("已摘牌")
        EXPIRED = "expired", _("已到期")
        REFUSED = "refused", _("未批准")

    public_id = PublicIdField()
    shop = models.ForeignKey("publicity.Shop", on_delete=models.PROTECT, related_name="pledges")
    scheme = models.CharField(max_length=12)
    state = FSMField(_("状态"), max_length=12, default=State.SUBMITTED, choices=State.choices, protected=True)
    serial = models.CharField(_("牌号"), max_length=20, blank=True)
    commitments = models.TextField(_("承诺内容"))
    applied_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    checked_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    since = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    was_fraud = models.BooleanField(default=False)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "scheme"],
                condition=Q(state__in=["submitted", "checked", "active", "suspended"]),
                name="one_live_pledge_per_scheme",
            ),
            models.UniqueConstraint(fields=["serial"], condition=~Q(serial=""), name="a_plate_number_once"),
            models.CheckConstraint(
                name="checker_is_not_approver", condition=Q(approved_by=None) | ~Q(approved_by=F("checked_by"))
            ),
            models.CheckConstraint(
                name="listed_pledges_are_complete",
                condition=Q(state__in=["submitted", "checked", "refused"])
                | (
                    ~Q(serial="")
                    & Q(
                        valid_from__isnull=False,
                        valid_until__isnull=False,
                        since__isnull=False,
                        approved_by__isnull=False,
                        checked_by__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="ended_pledges_say_when",
                condition=Q(state__in=["delisted", "expired"], ended_on__isnull=False)
                | (~Q(state__in=["delisted", "expired"]) & Q(ended_on=None)),
            ),
            models.CheckConstraint(
                name="taking_a_plate_away_needs_a_reason",
                condition=~Q(state__in=["refused", "suspended", "delisted"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.serial or self.public_id

    @transition(field=state, source=State.SUBMITTED, target=State.CHECKED)
    def check_off(self, *, by: int, at: datetime) -> None:
        self.checked_by_id = by
        self.checked_at = at

    @transition(field=state, source=State.CHECKED, target=State.ACTIVE)
    def approve(self, *, by: int, at: datetime, serial: str, valid_from: date, valid_until: date) -> None:
        self.approved_by_id = by
        self.approved_at = at
        self.serial = serial
        self.valid_from = self.since = valid_from
        self.valid_until = valid_until

    @transition(field=state, source=[State.SUBMITTED, State.CHECKED], target=State.REFUSED)
    def refuse(self, *, reason: str) -> None:
        self.reason = reason

    @transition(field=state, source=State.ACTIVE, target=State.SUSPENDED)
    def suspend(self, *, reason: str, on: date) -> None:
        self.reason = reason
        self.since = on

    @transition(field=state, source=State.SUSPENDED, target=State.ACTIVE)
    def restore(self, *, on: date) -> None:
        self.reason = ""
        self.since = on

    @transition(field=state, source=[State.ACTIVE, State.SUSPENDED], target=State.DELISTED)
    def delist(self, *, reason: str, on: date, was_fraud: bool) -> None:
        self.reason = reason
        self.was_fraud = was_fraud
        self.since = self.ended_on = on

    @transition(field=state, source=[State.ACTIVE, State.SUSPENDED], target=State.EXPIRED)
    def expire(self, *, on: date) -> None:
        """End with the term."""
        self.since = self.ended_on = on
