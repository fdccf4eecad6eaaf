"""What both engines do alike: reading a query, ordering, counting, marking what was sought."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal.kernel.clock import day_of
from portal.kernel.errors import Refused
from portal.kernel.search import bigrams, cursors
from portal.kernel.search.port import MOST_BY_RELEVANCE, UNFILLED, Bar, Counts, Query, Record, Schema, Step
from portal.kernel.search.query import Parsed
from portal.kernel.search.reading import parse

TIE_BITS = 43
MOST_AMOUNT = 2**62
NO_AMOUNT = 0
NOTHING = "\u2205"
MONTHS = 12


@dataclass(frozen=True)
class Asked:
    """A query that has been read and found possible; `filters` has only facets of which a value was chosen."""

    query: Query
    filters: dict[str, list[str]]
    parsed: Parsed
    sort: str
    place: cursors.Place | None

    @property
    def by_relevance(self) -> bool:
        """Whether the best fit comes first."""
        return self.sort == "r"

    @property
    def offset(self) -> int:
        """How many of a snapshot have been shown."""
        return self.place.first if self.place and self.by_relevance else 0


def read(schema: Schema, asked: Query) -> Asked:
    """Read and check everything about a query that does not need the engine."""
    parsed = parse(asked.text, text_fields=schema.written(schema.text), facets=schema.written(schema.facets))
    _check_fields(schema, asked)
    if asked.since and asked.until and asked.since > asked.until:
        raise Refused("dates_reversed", _("开始日期在结束日期之后，请换一下。"), field="since", status=400)
    if not 0 <= asked.size <= 1000:
        raise ValueError("a page has 0 to 1000 records")
    sort = "a" if asked.sort == "amount" else "r" if asked.sort == "relevance" and parsed.has_scores else "d"
    place = cursors.read(schema, asked, sort)
    if sort == "r" and place is not None and place.first >= MOST_BY_RELEVANCE:
        raise Refused("too_deep", _("按相关程度最多看前 1,000 条，请把搜索的话写得更具体。"), field="after", status=400)
    filters = {facet: [held(value) for value in sorted(values)] for facet, values in asked.filters.items() if values}
    return Asked(asked, filters, parsed, sort, place)


def _check_fields(schema: Schema, asked: Query) -> None:
    unknown = (set(asked.filters) | set(asked.facets)) - set(schema.facets)
    if asked.trend and asked.trend.by:
        unknown |= {asked.trend.by} - set(schema.facets)
    if unknown:
        raise ValueError(f"{schema.name} has no facet {sorted(unknown)}")
    if (asked.since or asked.until or asked.trend) and not schema.dates:
        raise ValueError(f"{schema.name} has no dates")
    if asked.trend and asked.trend.over and asked.trend.over not in schema.dates:
        raise ValueError(f"{schema.name} has no date {asked.trend.over}")
    if asked.sort == "amount" and not schema.amounts:
        raise ValueError(f"{schema.name} has no amounts")


def next_cursor(
    schema: Schema, asked: Asked, *, shown: int, has_more: bool, last: tuple[int, int] = (0, 0), snapshot: str = ""
) -> str:
    """Where the page after this one begins, or the empty string when this is the last one.

    *last* holds the amount and the order of the last record shown, *snapshot* what a page by relevance was read from.
    """
    if not has_more or not shown:
        return ""
    if asked.sort == "r":
        seen = asked.offset + shown
        place = cursors.Place("r", seen, snapshot)
        return cursors.write(schema, asked.query, place) if seen < MOST_BY_RELEVANCE else ""
    amount, order = last
    place = cursors.Place("a", amount, str(order)) if asked.sort == "a" else cursors.Place("d", order)
    return cursors.write(schema, asked.query, place)


def day(value: Any) -> date | None:
    """The day, in Shanghai, of a date or a moment."""
    return day_of(value) if isinstance(value, datetime) else value


def month(on: date) -> int:
    """The running number of a day's month."""
    return on.year * MONTHS + on.month - 1


def order_of(schema: Schema, record: Record) -> int:
    """One number that orders records: by the first date, then in an arbitrary but fixed order within a day."""
    on = day(record.get(schema.dates[0])) if schema.dates else None
    tie = int.from_bytes(hashlib.blake2b(str(record["id"]).encode(), digest_size=8).digest(), "big")
    return ((on.toordinal() if on else 0) << TIE_BITS) | (tie >> (64 - TIE_BITS))


