"""Random records and random queries, and what they must find, worked out one record at a time without any engine."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.kernel.search import Query, Step, Trend
from portal.kernel.search.bigrams import tokens

Record = dict[str, Any]
Fits = Callable[[Record], bool]
HAN = "退款货家电调解成"
LATIN = ("ipad", "iphone", "abc", "15", "1299", "x")
TEXTS = ("summary", "shop")
NAMES = {"summary": "summary", "shop": "商家"}
DISTRICTS = ("120101", "120102", "120103", "")
RESULTS = ("settled", "failed", "")
FIRST_DAY = date(2025, 11, 3)


@dataclass(frozen=True)
class Asked:
    """A query, and what fits it."""

    query: Query
    fits_text: Fits
    fits_dates: Fits

    def fits(self, record: Record, *, without: str = "") -> bool:
        """Whether the record fits everything, or everything but the filter of one facet."""
        chosen = all(
            (record.get(facet) or "") in values
            for facet, values in self.query.filters.items()
            if facet != without and values
        )
        return chosen and self.fits_text(record) and self.fits_dates(record)


def some_records(dice: random.Random, count: int) -> list[Record]:
    """Records with short texts, so that words meet often; some lack a value."""
    return [
        {
            "id": f"r{number}",
            "summary": _text(dice, dice.randint(0, 9)),
            "shop": _text(dice, dice.randint(1, 4)),
            "district": dice.choice(DISTRICTS),
            "result": dice.choice(RESULTS),
            "published_on": FIRST_DAY + timedelta(days=dice.randint(0, 120)) if dice.random() < 0.9 else None,
            "paid_fen": dice.choice([None, 0, 100, 100, dice.randint(1, 10**12)]),
        }
        for number in range(count)
    ]


def some_query(dice: random.Random) -> Asked:
    """A query with words, filters, dates, an order, facets and a trend."""
    text, fits_text = _some(dice, 2) if dice.random() < 0.9 else ("", lambda record: True)
    filters = {}
    if dice.random() < 0.4:
        filters["district"] = frozenset(dice.sample([*DISTRICTS, "120199"], dice.randint(1, 2)))
    if dice.random() < 0.3:
        filters["result"] = frozenset({dice.choice(RESULTS)})
    since = FIRST_DAY + timedelta(days=dice.randint(0, 60)) if dice.random() < 0.3 else None
    until = FIRST_DAY + timedelta(days=dice.randint(60, 130)) if dice.random() < 0.3 else None

    def fits_dates(record: Record) -> bool:
        on = record["published_on"]
        if since is None and until is None:
            return True
        return on is not None and (since is None or on >= since) and (until is None or on <= until)

    query = Query(
        text,
        filters=filters,
        since=since,
        until=until,
        sort=dice.choice(["date", "amount", "relevance"]),
        size=dice.choice([3, 10]),
        facets=("district", "result"),
        trend=Trend(dice.choice(list(Step)), by=dice.choice(["", "result"])),
    )
    return Asked(query, fits_text, fits_dates)


def expected_counts(asked: Asked, records: list[Record], facet: str) -> dict[str, int]:
    """The counts of one facet without its own filter, chosen values at zero too."""
    counts = Counter((row.get(facet) or "") for row in records if asked.fits(row, without=facet))
    return {**dict.fromkeys(asked.query.filters.get(facet, ()), 0), **counts}


def expected_bars(asked: Asked, records: list[Record]) -> dict[date, tuple[int, dict[str, int]]]:
    """The bars that hold anything, by their first day."""
    trend = asked.query.trend
    assert trend is not None
    found: dict[date, Counter[str]] = {}
    for row in records:
        if row["published_on"] is not None and asked.fits(row):
            start = _start(trend.step, row["published_on"])
            found.setdefault(start, Counter())[row.get(trend.by) or "" if trend.by else "all"] += 1
    return {start: (sum(parts.values()), dict(parts) if trend.by else {}) for start, parts in found.items()}


def _start(step: Step, on: date) -> date:
    if step == Step.DAY:
        return on
    if step == Step.WEEK:
        year, week, _weekday = on.isocalendar()
        return date.fromisocalendar(year, week, 1)
    return on.replace(day=1) if step == Step.MONTH else on.replace(month=1, day=1)


def _text(dice: random.Random, length: int) -> str:
    pieces = []
    for _ in range(length):
        pieces.append(dice.choice(LATIN) if dice.random() < 0.2 else dice.choice(HAN))
        pieces.append(dice.choice(["", "", "", "，", " "]))
    return "".join(pieces)


def _some(dice: random.Random, depth: int) -> tuple[str, Fits]:
    parts = [_every(dice, depth) for _ in range(dice.choice([1, 1, 1, 2]))]
    sign = dice.choice([" OR ", " 或 "])
    return sign.join(text for text, _fits in parts), lambda record: any(fits(record) for _text, fits in parts)


def _every(dice: random.Random, depth: int) -> tuple[str, Fits]:
    parts = [_demand(dice, depth) for _ in range(dice.choice([1, 1, 2, 2, 3]))]
    sign = dice.choice([" ", " AND ", " 且 "])
    return sign.join(text for text, _fits in parts), lambda record: all(fits(record) for _text, fits in parts)


def _demand(dice: random.Random, depth: int) -> tuple[str, Fits]:
    text, fits = _one(dice, depth)
    if dice.random() < 0.25:
        return f"{dice.choice(['-', 'NOT ', '非 '])}{text}", lambda record: not fits(record)
    return text, fits


def _one(dice: random.Random, depth: int) -> tuple[str, Fits]:
    if depth and dice.random() < 0.25:
        text, fits = _some(dice, depth - 1)
        opened, closed = dice.choice([("(", ")"), ("（", "）")])
        return f"{opened}{text}{closed}", fits
    if dice.random() < 0.15:
        value = dice.choice(DISTRICTS[:3])
        return f"区:{value}", lambda record: record["district"] == value
    return _word(dice)


def _word(dice: random.Random) -> tuple[str, Fits]:
    if dice.random() < 0.2:
        word = dice.choice(LATIN)
    else:
        word = "".join(dice.choice(HAN) for _ in range(dice.choice([1, 2, 2, 3])))
    is_prefix = dice.random() < 0.2
    fields = TEXTS if dice.random() < 0.8 else (dice.choice(TEXTS),)
    written = f"{word[: dice.randint(1, len(word))]}*" if is_prefix else word
    if not is_prefix and dice.random() < 0.3:
        opened, closed = dice.choice([('"', '"'), ("“", "”"), ("「", "」")])
        written = f"{opened}{word}{closed}"
    text = written if len(fields) > 1 else f"{NAMES[fields[0]]}{dice.choice([':', '：'])}{written}"
    sought = written.rstrip("*") if is_prefix else word
    return text, lambda record: any(_holds(record[field], sought, is_prefix=is_prefix) for field in fields)


def _holds(text: str, sought: str, *, is_prefix: bool) -> bool:
    """Han characters anywhere; a word of letters or figures whole, or by its beginning."""
    if sought[0] in HAN:
        return sought in text
    words = [token.text for token in tokens(text)]
    return any(word.startswith(sought) if is_prefix else word == sought for word in words)
