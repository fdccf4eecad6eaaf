"""The index in an Elasticsearch cluster, fed with the same bigrams as the embedded one.

Readers and writers know only an alias. A rebuild fills a new index beside the old one and moves the alias in one step;
while it runs, both receive what is put. Nothing here needs a script, a plugin or a language analyzer.
"""

import itertools
import secrets
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Bool, DisMax, MatchAll, MatchPhrase, MatchPhrasePrefix, Prefix, Range, Term, Terms
from elasticsearch.dsl.query import Query as Clause
from elasticsearch.helpers import bulk

from portal.kernel.search import shared
from portal.kernel.search.bigrams import Phrase, spaced
from portal.kernel.search.port import Hit, Page, Query, Record, Schema
from portal.kernel.search.query import Word

MOST_VALUES = 10_000
MOST_ENDINGS = 10_000
TIMEOUT = 10
SOON = "500ms"


class ElasticIndex:
    """An index behind an alias of a cluster."""

    def __init__(self, schema: Schema, url: str, *, prefix: str) -> None:
        from portal.kernel.search.registry import fingerprint

        self.schema = schema
        self.alias = f"{prefix}-{schema.name}-{fingerprint(schema)}"
        self._client = Elasticsearch(url.split(","), request_timeout=TIMEOUT, retry_on_timeout=True, max_retries=2)

    def put(self, records: Iterable[Record]) -> None:
        rows = list(records)
        for name in self._receiving():
            self._send(self._index_action(name, record) for record in rows)

    def remove(self, ids: Iterable[str]) -> None:
        names = list(ids)
        for index in self._receiving():
            self._send({"_op_type": "delete", "_index": index, "_id": name} for name in names)

    def clear(self) -> None:
        self.replace_all([])

    def replace_all(self, records: Iterable[Record]) -> int:
        fresh = f"{self.alias}-{secrets.token_hex(6)}"
        self._create(fresh, alias=self._filling)
        count = 0
        try:
            for batch in _batches(records, 1000):
                count += len(batch)
                self._send(self._index_action(fresh, record, only_new=True) for record in batch)
            self._client.indices.refresh(index=fresh)
        except BaseException:
            self._client.indices.delete(index=fresh)
            raise
        old = self._named(self.alias)
        moves: list[dict[str, Any]] = [{"remove": {"index": name, "alias": self.alias}} for name in old]
        moves.append({"add": {"index": fresh, "alias": self.alias}})
        moves.append({"remove": {"index": fresh, "alias": self._filling}})
        self._client.indices.update_aliases(actions=moves)
        for name in old:
            self._client.indices.delete(index=name)
        return count

    def drop(self) -> None:
        """Remove the index and everything about it from the cluster."""
        for name in {*self._named(self.alias), *self._named(self._filling)}:
            self._client.indices.delete(index=name)

    def is_built(self) -> bool:
        return any(name != self._unfilled for name in self._named(self.alias))

    def refresh(self) -> None:
        for name in self._receiving():
            self._client.indices.refresh(index=name)

    def count(self, query: Query) -> int:
        asked = shared.read(self.schema, query)
        try:
            answer = self._client.count(index=self.alias, query=self._whole(asked).to_dict())
        except NotFoundError:
            return 0
        return int(answer["count"])

    def query(self, query: Query) -> Page:
        asked = shared.read(self.schema, query)
        search = (
            Search(using=self._client, index=self.alias)
            .query(self._base(asked))
            .source(["kept"])
            .extra(track_total_hits=True, size=query.size + 1 if query.size else 0)
        )
        filters = self._filters(asked)
        if filters:
            search = search.post_filter(Bool(filter=list(filters.values())))
        if asked.by_relevance:
            search = search.extra(from_=asked.offset).sort("_score", "-order").params(preference="_local")
        else:
            search = search.sort("-order")
            if asked.below is not None:
                search = search.extra(search_after=[asked.below])
        for facet in query.facets:
            others = [clause for name, clause in filters.items() if name != facet]
            search.aggs.bucket(facet, "filter", Bool(filter=others or [MatchAll()])).bucket(
                "values", "terms", field=f"f_{facet}", size=MOST_VALUES
            )
        try:
            answer = search.execute().to_dict()
        except NotFoundError:
            return Page(0, (), {facet: {} for facet in query.facets}, "", asked.parsed)
        return self._page(answer, asked)

    def _page(self, answer: dict[str, Any], asked: shared.Asked) -> Page:
        rows = answer["hits"]["hits"]
        shown = rows[: asked.query.size]
        cursor = shared.next_cursor(
            asked,
            shown=len(shown),
            has_more=len(rows) > asked.query.size,
            last_order=0 if asked.by_relevance or not shown else int(shown[-1]["sort"][0]),
        )
        facets = {
            facet: {
                shared.shown(bucket["key"]): int(bucket["doc_count"])
                for bucket in answer["aggregations"][facet]["values"]["buckets"]
            }
            for facet in asked.query.facets
        }
        total = int(answer["hits"]["total"]["value"])
        return Page(total, tuple(self._hit(row, asked) for row in shown), facets, cursor, asked.parsed)

    def _hit(self, row: dict[str, Any], asked: shared.Asked) -> Hit:
        kept = row["_source"].get("kept", {})
        stored = {name: kept.get(name) for name in self.schema.stored}
        return Hit(row["_id"], stored, shared.highlights(self.schema, asked.parsed, kept))

    @property
    def _filling(self) -> str:
        return f"{self.alias}-filling"

    def _named(self, alias: str) -> list[str]:
        try:
            return sorted(self._client.indices.get_alias(name=alias).body)
        except NotFoundError:
            return []

    @property
    def _unfilled(self) -> str:
        """The index that takes what is put before the first rebuild; all who find none make the same one."""
        return f"{self.alias}-unfilled"

    def _receiving(self) -> list[str]:
        """The index that readers see and, during a rebuild, the one being filled."""
        names = [*self._named(self.alias), *self._named(self._filling)]
        if not names:
            names = [self._unfilled]
            try:
                self._create(self._unfilled, alias=self.alias)
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
        return names

    def _create(self, name: str, *, alias: str) -> None:
        properties: dict[str, Any] = {
            "order": {"type": "long"},
            "kept": {"type": "object", "enabled": False},
            **{f"t_{text}": {"type": "text", "analyzer": "whitespace"} for text in self.schema.text},
            **{f"f_{facet}": {"type": "keyword"} for facet in self.schema.facets},
            **{f"d_{day}": {"type": "date", "format": "strict_date"} for day in self.schema.dates},
        }
        self._client.indices.create(
            index=name,
            aliases={alias: {}},
            settings={"refresh_interval": SOON, "number_of_shards": 1},
            mappings={"dynamic": False, "_source": {"includes": ["kept"]}, "properties": properties},
        )

    def _send(self, actions: Iterable[dict[str, Any]]) -> None:
        """Send in bulk. A conflict means a newer version is there, a missing row that it is gone: both as wished."""
        answer: Any = bulk(self._client, actions, raise_on_error=False)
        errors: list[dict[str, Any]] = answer[1]
        real = [error for error in errors if next(iter(error.values()))["status"] not in (404, 409)]
        if real:
            raise RuntimeError(f"{self.alias}: {len(real)} records were not taken: {real[0]}")

    def _index_action(self, index: str, record: Record, *, only_new: bool = False) -> dict[str, Any]:
        shared.check(self.schema, record)
        body: dict[str, Any] = {
            "order": shared.order_of(self.schema, record),
            "kept": shared.kept(self.schema, record),
            **{f"t_{name}": spaced(str(record.get(name) or "")) for name in self.schema.text},
            **{f"f_{name}": shared.held(record.get(name)) for name in self.schema.facets},
        }
        for name in self.schema.dates:
            on = shared.day(record.get(name))
            if on is not None:
                body[f"d_{name}"] = on.isoformat()
        action = {"_op_type": "create" if only_new else "index", "_index": index, "_id": record["id"], "_source": body}
        if record.get("version") is not None:
            action |= {"_op_type": "index", "version": record["version"], "version_type": "external_gte"}
        return action

    def _filters(self, asked: shared.Asked) -> dict[str, Clause]:
        return {facet: _terms(f"f_{facet}", held) for facet, held in asked.filters.items()}

    def _whole(self, asked: shared.Asked) -> Clause:
        return Bool(must=[self._base(asked)], filter=list(self._filters(asked).values()))

    def _base(self, asked: shared.Asked) -> Clause:
        """Everything but the filters: the words, the written choices, the dates."""
        parsed = asked.parsed
        chosen = [
            (choice.is_wanted, Term(**{f"f_{choice.facet}": shared.held(choice.value)})) for choice in parsed.choices
        ]
        filters: list[Clause] = [clause for is_wanted, clause in chosen if is_wanted]
        if asked.query.since or asked.query.until:
            filters.append(Range(**{f"d_{self.schema.dates[0]}": _between(asked.query.since, asked.query.until)}))
        unwanted = [self._word(word) for word in parsed.words if not word.is_wanted]
        return Bool(
            must=[self._word(word) for word in parsed.words if word.is_wanted] or [MatchAll()],
            filter=filters,
            must_not=[*unwanted, *(clause for is_wanted, clause in chosen if not is_wanted)],
        )

    def _word(self, word: Word) -> Clause:
        names = [word.field] if word.field else list(self.schema.text)
        return DisMax(
            queries=[_phrase(f"t_{name}", word.phrase, 2.0 if name == self.schema.text[0] else 1.0) for name in names]
        )


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


def _batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    rest = iter(records)
    while batch := list(itertools.islice(rest, size)):
        yield batch