def amount_of(schema: Schema, record: Record) -> int:
    """The first amount plus one; a record without one comes after all that have any."""
    value = record.get(schema.amounts[0]) if schema.amounts else None
    return NO_AMOUNT if value is None else int(value) + 1


def check(schema: Schema, record: Record) -> None:
    """Raise ValueError for a record that does not have the declared shape."""
    unknown = record.keys() - schema.field_names()
    if unknown:
        raise ValueError(f"{schema.name} has no field {sorted(unknown)}")
    if not isinstance(record.get("id"), str) or not record["id"]:
        raise ValueError("a record has an id that is a text")
    for name in schema.amounts:
        value = record.get(name)
        if value is not None and not 0 <= value < MOST_AMOUNT:
            raise ValueError(f"{name} is a whole number from 0")


def kept(schema: Schema, record: Record) -> dict[str, Any]:
    """What is stored with a record: the stored fields, and its texts for highlights."""
    names = dict.fromkeys([*schema.stored, *schema.text])
    return {name: _plain(record[name]) for name in names if record.get(name) is not None}


def digest(record: Record) -> str:
    """A short digest of everything a record says, for comparing an index with the database (16 hexadecimal digits)."""
    content = {name: _plain(value) for name, value in record.items() if value not in (None, "")}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def held(value: Any) -> str:
    """A facet's value as the engines hold it; a missing one is a value too."""
    return NOTHING if value is None or value == "" else str(value)


def shown(value: str) -> str:
    """A facet's value as readers of the port know it."""
    return UNFILLED if value == NOTHING else value


def counted(asked: Asked, facet: str, answer: Mapping[str, Any]) -> Counts:
    """The counts of one facet out of the engine's terms, with every chosen value, be it found or not."""
    counts = {shown(str(bucket["key"])): int(bucket["doc_count"]) for bucket in answer["buckets"]}
    total = sum(counts.values()) + int(answer["sum_other_doc_count"])
    for value in asked.query.filters.get(facet, ()):
        counts.setdefault(value, 0)
    return Counts(counts, total)


def bars(step: Step, found: Mapping[date, Bar]) -> tuple[Bar, ...]:
    """Every step from the first found to the last, with empty ones in between."""
    if not found:
        return ()
    filled, at, last = [], min(found), max(found)
    while at <= last:
        filled.append(found.get(at) or Bar(at, 0))
        at = _following(step, at)
    return tuple(filled)


def _following(step: Step, start: date) -> date:
    if step == Step.DAY:
        return start + timedelta(days=1)
    if step == Step.WEEK:
        return start + timedelta(days=7)
    if step == Step.MONTH:
        return date(start.year + start.month // MONTHS, start.month % MONTHS + 1, 1)
    return date(start.year + 1, 1, 1)


def highlights(schema: Schema, parsed: Parsed, stored: dict[str, Any]) -> dict[str, SafeString]:
    """Each text of a record, escaped, with what was sought inside <mark>; texts without a find are left out."""
    words = list(parsed.wanted())
    if not words:
        return {}
    found = {}
    for name in schema.text:
        phrases = [word.phrase for word in words if word.field in (None, name)]
        text = str(stored.get(name) or "")
        spans = _spans(text, phrases)
        if spans:
            found[name] = _marked(text, spans)
    return found


def _spans(text: str, phrases: list[bigrams.Phrase]) -> list[tuple[int, int]]:
    plain = bigrams.folded(text)
    phrases = [phrase for phrase in phrases if phrase.words[0] in plain]
    cut = bigrams.tokens(text) if phrases else []
    raw = []
    for phrase in phrases:
        last = phrase.words[-1]
        for at in phrase.found_in(cut):
            final = cut[at + len(phrase.words) - 1]
            raw.append((cut[at].start, final.start + len(last) if phrase.is_open else final.end))
    spans: list[tuple[int, int]] = []
    for start, end in sorted(raw):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _marked(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>")
        at = end
    return mark_safe("".join(pieces) + escape(text[at:]))
