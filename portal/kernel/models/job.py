"""The ledger of work that is owed."""

from django.db import models
from django.db.models import Q

from portal.kernel.ids import PublicIdField


class Job(models.Model):
    """One piece of work owed by a committed transaction and done in exactly one other (待办作业).

    The row is the promise; the broker is only a bell. `lease_until` says until when a worker may be at it.
    """

    public_id = PublicIdField()
    name = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    priority = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120, blank=True)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=Q(done_at=None, given_up_at=None) & ~Q(key=""),
                name="one_open_job_per_key",
            ),
            models.CheckConstraint(name="a_job_is_done_or_given_up", condition=Q(done_at=None) | Q(given_up_at=None)),
        ]
        indexes = [
            models.Index(fields=["priority", "due_at"], condition=Q(done_at=None, given_up_at=None), name="open_jobs")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id}"
