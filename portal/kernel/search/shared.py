"""What both engines do alike: reading a query, ordering, cursors, marking what was sought."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal.kernel.clock import day_of
from portal.kernel.errors import Refused
from portal.kernel.search import bigrams
from portal.kernel.search.port import MOST_BY_RELEVANCE, UNFILLED, Query, Record, Schema
from portal.kernel.search.query import Parsed, parse

TIE_BITS = 43
NOTHING = "\u2205"
CURSOR = re.compile(r"(d|r)([0-9]{1,19})")


@dataclass(frozen=True)
class Asked:
    """A query that has been read and found possible; `filters` has only facets of which a value was chosen."""

    query: Query
    filters: dict[str, list[str]]
    parsed: Parsed
    by_relevance: bool
    below: int | None
    offset: int


def read(schema: Schema, asked: Query) -> Asked:
    """Read and check everything about a query that does not need the engine."""
    parsed = parse(asked.text, text_fields=schema.written(schema.text), facets=schema.written(schema.facets))
    unknown = (set(asked.filters) | set(asked.facets)) - set(schema.facets)
    if unknown:
        raise ValueError(f"{schema.name} has no facet {sorted(unknown)}")
    if (asked.since or asked.until) and not schema.dates:
        raise ValueError(f"{schema.name} has no dates")
    if asked.since and asked.until and asked.since > asked.until:
        raise Refused("dates_reversed", _("开始日期在结束日期之后，请换一下。"), field="since", status=400)
    if not 0 <= asked.size <= 1000:
        raise ValueError("a page has 0 to 1000 records")
    by_relevance = asked.sort == "relevance" and parsed.has_scores
    cursor = CURSOR.fullmatch(asked.after) if asked.after else None
    if asked.after and (cursor is None or (cursor[1] == "r") != by_relevance):
        raise Refused("bad_cursor", _("这个翻页地址已经失效，请从第一页重新看。"), field="after", status=400)
    place = int(cursor[2]) if cursor else None
    if by_relevance and place is not None and place >= MOST_BY_RELEVANCE:
        raise Refused("too_deep", _("按相关程度最多看前 1,000 条，请把搜索的话写得更具体。"), field="after", status=400)
    return Asked(
        query=asked,
        filters={facet: [held(value) for value in sorted(values)] for facet, values in asked.filters.items() if values},
        parsed=parsed,
        by_relevance=by_relevance,
        below=None if by_relevance else place,
        offset=(place or 0) if by_relevance else 0,
    )


def next_cursor(asked: Asked, *, shown: int, has_more: bool, last_order: int) -> str:
    """Where the page after this one begins, or the empty string when this is the last one."""
    if not has_more or not shown:
        return ""
    if asked.by_relevance:
        seen = asked.offset + shown
        return f"r{seen}" if seen < MOST_BY_RELEVANCE else ""
    return f"d{last_order}"


def day(value: Any) -> date | None:
    """The day of a date or a moment."""
    return day_of(value) if isinstance(value, datetime) else value


def order_of(schema: Schema, record: Record) -> int:
    """One number that orders records: by the first date, then in an arbitrary but fixed order within a day."""
    on = day(record.get(schema.dates[0])) if schema.dates else None
    tie = int.from_bytes(hashlib.blake2b(str(record["id"]).encode(), digest_size=8).digest(), "big")
    return ((on.toordinal() if on else 0) << TIE_BITS) | (tie >> (64 - TIE_BITS))


def check(schema: Schema, record: Record) -> None:
    """Raise ValueError for a record that does not have the declared shape."""
    unknown = set(record) - schema.field_names()
    if unknown:
        raise ValueError(f"{schema.name} has no field {sorted(unknown)}")
    if not isinstance(record.get("id"), str) or not record["id"]:
        raise ValueError("a record has an id that is a text")


def kept(schema: Schema, record: Record) -> dict[str, Any]:
    """What is stored with a record: the stored fields, and its texts for highlights."""
    names = dict.fromkeys([*schema.stored, *schema.text])
    return {name: _plain(record[name]) for name in names if record.get(name) is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def held(value: Any) -> str:
    """A facet's value as the engines hold it; a missing one is a value too."""
    return NOTHING if value is None or value == "" else str(value)


def shown(value: str) -> str:
    """A facet's value as readers of the port know it."""
    return UNFILLED if value == NOTHING else value


def highlights(schema: Schema, parsed: Parsed, stored: dict[str, Any]) -> dict[str, SafeString]:
    """Each text of a record, escaped, with what was sought inside <mark>; texts without a find are left out."""
    found = {}
    for name in schema.text:
        phrases = [word.phrase for word in parsed.words if word.is_wanted and word.field in (None, name)]
        text = str(stored.get(name) or "")
        spans = _spans(text, phrases)
        if spans:
            found[name] = _marked(text, spans)
    return found


def _spans(text: str, phrases: list[bigrams.Phrase]) -> list[tuple[int, int]]:
    cut = bigrams.tokens(text) if phrases else []
    raw = []
    for phrase in phrases:
        last = phrase.words[-1]
        for at in range(len(cut)):
            if phrase.matches(at, cut):
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
