"""The transparency log as anybody may read it."""

from django.db.models import QuerySet

from portal.kernel.access import Who
from publicity.models import Disclosure, LogLeaf

COMMITTING = ("published", "moved")


def commitment_of(*, who: Who, record: Disclosure) -> LogLeaf | None:
    """The leaf that commits to a public record as it stands."""
    return record.leaves.filter(kind__in=COMMITTING).order_by("-index").first()


def newest(*, who: Who, before: int | None = None, size: int = 50) -> list[LogLeaf]:
    """Lines from the newest back, or from below line *before*."""
    lines = _lines().order_by("-index")
    return list((lines if before is None else lines.filter(index__lt=before))[:size])


def following(*, who: Who, after: int, size: int) -> QuerySet[LogLeaf]:
    """Lines in the order they were added, from the one after line *after*."""
    return _lines().filter(index__gt=after).order_by("index")[:size]


def _lines() -> QuerySet[LogLeaf]:
    return LogLeaf.objects.select_related("disclosure")
