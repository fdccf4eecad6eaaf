"""The registry as a book: what holds today, what comes, and what held before, for readers and for programs."""

import time as stopwatch
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import lazy

from portal.kernel import clock as time
from portal.kernel.calendars import words
from portal.kernel.calendars.rules import Chapter, Rule, chapters, merged, shipped
from portal.kernel.models.law import LawVersion

FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class Entry:
    """One period on one day: the version that holds (the first to come where none does yet), later and past ones."""

    code: str
    held: Rule
    later: tuple[Rule, ...]
    past: tuple[Rule, ...]

    @property
    def said(self) -> str:
        """All of it: the period, what does not count, how it may be made longer, and what numbers cannot say."""
        return words.joined(
            words.sentence_of(self.held),
            words.pauses_of(self.held),
            words.extension_of(self.held),
            str(self.held.note),
        )

    @property
    def certainty(self) -> str:
        return words.certainty_of(self.held)

    @property
    def cites(self) -> str:
        """The places in the law, in the reader's language."""
        return words.cites_of(self.held)


@dataclass(frozen=True)
class Part:
    """One chapter with its periods."""

    chapter: Chapter
    entries: tuple[Entry, ...]


def book(on: date | None = None) -> list[Part]:
    """Every registered period as it stands on the day *on* (today), chapter by chapter; at most a few seconds old."""
    on = on or time.today()
    loaded = _loaded()
    return [
        Part(chapter, tuple(_entry(code, merged(shipped(code), loaded.get(code, ())), on) for code in codes))
        for chapter, codes in chapters()
    ]


def entry(code: str, on: date | None = None) -> Entry:
    """One period as it stands on the day *on* (today), for showing; LookupError when nobody registered it."""
    known = merged(shipped(code), _loaded().get(code, ()))
    if not known:
        raise LookupError(f"nobody registered the period {code}")
    return _entry(code, known, on or time.today())


def length_of(code: str) -> str:
    """How long the period *code* is today, in words: 7 个工作日."""
    return words.length_of(entry(code).held)


lazy_length_of = lazy(length_of, str)
"""The same, read when it is shown: for texts that stand in forms."""


def rules_in_order(*, has_tables: bool = True) -> Iterator[tuple[Chapter, Rule]]:
    """Every version of every period, chapter by chapter; as fresh as `book`.

    Before the first start there are no tables, and only what ships.
    """
    loaded = _loaded() if has_tables else {}
    for chapter, codes in chapters():
        for code in codes:
            for rule in merged(shipped(code), loaded.get(code, ())):
                yield chapter, rule


def _entry(code: str, known: tuple[Rule, ...], on: date) -> Entry:
    begun = [rule for rule in known if rule.from_date <= on]
    held = begun[-1] if begun else known[0]
    place = known.index(held)
    return Entry(code, held, known[place + 1 :], known[:place])


_kept: tuple[float, dict[str, list[LawVersion]]] | None = None


def _loaded() -> dict[str, list[LawVersion]]:
    global _kept
    moment = stopwatch.monotonic()
    if _kept is None or abs(moment - _kept[0]) > FRESH_SECONDS:
        found: dict[str, list[LawVersion]] = defaultdict(list)
        for row in LawVersion.objects.approved():
            found[row.code].append(row)
        _kept = (moment, dict(found))
    return _kept[1]


def forget() -> None:
    """Make the next reader read afresh."""
    global _kept
    _kept = None
