"""Statutory periods on any subject, and the notices that say which days are worked."""

from datetime import date, datetime, time
from typing import Self

from django.db import models
from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from portal.kernel.clock import SHANGHAI
from portal.kernel.ids import PublicIdField


class Measure(models.TextChoices):
    """What a period is counted in."""

    WORKING_DAYS = "WD", _("工作日")
    CALENDAR_DAYS = "CD", _("自然日")


class EndedAs(models.TextChoices):
    """Why a clock ended without being met."""

    RETURNED = "returned", _("退回分送")
    VOID = "void", _("不再适用")


class PauseReason(models.TextChoices):
    """Why time may lawfully stand still."""

    APPRAISAL = "appraisal", _("鉴定、检测")
    RIGHT_HOLDER = "right_holder", _("权利人辨认")
    NEGOTIATION = "negotiation", _("先行和解")
    SUSPENSION = "suspension", _("中止调查")
    HEARING = "hearing", _("听证")
    ANNOUNCEMENT = "announcement", _("公告")
    REFUND_ORDER = "refund_order", _("责令退还多收价款")


class ClockQuerySet(models.QuerySet["Clock"]):
    def open(self) -> Self:
        """Clocks that still run or are paused."""
        return self.filter(met_on=None, ended_as="")

    def of(self, model: type[models.Model]) -> Self:
        """Clocks whose subjects are rows of *model*."""
        return self.filter(subject_label=model._meta.label_lower)

    def overdue(self, code: str = "", *, on: date) -> Self:
        """Open clocks (of one code, or of any) whose last day lies before *on* and that no pause holds."""
        found = self.open().filter(due_on__lt=on, paused_on=None)
        return found.filter(code=code) if code else found

    def subjects(self) -> "models.QuerySet[Clock, int]":
        """The primary keys of the subjects, fit for `pk__in`; narrow with `of` first."""
        return self.values_list(Cast("subject_pk", BigIntegerField()), flat=True)


class Clock(models.Model):
    """One period that law or a promise sets for one subject, from the event that starts it (期限).

    `length`, what it is counted in and its article are copied from the rule in force on `started_on`, so a later law
    does not move a running clock. `due_on` already holds extension, finished pauses and roll-over. While `paused_on` is
    set the due date is what it would be if the pause ended that very day, and the clock is never overdue.
    """

    public_id = PublicIdField()
    subject_label = models.CharField(max_length=60)
    subject_pk = models.CharField(max_length=40)
    code = models.CharField(_("期限代码"), max_length=20)
    regime = models.CharField(max_length=20)
    article = models.CharField(_("依据"), max_length=120)
    unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="clocks")
    measure = models.CharField(max_length=2, choices=Measure)
    length = models.PositiveSmallIntegerField()
    extended_by = models.PositiveSmallIntegerField(default=0)
    paused_days = models.PositiveSmallIntegerField(default=0)
    started_on = models.DateField(_("起算日"))
    started_at = models.DateTimeField()
    due_on = models.DateField(_("到期日"))
    provisional = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=16)
    paused_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_as = models.CharField(max_length=10, choices=EndedAs, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_label", "subject_pk", "code"],
                condition=Q(met_on=None, ended_as=""),
                name="one_open_clock_per_code",
            ),
            models.CheckConstraint(name="a_clock_is_due_after_it_starts", condition=Q(due_on__gte=F("started_on"))),
            models.CheckConstraint(name="a_clock_has_a_length", condition=Q(length__gte=1)),
            models.CheckConstraint(name="a_clock_counts_days", condition=Q(measure__in=["WD", "CD"])),
            models.CheckConstraint(name="a_clock_is_met_or_ended", condition=Q(met_on=None) | Q(ended_as="")),
            models.CheckConstraint(
                name="a_clock_ends_on_a_day",
                condition=Q(ended_on=None, ended_as="")
                | (Q(ended_on__isnull=False, ended_on__gte=F("started_on")) & ~Q(ended_as="")),
            ),
            models.CheckConstraint(
                name="a_clock_is_met_after_it_starts", condition=Q(met_on=None) | Q(met_on__gte=F("started_on"))
            ),
            models.CheckConstraint(
                name="only_an_open_clock_is_paused",
                condition=Q(paused_on=None) | Q(paused_on__gte=F("started_on"), met_on=None, ended_as=""),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_label", "subject_pk"], name="clocks_of_a_subject"),
            models.Index(
                fields=["unit", "due_on"], condition=Q(met_on=None, ended_as=""), name="open_clocks_by_due_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_label}:{self.subject_pk}"

    @property
    def is_open(self) -> bool:
        return self.met_on is None and not self.ended_as

    @property
    def due_at(self) -> datetime:
        """The last moment of the due day, in Asia/Shanghai."""
        return datetime.combine(self.due_on, time(23, 59, 59), tzinfo=SHANGHAI)

    def is_overdue(self, on: date) -> bool:
        """Whether the clock was missed: still open past its last day, or met after it."""
        if self.ended_as or self.paused_on:
            return False
        return (self.met_on or on) > self.due_on


class ClockPause(models.Model):
    """A stretch in which a clock stood still; open while `to_on` is empty. The pauses of a clock never overlap."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_pause_has_a_length", condition=Q(to_on=None) | Q(to_on__gt=F("from_on"))),
            models.UniqueConstraint(fields=["clock"], condition=Q(to_on=None), name="one_open_pause_per_clock"),
            models.UniqueConstraint(fields=["clock", "from_on"], name="one_pause_per_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on}–{self.to_on or ''}"


class ClockExtension(models.Model):
    """Days added to a clock: asked for by one person, granted by another (延长)."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    granted_on = models.DateField()
    requested_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("延长理由"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="an_extension_adds_days", condition=Q(days__gte=1)),
            models.CheckConstraint(name="an_extension_has_two_people", condition=~Q(requested_by=F("approved_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} +{self.days}"


class WorkdayNotice(models.Model):
    """The State Council's yearly notice, as loaded by staff: it replaces the packaged notice of that year (放假安排).

    What a row says is never changed: a correction is a later revision of the same year. `off` and `on` hold ISO dates;
    `checked` and `finished_at` tell how far the open clocks have been recomputed.
    """

    public_id = PublicIdField()
    year = models.PositiveSmallIntegerField(_("年份"))
    revision = models.PositiveSmallIntegerField()
    off = models.JSONField(_("放假日"))
    on = models.JSONField(_("调休上班日"))
    source = models.CharField(_("来源"), max_length=300)
    loaded_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField()
    checked = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "revision"], name="one_notice_per_revision")]

    def __str__(self) -> str:
        return f"{self.year}.{self.revision}"


class ClockChange(models.Model):
    """A due date that a notice moved: one line of the report on that notice.

    `notice` is empty where the notices that ship with the portal moved it, after an upgrade.
    """

    notice = models.ForeignKey(WorkdayNotice, on_delete=models.CASCADE, null=True, related_name="changes")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="changes")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    was_provisional = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "clock"], name="one_change_per_notice_and_clock"),
            models.CheckConstraint(name="a_change_changes_the_day", condition=~Q(old_due_on=F("new_due_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.old_due_on} → {self.new_due_on}"
