"""Who looked at a sealed identity, and who was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from portal.kernel import access, clock, paging
from portal.kernel.errors import Sentence
from portal.kernel.events import label_and_pk
from portal.kernel.models.event import AccessRecord
from portal.kernel.models.user import User

_words: dict[str, Sentence] = {}


def say(words: Mapping[str, Sentence]) -> None:
    """Register what kinds, purposes and subjects are called on the page of the record."""
    _words.update(words)


def word_of(code: str) -> str:
    """The registered word of a kind, purpose or subject; the code itself where nobody named it."""
    return str(_words.get(code, code))


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


@dataclass(frozen=True)
class Page:
    """Some records, newest first, and the public id after which the next page begins ("" on the last)."""

    rows: tuple[AccessRecord, ...]
    next_after: str


def page_of(*, who: access.Who, refused_only: bool = False, after: str = "", size: int = 50) -> Page:
    """The whole record for the person in charge of personal data (个人信息保护负责人); `forbidden` to others.

    It holds ids, purposes and names of fields, never what was read.
    """
    access.require(who, access.Role.AUDITOR)
    everything = AccessRecord.objects.select_related("actor").order_by("-at", "-pk")
    rows = paging.older(everything, than=after, moment="at")
    return Page(*paging.cut(rows.filter(was_refused=True) if refused_only else rows, size))
