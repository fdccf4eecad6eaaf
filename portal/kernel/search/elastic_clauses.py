"""What a query demands and what is counted, in Elasticsearch's own terms."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from elasticsearch.dsl import aggs
from elasticsearch.dsl.query import Bool, DisMax, MatchAll, MatchPhrase, MatchPhrasePrefix, Prefix, Range, Term, Terms
from elasticsearch.dsl.query import Query as Clause

from portal.kernel.search import shared
from portal.kernel.search.bigrams import Phrase
from portal.kernel.search.port import Bar, Schema, Trend
from portal.kernel.search.query import Choice, Every, Node, Without, Word

MOST_VALUES = 10_000
MOST_ENDINGS = 10_000
Filters = Mapping[str, Clause]


def base_of(schema: Schema, asked: shared.Asked) -> Clause:
    """Everything but the filters: what was written, and the dates."""
    wanted = _node(schema, asked.parsed.root) if asked.parsed.root else MatchAll()
    if not (asked.query.since or asked.query.until):
        return wanted
    dates = Range(**{f"d_{schema.dates[0]}": _between(asked.query.since, asked.query.until)})
    return Bool(must=[wanted], filter=[dates])


def filters_of(asked: shared.Asked) -> dict[str, Clause]:
    """A clause for each facet of which a value was chosen."""
    return {facet: _terms(f"f_{facet}", held) for facet, held in asked.filters.items()}


def facet_of(facet: str, filters: Filters) -> aggs.Agg[Any]:
    """A facet counted under every filter but its own."""
    others = [clause for name, clause in filters.items() if name != facet]
    return _narrowed(others, aggs.Terms(field=f"f_{facet}", size=MOST_VALUES))


def trend_of(schema: Schema, trend: Trend, filters: Filters) -> aggs.Agg[Any]:
    """Bars over time under every filter. The fields hold days of Shanghai without a time, so no zone is asked for."""
    over = aggs.DateHistogram(
        field=f"d_{trend.over or schema.dates[0]}",
        calendar_interval=trend.step.value,
        format="strict_date",
        min_doc_count=1,
    )
    if trend.by:
        over.bucket("parts", "terms", field=f"f_{trend.by}", size=MOST_VALUES)
    return _narrowed(list(filters.values()), over)


def _narrowed(filters: list[Clause], counted: aggs.Agg[Any]) -> aggs.Agg[Any]:
    if not filters:
        return counted
    found = aggs.Filter(Bool(filter=filters))
    found.bucket("values", counted)
    return found


def bars(trend: Trend, answer: Mapping[str, Any]) -> tuple[Bar, ...]:
    """The bars out of the answer to `trend_of`."""
    found = {}
    for bucket in answer["buckets"]:
        start = date.fromisoformat(bucket["key_as_string"])
        inside = bucket["parts"]["buckets"] if trend.by else []
        parts = {shared.shown(str(part["key"])): int(part["doc_count"]) for part in inside}
        found[start] = Bar(start, int(bucket["doc_count"]), parts)
    return shared.bars(trend.step, found)


def any_text(schema: Schema, phrase: Phrase, names: Iterable[str]) -> Clause:
    """What holds the phrase in one of the text fields; the first field of the schema counts double."""
    return DisMax(queries=[_phrase(f"t_{name}", phrase, 2.0 if name == schema.text[0] else 1.0) for name in names])


def _node(schema: Schema, node: Node) -> Clause:
    if isinstance(node, Word):
        return any_text(schema, node.phrase, [node.field] if node.field else schema.text)
    if isinstance(node, Choice):
        return Bool(filter=[Term(**{f"f_{node.facet}": shared.held(node.value)})])
    if isinstance(node, Without):
        return Bool(must_not=[_node(schema, node.part)])
    parts = [_node(schema, part) for part in node.parts]
    return Bool(must=parts) if isinstance(node, Every) else Bool(should=parts, minimum_should_match=1)


def _terms(name: str, held: list[str]) -> Clause:
    field: dict[str, Any] = {name: held}
    return Terms(**field)


def _phrase(name: str, phrase: Phrase, boost: float) -> Clause:
    if phrase.is_open and len(phrase.words) == 1:
        return Prefix(**{name: {"value": phrase.words[0], "boost": boost}})
    text = {"query": " ".join(phrase.words), "boost": boost}
    if phrase.is_open:
        return MatchPhrasePrefix(**{name: {**text, "max_expansions": MOST_ENDINGS}})
    return MatchPhrase(**{name: text})


def _between(since: date | None, until: date | None) -> dict[str, str]:
    bounds = {"gte": since.isoformat() if since else None, "lte": until.isoformat() if until else None}
    return {name: value for name, value in bounds.items() if value}
