"""Facets, trends and suggestions out of tantivy."""

from datetime import date
from typing import Any

import tantivy
from tantivy import Query as Clause

from portal.kernel.search import shared
from portal.kernel.search.bigrams import Phrase
from portal.kernel.search.clauses import any_text, narrowed
from portal.kernel.search.port import Bar, Counts, Schema, Step, Trend

MOST_VALUES = 10_000
TREND = "trend"
SEGMENTED = {"size": MOST_VALUES, "segment_size": MOST_VALUES}
WEEK = 7


def count(
    schema: Schema, fields: tantivy.Schema, searcher: tantivy.Searcher, base: Clause, asked: shared.Asked
) -> tuple[dict[str, Counts], tuple[Bar, ...]]:
    """Every facet counted without its own filter, and the trend of what all filters leave.

    One call counts all that the filters narrow alike; each facet with a choice of its own needs another. (One call with
    a filter aggregation for each of them is three times as slow.)
    """
    query = asked.query
    alike = {f"f_{facet}": _terms(facet) for facet in query.facets if facet not in asked.filters}
    if query.trend is not None:
        alike[TREND] = _over(schema, query.trend)
    answer: dict[str, Any] = searcher.aggregate(narrowed(fields, base, asked.filters), alike) if alike else {}
    for facet in query.facets:
        if facet in asked.filters:
            others = narrowed(fields, base, asked.filters, without=facet)
            answer |= searcher.aggregate(others, {f"f_{facet}": _terms(facet)})
    facets = {facet: shared.counted(asked, facet, answer[f"f_{facet}"]) for facet in query.facets}
    return facets, () if query.trend is None else _bars(query.trend, answer[TREND]["buckets"])


def suggestions(
    schema: Schema, fields: tantivy.Schema, searcher: tantivy.Searcher, asked: Phrase, size: int
) -> list[str]:
    """Whole values of the suggesting fields that hold what was asked, the most frequent first."""
    found: dict[str, int] = {}
    for name in schema.suggests:
        answer = searcher.aggregate(
            any_text(schema, fields, asked, [name]), {"values": {"terms": {"field": f"s_{name}", **SEGMENTED}}}
        )
        for bucket in answer["values"]["buckets"]:
            found[bucket["key"]] = found.get(bucket["key"], 0) + int(bucket["doc_count"])
    return Counts(found).most_frequent(size)


def _terms(facet: str) -> dict[str, Any]:
    return {"terms": {"field": f"f_{facet}", **SEGMENTED}}


def _over(schema: Schema, trend: Trend) -> dict[str, Any]:
    name = trend.over or schema.dates[0]
    interval, offset = {Step.DAY: (1, 0), Step.WEEK: (WEEK, 1), Step.MONTH: (1, 0), Step.YEAR: (shared.MONTHS, 0)}[
        trend.step
    ]
    field = f"m_{name}" if trend.step in (Step.MONTH, Step.YEAR) else f"d_{name}"
    steps: dict[str, Any] = {
        "histogram": {"field": field, "interval": interval, "offset": offset, "min_doc_count": 1},
    }
    return {**steps, "aggs": {"parts": _terms(trend.by)}} if trend.by else steps


def _bars(trend: Trend, buckets: list[dict[str, Any]]) -> tuple[Bar, ...]:
    found = {}
    for bucket in buckets:
        start = _start(trend.step, int(bucket["key"]))
        inside = bucket["parts"]["buckets"] if trend.by else []
        parts = {shared.shown(str(part["key"])): int(part["doc_count"]) for part in inside}
        found[start] = Bar(start, int(bucket["doc_count"]), parts)
    return shared.bars(trend.step, found)


def _start(step: Step, key: int) -> date:
    if step in (Step.DAY, Step.WEEK):
        return date.fromordinal(key)
    return date(key // shared.MONTHS, key % shared.MONTHS + 1, 1)
