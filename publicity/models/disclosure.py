"""The public register of disclosed complaints and the log that proves it."""

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from portal.kernel.ids import PublicIdField


class Disclosure(FSMModelMixin, models.Model):
    """One complaint on its way to, on, or past the public register (投诉信息公示)."""

    class State(models.TextChoices):
        FIRST_REVIEW = "first_review", _("待初审")
        SECOND_REVIEW = "second_review", _("待复审")
        PUBLISHED = "published", _("公示中")
        NOT_DISCLOSED = "not_disclosed", _("不公示")
        REMOVED = "removed", _("已撤下")
        EXPIRED = "expired", _("公示期满")

    public_id = PublicIdField()
    fact = models.OneToOneField("publicity.CaseFact", on_delete=models.PROTECT, related_name="disclosure")
    shop = models.ForeignKey("publicity.Shop", on_delete=models.PROTECT, related_name="disclosures")
    unit = models.ForeignKey("kernel.Organisation", on_delete=models.PROTECT, related_name="+")
    state = FSMField(max_length=14, default=State.FIRST_REVIEW, choices=State.choices, protected=True)
    proposed_summary = models.TextField()
    summary = models.TextField(blank=True)
    outcome = models.CharField(max_length=20)
    district = models.CharField(max_length=6)
    problem = models.CharField(max_length=8, blank=True)
    object_class = models.CharField(max_length=12, blank=True)
    sale_mode = models.CharField(max_length=16, blank=True)
    closed_on = models.DateField()
    due_on = models.DateField()
    handler = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    first_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="three_different_people_disclose",
                condition=(Q(first_by=None) | ~Q(first_by=F("handler")))
                & (Q(second_by=None) | (~Q(second_by=F("handler")) & ~Q(second_by=F("first_by")))),
            ),
            models.CheckConstraint(
                name="published_means_reviewed_twice",
                condition=~Q(state__in=["published", "removed", "expired"])
                | (
                    ~Q(summary="")
                    & Q(
                        first_by__isnull=False,
                        second_by__isnull=False,
                        published_at__isnull=False,
                        expires_on__isnull=False,
                    )
                ),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-published_at", "-id"])]

    def __str__(self) -> str:
        return self.public_id

    @transition(field=state, source=State.FIRST_REVIEW, target=State.SECOND_REVIEW)
    def pass_first(self, *, by: int, at: datetime, summary: str) -> None:
        self.first_by_id = by
        self.first_at = at
        self.summary = summary

    @transition(field=state, source=State.SECOND_REVIEW, target=State.FIRST_REVIEW)
    def send_back(self, *, reason: str) -> None:
        self.first_by_id = None
        self.first_at = None
        self.reason = reason

    @transition(field=state, source=State.SECOND_REVIEW, target=State.PUBLISHED)
    def publish(self, *, by: int, at: datetime, expires_on: date) -> None:
        self.second_by_id = by
        self.second_at = at
        self.published_at = at
        self.expires_on = expires_on

    @transition(field=state, source=[State.FIRST_REVIEW, State.SECOND_REVIEW], target=State.NOT_DISCLOSED)
    def withhold(self, *, reason: str) -> None:
        self.reason = reason

    @transition(field=state, source=State.PUBLISHED, target=State.REMOVED)
    def remove(self, *, reason: str) -> None:
        self.reason = reason

    @transition(field=state, source=State.PUBLISHED, target=State.EXPIRED)
    def expire(self) -> None:
        """Leave the public page after a year (D42); statistics keep the fact."""


class LogLeaf(models.Model):
    """One line of the append-only transparency log: a salted commitment to what was published or taken down.

    `salt` is destroyed on erasure: the proof stays, the text can no longer be guessed.
    """

    index = models.PositiveBigIntegerField(unique=True)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=12)
    salt = models.CharField(max_length=64, blank=True)
    leaf_hash = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.index} {self.head}"
