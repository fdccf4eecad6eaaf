"""Telling a story, section by section, from the rows that belong to one case."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.kernel import access, access_log, calendars, clock, documents, jobs, notices, words
from portal.kernel.access import Role, Who
from portal.kernel.calendars.running import progress
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import AccessRecord, Clock, Document, Event, Job, Notice, OutgoingMessage, User
from portal.kernel.stories.kinds import Kind, all_kinds, kind_of, parts_of
from portal.kernel.subjects import label_and_pk

MOST = 1000
"""Lines of one section that are shown; a case has some dozens."""

Row = TypeVar("Row", bound=models.Model)
Place = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """Something that happened: when, to which part of the case, what, and who did it."""

    at: datetime
    part: str
    what: str
    who: str
    event_id: int


@dataclass(frozen=True)
class Period:
    """A clock, the part of the case it is on, and how it went."""

    clock: Clock
    title: str
    state: str
    words: str


@dataclass(frozen=True)
class Told:
    """A notice: what about, to whom, and what became of the message that left the house."""

    notice: Notice
    what: str
    whom: str
    messages: tuple[OutgoingMessage, ...]


@dataclass(frozen=True)
class Paper:
    """An issued paper, and who issued it."""

    document: Document
    title: str
    who: str


@dataclass(frozen=True)
class Work:
    """A job with its name in words."""

    job: Job
    title: str


@dataclass(frozen=True)
class Look:
    """A line of the access log, and on which part of the case it is."""

    record: AccessRecord
    part: str
    who: str


@dataclass(frozen=True)
class Story:
    """Everything about one case."""

    kind: Kind
    number: str
    stage: str
    lines: tuple[Line, ...]
    periods: tuple[Period, ...]
    notices: tuple[Told, ...]
    papers: tuple[Paper, ...]
    work: tuple[Work, ...]
    looks: tuple[Look, ...]


def find(*, who: Who, text: str) -> tuple[str, str]:
    """The kind and number of the case somebody typed; refused (`no_such_case`, field `number`) when there is none."""
    access.require(who, Role.AUDITOR)
    wanted = text.strip()[:60]
    for kind in all_kinds():
        row = kind.find(wanted) if wanted else None
        if row is not None:
            return kind.code, kind.number(row)
    raise Refused("no_such_case", _("没有这个编号的投诉或者举报，请核对。"), field="number", status=404)


def story_of(*, who: Who, kind: str, name: str) -> Story:
    """The whole story of the case called *name*, by number or public id; that it was opened is recorded first.

    `forbidden` to everyone but the person in charge of personal data, before anything is looked for.
    """
    auditor = access.require(who, Role.AUDITOR)
    known = kind_of(kind)
    subject = known.find(name) if known is not None else None
    if known is None or subject is None:
        raise not_found()
    access_log.opened_story(auditor, subject)
    return _Teller(known, subject).story()


class _Teller:
    """Reads what belongs to one case, with one query for each table."""

    def __init__(self, kind: Kind, subject: models.Model) -> None:
        self.kind = kind
        self.subject = subject
        self.titles = {label_and_pk(part.row): str(part.title) for part in parts_of(kind, subject)}
        self.papers = list(self._about(Document.objects.all()).order_by("issued_at", "public_id")[:MOST])
        self.titles |= {label_and_pk(paper): documents.title_of(paper) for paper in self.papers}
        self.events = list(self._about(Event.objects.all()).order_by("at", "pk")[:MOST])
        self.looks = list(self._about(AccessRecord.objects.all()).order_by("at", "pk")[:MOST])
        self.notices = list(
            self._about(Notice.objects.prefetch_related("messages")).order_by("created_at", "pk")[:MOST]
        )
        self.names = self._names()

    def story(self) -> Story:
        return Story(
            kind=self.kind,
            number=self.kind.number(self.subject),
            stage=self.kind.stage(self.subject),
            lines=tuple(self._lines()),
            periods=tuple(self._periods()),
            notices=tuple(self._told()),
            papers=tuple(Paper(row, documents.title_of(row), self._who(row.issued_by_id)) for row in self.papers),
            work=tuple(
                Work(row, jobs.word_of(row.name)) for row in self._about(Job.objects.all()).order_by("pk")[:MOST]
            ),
            looks=tuple(
                Look(row, self.titles[_place(row)], self._who(row.actor_id, _("没有登录的人"))) for row in self.looks
            ),
        )

    def _about(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        by_label: dict[str, list[str]] = defaultdict(list)
        for label, pk in self.titles:
            by_label[label].append(pk)
        wanted = Q()
        for label, pks in by_label.items():
            wanted |= Q(subject_label=label, subject_pk__in=pks)
        return rows.filter(wanted)

    def _names(self) -> dict[int, str]:
        ids = {row.actor_id for row in self.events}
        ids |= {look.actor_id for look in self.looks}
        ids |= {paper.issued_by_id for paper in self.papers}
        ids |= {notice.user_id for notice in self.notices}
        people = User.objects.filter(pk__in=[pk for pk in ids if pk is not None])
        return {person.pk: name_of(person) for person in people.prefetch_related("memberships__organisation")}

    def _who(self, user_id: int | None, nobody: str = "") -> str:
        return self.names[user_id] if user_id else nobody or _("系统")

    def _lines(self) -> Iterator[Line]:
        for row in self.events:
            yield Line(row.at, self.titles[_place(row)], words.of(row.name), self._who(row.actor_id), row.pk)

    def _periods(self) -> Iterator[Period]:
        for row in self._about(Clock.objects.all()).order_by("started_at", "pk")[:MOST]:
            ran = progress(row, clock.today())
            yield Period(row, str(calendars.title_of(row.code)), ran.state, ran.words)

    def _work(self) -> Iterator[Work]:
        for row in self._about(Job.objects.all()).order_by("pk")[:MOST]:
            yield Work(row, jobs.word_of(row.name))

    def _seen(self) -> Iterator[Look]:
        for row in self.looks:
            yield Look(row, self.titles[_place(row)], self._who(row.actor_id, _("没有登录的人")))

    def _told(self) -> Iterator[Told]:
        for row in self.notices:
            yield Told(row, notices.title_of(row.name), self._who(row.user_id), tuple(row.messages.all()))


def _place(row: Event | AccessRecord) -> Place:
    return row.subject_label, row.subject_pk


def name_of(person: User) -> str:
    """How a story names whoever acted: staff by body and name, a party only by its side."""
    if not person.is_staff:
        return str(User.Kind(person.kind).label)
    bodies = dict.fromkeys(held.organisation.short_name for held in person.memberships.all())
    return " ".join(filter(None, ["、".join(bodies), person.display_name]))
