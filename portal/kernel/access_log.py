"""Who looked at a sealed identity, who took a copy out, and who was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet

from portal.kernel import access, clock, paging
from portal.kernel.errors import Sentence
from portal.kernel.models.event import AccessRecord
from portal.kernel.models.user import User
from portal.kernel.subjects import label_and_pk

IDENTITY, EXPORT, STORY = "identity", "export", "story"

_words: dict[str, Sentence] = {}


def say(words: Mapping[str, Sentence]) -> None:
    """Register what kinds, purposes and subjects are called on the page of the record."""
    _words.update(words)


def word_of(code: str) -> str:
    """The registered word of a kind, purpose or subject; the code itself where nobody named it."""
    return str(_words.get(code, code))


def read(who: User, subject: models.Model, *, purpose: str, fields: list[str]) -> AccessRecord:
    """Record that *who* is shown *fields* of *subject* for *purpose* (a code). Call before showing them."""
    return _written(IDENTITY, who, label_and_pk(subject), purpose=purpose, fields=fields)


def exported(who: User, subject: models.Model | tuple[str, str], *, what: str, fields: list[str]) -> AccessRecord:
    """Record that *who* takes a copy about *subject* (or its label and key) out of the house: *what* kind of copy.

    *fields* are codes that tell which. Call before handing it over.
    """
    place = subject if isinstance(subject, tuple) else label_and_pk(subject)
    return _written(EXPORT, who, place, purpose=what, fields=fields)


def opened_story(who: User, subject: models.Model) -> AccessRecord:
    """Record that *who* opened the whole story of *subject*. Call before showing it."""
    return _written(STORY, who, label_and_pk(subject), purpose="audit", fields=[])


def refused(kind: str, *, who: Any = None, subject: models.Model | None = None, purpose: str = "") -> None:
    """Record an attempt that was refused, so that it stays whatever becomes of the attempt.

    It is written at once. Inside a transaction, which the refusal is about to roll back, it raises RuntimeError: the
    refusal is then recorded by whoever opened the transaction, once that is over.
    """
    if connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise RuntimeError("a refusal is recorded outside the transaction that it rolls back")
    place = label_and_pk(subject) if subject is not None else ("", "")
    _written(kind, who if isinstance(who, User) else None, place, purpose=purpose, fields=[], was_refused=True)


def _written(
    kind: str, who: User | None, place: tuple[str, str], *, purpose: str, fields: list[str], was_refused: bool = False
) -> AccessRecord:
    return AccessRecord.objects.create(
        at=clock.now(),
        actor=who,
        kind=kind[:30],
        subject_label=place[0],
        subject_pk=place[1],
        purpose=purpose,
        fields=fields,
        was_refused=was_refused,
    )


def of(subject: models.Model) -> QuerySet[AccessRecord]:
    """Who looked at *subject*, newest first."""
    label, pk = label_and_pk(subject)
    return AccessRecord.objects.filter(subject_label=label, subject_pk=pk).select_related("actor").order_by("-at")


def shown(subject: models.Model) -> QuerySet[AccessRecord]:
    """To whom the identity of *subject* was shown, newest first."""
    return of(subject).filter(kind=IDENTITY, was_refused=False)


@dataclass(frozen=True)
class Page:
    """Some records, newest first, and the public id after which the next page begins ("" on the last)."""

    rows: tuple[AccessRecord, ...]
    next_after: str


ONLY = {"refused": Q(was_refused=True), "exports": Q(kind=EXPORT), "": Q()}


def page_of(*, who: access.Who, only: str = "", after: str = "", size: int = 50) -> Page:
    """The whole record for the person in charge of personal data (个人信息保护负责人); `forbidden` to others.

    It holds ids, purposes and names of fields, never what was read. *only* narrows it: `refused`, `exports`.
    """
    access.require(who, access.Role.AUDITOR)
    everything = AccessRecord.objects.select_related("actor").order_by("-at", "-pk")
    rows = paging.older(everything.filter(ONLY.get(only, Q())), than=after, moment="at")
    return Page(*paging.cut(rows, size))
