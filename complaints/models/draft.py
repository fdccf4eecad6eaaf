"""Drafts: what a citizen has written so far."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from portal.kernel.crypto import SealedTextField
from portal.kernel.ids import PublicIdField


class Draft(models.Model):
    """One unfiled complaint, saved step by step (草稿), kept 30 days and then deleted.

    `answers` is a sealed JSON object by step. Filing the draft twice gives the same case: `case` is set once.
    The device that started it holds `public_id` in its session; another device needs the resume code and a phone code.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    public_id = PublicIdField()
    resume_index = models.CharField(max_length=64, unique=True)
    resume_code = SealedTextField()
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    answers = SealedTextField()
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_on = models.DateField(db_index=True)
    case = models.OneToOneField("complaints.Case", on_delete=models.PROTECT, null=True, related_name="draft")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.public_id


class FilingKey(models.Model):
    """An idempotency key of one caller of the API or of one desk form, and the case it made."""

    caller = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    body_sha256 = models.CharField(max_length=64)
    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_case_per_filing_key"),
            models.CheckConstraint(name="a_filing_key_is_not_empty", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.key
