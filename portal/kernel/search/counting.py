"""Facets, trends and suggestions out of tantivy: whatever a page counts is counted in one call of the engine."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import tantivy
from tantivy import Query as Clause

from portal.kernel.search import shared
from portal.kernel.search.bigrams import Phrase
from portal.kernel.search.clauses import any_text, filtered
from portal.kernel.search.port import Bar, Counts, Schema, Step, Trend

MOST_VALUES = 10_000
TREND = "trend"
SEGMENTED = {"size": MOST_VALUES, "segment_size": MOST_VALUES}
WEEK = 7


def count(
    schema: Schema, searcher: tantivy.Searcher, base: Clause, asked: shared.Asked
) -> tuple[dict[str, Counts], tuple[Bar, ...]]:
    """Every facet counted without its own filter, and the trend of what all filters leave."""
    wanted = {f"f_{facet}": _narrowed(asked, facet, _terms(facet)) for facet in asked.query.facets}
    trend = asked.query.trend
    if trend is not None:
        wanted[TREND] = _narrowed(asked, "", _over(schema, trend))
    if not wanted:
        return {}, ()
    answer = searcher.aggregate(base, wanted)
    facets = {facet: shared.counted(asked, facet, _answered(answer, f"f_{facet}")) for facet in asked.query.facets}
    return facets, () if trend is None else _bars(trend, _answered(answer, TREND)["buckets"])


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
    return sorted(found, key=lambda value: (-found[value], value))[:size]


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


def _narrowed(asked: shared.Asked, facet: str, aggregation: dict[str, Any]) -> dict[str, Any]:
    """An aggregation over what the filters but the facet's own leave; without filters, the bare one."""
    others = filtered(asked.filters, without=facet)
    return {"filter": others, "aggs": {"values": aggregation}} if others else aggregation


def _answered(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = answer[name]
    inner: dict[str, Any] = found.get("values", found)
    return inner


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
