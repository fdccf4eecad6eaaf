"""The ledger of work that is owed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.ids import PublicIdField


class Job(models.Model):
    """One piece of work owed by a committed transaction and done in exactly one other (待办作业).

    The row is the promise; the broker is only a bell. `lease_until` says until when a worker may be at it. A job that
    an event owes names it: one for each event and subscriber, whatever is announced again. `subject_…` names the row
    whose story it belongs to. A job that was given up waits for an administrator, who owes it again or discards it.
    """

    class Discarded(models.TextChoices):
        """Why a job that was given up is not done any more."""

        DONE_BY_HAND = "done_by_hand", _("已由人工办好")
        NO_LONGER_NEEDED = "no_longer_needed", _("已不需要")
        OWED_AGAIN = "owed_again", _("另有同样的作业")
        CANNOT_BE_DONE = "cannot_be_done", _("确认无法完成")

    public_id = PublicIdField()
    name = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    event = models.ForeignKey("kernel.Event", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_pk = models.CharField(max_length=40, blank=True)
    priority = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120, blank=True)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)
    discarded_at = models.DateTimeField(null=True)
    discarded_as = models.CharField(max_length=20, choices=Discarded, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=Q(done_at=None, given_up_at=None) & ~Q(key=""),
                name="one_open_job_per_key",
            ),
            models.UniqueConstraint(
                fields=["event", "name"], condition=Q(event__isnull=False), name="one_job_per_event_and_subscriber"
            ),
            models.CheckConstraint(name="a_job_is_done_or_given_up", condition=Q(done_at=None) | Q(given_up_at=None)),
            models.CheckConstraint(
                name="only_a_job_given_up_is_discarded",
                condition=Q(discarded_at=None, discarded_as="")
                | (Q(discarded_at__isnull=False, given_up_at__isnull=False) & ~Q(discarded_as="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at", "id"], condition=Q(done_at=None, given_up_at=None), name="open_jobs"
            ),
            models.Index(
                fields=["given_up_at", "id"],
                condition=Q(given_up_at__isnull=False, discarded_at=None),
                name="jobs_given_up",
            ),
            models.Index(fields=["subject_label", "subject_pk"], name="jobs_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id}"
