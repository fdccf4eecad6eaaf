"""What happened, in order, and who looked: the record that proves itself."""

from django.db import models

from portal.kernel.ids import PublicIdField


class Event(models.Model):
    """One thing that happened to one subject, append-only (事件).

    Each subject has its own chain: `previous` is the hash of the event before it, `seq` its place from 1. The payload
    holds ids, codes and hashes, never text or names, so an erased person leaves no trace here and the proof stands.
    """

    name = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=60)
    subject_pk = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    actor = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_label", "subject_pk", "seq"], name="one_event_per_place"),
            models.CheckConstraint(
                name="only_the_first_event_has_no_previous",
                condition=models.Q(seq=1, previous="") | (models.Q(seq__gt=1) & ~models.Q(previous="")),
            ),
        ]
        indexes = [models.Index(fields=["name", "at"])]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_label}:{self.subject_pk}"


class Anchor(models.Model):
    """A checkpoint over some hundred events of all chains that follow each other in time (检查点), append-only.

    It covers every event from `first_event_id` to `last_event_id`; `absent` are the ids in between that no event ever
    had. `root` is the hash over all of them, `prints` the first eight characters of each one's hash in the order of
    ids, so that a changed, removed or inserted event can be named. Checkpoints are themselves chained: `digest` is
    over this row and the `previous` digest.
    """

    seq = models.PositiveIntegerField(unique=True)
    first_event_id = models.BigIntegerField()
    last_event_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    absent = models.JSONField(default=list)
    root = models.CharField(max_length=64)
    prints = models.TextField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seq} {self.digest}"


class AccessRecord(models.Model):
    """Who looked at a sealed identity and why, and attempts that were refused (访问记录).

    Written outside the transaction it speaks of, so a rollback does not erase it.
    """

    public_id = PublicIdField()
    at = models.DateTimeField()
    actor = models.ForeignKey("kernel.User", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_pk = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    was_refused = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["subject_label", "subject_pk", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_label}:{self.subject_pk}"
