"""Who looked at a sealed identity, and who was refused."""

from typing import Any

from django.db import models
from django.db.models import QuerySet

from portal.kernel import clock
from portal.kernel.events import label_and_pk
from portal.kernel.models.event import AccessRecord
from portal.kernel.models.user import User


def read(who: User, subject: models.Model, *, purpose: str, fields: list[str]) -> AccessRecord:
    """Record that *who* is shown *fields* of *subject* for *purpose* (a code). Call before showing them."""
    label, pk = label_and_pk(subject)
    return AccessRecord.objects.create(
        at=clock.now(), actor=who, kind="identity", subject_label=label, subject_pk=pk, purpose=purpose, fields=fields
    )


def refused(kind: str, *, who: Any = None, subject: models.Model | None = None, purpose: str = "") -> None:
    """Record an attempt that was refused; it stays even when the transaction around it is rolled back.

    Outside a transaction it is written at once; inside one it must be called by whoever catches the refusal.
    """
    label, pk = label_and_pk(subject) if subject is not None else ("", "")
    AccessRecord.objects.create(
        at=clock.now(),
        actor=who if isinstance(who, User) else None,
        kind=kind,
        subject_label=label,
        subject_pk=pk,
        purpose=purpose,
        was_refused=True,
    )


def of(subject: models.Model) -> QuerySet[AccessRecord]:
    """Who looked at *subject*, newest first."""
    label, pk = label_and_pk(subject)
    return AccessRecord.objects.filter(subject_label=label, subject_pk=pk).select_related("actor").order_by("-at")
