"""The registry of periods: each room names its own once, with article, regime and the day from which they hold.

A version that ships with the portal is registered here; one that staff loaded (`LawVersion`) joins it when it is asked
for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise

from portal.kernel.calendars.laws import OURS, Cite, Law
from portal.kernel.errors import Sentence
from portal.kernel.models.clock import Measure, PauseReason
from portal.kernel.models.law import LawVersion

ORDER20 = "ORDER20"
ORDER121 = "ORDER121"
STANDING = "STANDING"


class Unit(StrEnum):
    """What a period is stated in. Only WD and CD are counted by clocks; the others stand in the registry in words."""

    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    HOURS = "H"
    MONTHS = "M"
    YEARS = "Y"
    PROMPTLY = "PROMPT"
    LOCAL = "LOCAL"


class Shape(StrEnum):
    """How a period lies to its event: done within it, at least that long before it, every so often, or lasting it."""

    WITHIN = "within"
    BEFORE = "before"
    EVERY = "every"
    LASTING = "lasting"


class Certainty(StrEnum):
    """How sure a period is: read in the law, known from practice only, chosen by this house, or still open."""

    TEXT = "text"
    PRACTICE = "practice"
    HOUSE = "house"
    OPEN = "open"


NUMBERLESS = frozenset({Unit.PROMPTLY, Unit.LOCAL})
COUNTED = frozenset(Measure.values)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One dated version of one period.

    It says: from `starts` (an event, in words that 自…起 fit around), `length` `unit`s to do `duty`. It holds for
    clocks that start on `from_date` or later, until a version with a later date takes over. `pauses` lists the only
    reasons for which it may stand still, `extension` the most days that may be added in all, with whose consent in
    `approver`; `note` says in words what numbers cannot. `regime` is ORDER20, ORDER121 or STANDING (law or house rule
    that outlives both). `loaded` is the id of the LawVersion that it came from, empty for one that ships.
    """

    code: str
    title: Sentence
    starts: Sentence
    duty: Sentence
    unit: Unit
    length: int
    basis: Cite
    regime: str
    from_date: date
    also: tuple[Cite, ...] = ()
    shape: Shape = Shape.WITHIN
    certainty: Certainty = Certainty.TEXT
    pauses: frozenset[PauseReason] = frozenset()
    extension: int = 0
    approver: Sentence = ""
    note: Sentence = ""
    source: str = ""
    loaded: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        if (self.length < 1) != (self.unit in NUMBERLESS):
            raise ValueError(f"{self.code}: a period has at least one day, and one without a number has none")
        if self.extension < 0 or bool(self.extension) != bool(self.approver):
            raise ValueError(f"{self.code}: an extension has days and somebody who grants it")
        if self.regime not in (ORDER20, ORDER121, STANDING):
            raise ValueError(f"{self.code}: {self.regime} is no regime")

    @property
    def is_counted(self) -> bool:
        """Whether a clock can run on it: working or calendar days that go forward from their event."""
        return self.unit in COUNTED and self.shape in (Shape.WITHIN, Shape.LASTING)

    @property
    def article(self) -> str:
        """What a clock keeps and a paper prints: the article, and that the number is the house's own where it is."""
        if self.certainty == Certainty.HOUSE and self.basis.article:
            return f"{self.basis.text}{OURS}"
        return self.basis.text

    def shown(self) -> dict[str, object]:
        """Everything the registry knows of it as plain values, for programs; texts in the active language."""
        return {
            "code": self.code,
            "title": str(self.title),
            "starts": str(self.starts),
            "duty": str(self.duty),
            "unit": self.unit.value,
            "length": self.length,
            "shape": self.shape.value,
            "counted": self.is_counted,
            "article": self.basis.text,
            "also": [cite.text for cite in self.also],
            "regime": self.regime,
            "from_date": self.from_date.isoformat(),
            "certainty": self.certainty.value,
            "pauses": sorted(self.pauses),
            "extension": self.extension,
            "approver": str(self.approver),
            "note": str(self.note),
            "source": self.source,
            "loaded": self.loaded,
        }


@dataclass(frozen=True)
class Chapter:
    """A part of the registry as people read it: the room that keeps it, its heading, and its place."""

    room: str
    title: Promise
    place: int


_versions: dict[str, dict[date, Rule]] = {}
_chapters: dict[str, Chapter] = {}


def register(chapter: Chapter, *rules: Rule) -> None:
    """Add dated versions of periods; the same version twice is harmless, two different ones for a day are not."""
    for rule in rules:
        known = _versions.setdefault(rule.code, {}).setdefault(rule.from_date, rule)
        if known != rule:
            raise ValueError(f"two versions of {rule.code} hold from {rule.from_date}")
        if _chapters.setdefault(rule.code, chapter) != chapter:
            raise ValueError(f"{rule.code} stands in two chapters")


def rule_on(code: str, day: date) -> Rule:
    """The version of *code* that holds for a clock starting on *day*; LookupError when there is none.

    Loaded versions are read afresh, so every process starts its clocks by the same law.
    """
    return held_on(code, day, versions(code))


def held_on(code: str, day: date, known: Iterable[Rule]) -> Rule:
    """Which of the *known* versions of *code* holds on *day*; LookupError when none does."""
    held = [rule for rule in known if rule.from_date <= day]
    if not held:
        raise LookupError(f"no version of the clock {code} holds on {day}")
    return max(held, key=lambda rule: rule.from_date)


def shipped(code: str) -> tuple[Rule, ...]:
    """The versions of *code* that ship with the portal, oldest first."""
    return tuple(rule for _since, rule in sorted(_versions.get(code, {}).items()))


def versions(code: str) -> tuple[Rule, ...]:
    """Every version of *code*, shipped and loaded, oldest first; read afresh.

    Where one of each holds from the same day, the loaded one does: two people of the house decided on it.
    """
    return merged(shipped(code), LawVersion.objects.approved().filter(code=code))


def merged(known: Iterable[Rule], loaded: Iterable[LawVersion]) -> tuple[Rule, ...]:
    """*known* versions of one period with the *loaded* ones among them, oldest first."""
    found = {rule.from_date: rule for rule in known}
    for row in sorted(loaded, key=lambda row: row.from_date):
        before = [rule for since, rule in found.items() if since < row.from_date]
        if before:
            found[row.from_date] = _loaded(row, max(before, key=lambda rule: rule.from_date))
    return tuple(rule for _since, rule in sorted(found.items()))


def _loaded(row: LawVersion, before: Rule) -> Rule:
    return replace(
        before,
        length=row.length,
        extension=row.extension,
        approver=before.approver if row.extension else "",
        basis=Law(row.law, row.law, row.from_date).at(row.article),
        also=(),
        from_date=row.from_date,
        certainty=Certainty(row.certainty),
        source=row.source,
        loaded=row.public_id,
    )


def codes() -> tuple[str, ...]:
    """The codes of all registered periods, chapter by chapter."""
    return tuple(sorted(_versions, key=lambda code: (_chapters[code].place, code)))


def chapter_of(code: str) -> Chapter:
    """Where *code* stands in the registry."""
    return _chapters[code]


def chapters() -> Iterator[tuple[Chapter, tuple[str, ...]]]:
    """The chapters in their order, each with its codes."""
    for chapter in sorted(set(_chapters.values()), key=lambda chapter: chapter.place):
        yield chapter, tuple(code for code in codes() if _chapters[code] == chapter)


def title_of(code: str) -> Sentence:
    """What the period is called in its newest version; the code itself when nobody registered it."""
    known = shipped(code)
    return known[-1].title if known else code
