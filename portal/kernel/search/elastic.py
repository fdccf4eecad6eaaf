"""The index in an Elasticsearch cluster, fed with the same bigrams as the embedded one.

Readers and writers know only aliases. A rebuild fills a new index beside the old one and moves the alias in one step;
while it runs, both receive what is put. Nothing here needs a script, a plugin or a language analyzer.
"""

import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.cache import cache
from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Bool, MatchAll
from elasticsearch.helpers import bulk, scan

from portal.kernel.search import cursors, shared
from portal.kernel.search.bigrams import phrase, spaced
from portal.kernel.search.elastic_clauses import any_text, bars, base_of, facet_of, filters_of, trend_of
from portal.kernel.search.port import (
    SNAPSHOT_SECONDS,
    Counts,
    Hit,
    Index,
    Page,
    Query,
    Record,
    Schema,
    no_progress,
)

BATCH = 1000
MOST_VALUES = 10_000
TIMEOUT = 10
SOON = "250ms"
NOT_WHILE_FILLING = "-1"
SNAPSHOT = f"{SNAPSHOT_SECONDS}s"
TREND = "trend"
NEWER = "external_gte"
Row = TypeVar("Row")
NO_SNAPSHOT = (float("-inf"), "", "")
SHARED_SECONDS = 0.25
"""Readers who come within this time read from one moment: the cluster does not show newer ones sooner anyway."""


class ElasticIndex(Index):
    """An index behind an alias of a cluster."""

    def __init__(self, schema: Schema, url: str, *, prefix: str) -> None:
        from portal.kernel.search.registry import fingerprint

        self.schema = schema
        self.alias = f"{prefix}-{schema.name}-{fingerprint(schema)}"
        self._client = Elasticsearch(url.split(","), request_timeout=TIMEOUT, retry_on_timeout=True, max_retries=2)
        self._newest = NO_SNAPSHOT

    def put(self, records: Iterable[Record]) -> None:
        actions = [self._index_action(record) for record in records]
        if self._exists(self._filling):
            self._send(self._graves, [{"_op_type": "delete", "_id": action["_id"]} for action in actions])
            self._send(self._filling, actions)
        self._send(self.alias, actions)

    def remove(self, ids: Iterable[str], *, version: int | None = None) -> None:
        names = list(ids)
        held = {} if version is None else {"version": version, "version_type": NEWER}
        gone = [{"_op_type": "delete", "_id": name, **held} for name in names]
        if self._exists(self._filling):
            self._send(self._graves, [{"_op_type": "index", "_id": name, "_source": held} for name in names])
            self._send(self._filling, gone)
        self._send(self.alias, gone)

    def clear(self) -> None:
        self.replace_all([])

    def replace_all(self, records: Iterable[Record], progress: Callable[[int], None] = no_progress) -> int:
        """Put *records* in place of all there are. A rebuild that was begun before and has not ended is given up."""
        self._delete(*self._named(self._filling), *self._named(self._graves))
        fresh, graves = f"{self.alias}-{secrets.token_hex(6)}", f"{self._graves}-{secrets.token_hex(6)}"
        self._client.indices.create(index=graves, aliases={self._graves: {}}, mappings={"enabled": False})
        self._create(fresh, alias=self._filling, refresh=NOT_WHILE_FILLING)
        count = 0
        try:
            for batch in _batches(records, BATCH):
                count += len(batch)
                self._send(fresh, [self._index_action(record, only_new=True) for record in batch])
                progress(count)
            self._client.indices.put_settings(index=fresh, settings={"index": {"refresh_interval": SOON}})
            self._bury(graves, fresh)
        except BaseException:
            self._delete(fresh, graves)
            raise
        old = self._named(self.alias)
        moves: list[dict[str, Any]] = [{"remove": {"index": name, "alias": self.alias}} for name in old]
        moves.append({"add": {"index": fresh, "alias": self.alias}})
        moves.append({"remove": {"index": fresh, "alias": self._filling}})
        self._client.indices.update_aliases(actions=moves)
        self._delete(graves, *old)
        return count

    def drop(self) -> None:
        """Remove the index and everything about it from the cluster."""
        self._delete(*{name for alias in (self.alias, self._filling, self._graves) for name in self._named(alias)})

    def _delete(self, *names: str) -> None:
        if names:
            self._client.indices.delete(index=",".join(names), ignore_unavailable=True)

    def is_built(self) -> bool:
        return any(name != self._unfilled for name in self._named(self.alias))

    def refresh(self) -> None:
        self._newest = NO_SNAPSHOT
        for alias in (self.alias, self._filling):
            for name in self._named(alias):
                self._client.indices.refresh(index=name)

    def count(self, query: Query) -> int:
        asked = shared.read(self.schema, query)
        whole = Bool(must=[base_of(self.schema, asked)], filter=list(filters_of(asked).values()))
        try:
            answer = self._client.count(index=self.alias, query=whole.to_dict())
        except NotFoundError:
            return 0
        return int(answer["count"])

    def query(self, query: Query) -> Page:
        asked = shared.read(self.schema, query)
        filters = filters_of(asked)
        search = (
            Search(using=self._client)
            .query(base_of(self.schema, asked))
            .source(["kept"])
            .extra(track_total_hits=True, size=query.size + 1 if query.size else 0)
        )
        if filters:
            search = search.post_filter(Bool(filter=list(filters.values())))
        for facet in query.facets:
            search.aggs.bucket(f"f_{facet}", facet_of(facet, filters))
        if query.trend is not None:
            search.aggs.bucket(TREND, trend_of(self.schema, query.trend, filters))
        try:
            search, token = self._placed(search, asked)
            answer = search.execute().to_dict()
        except NotFoundError:
            if asked.by_relevance and asked.place:
                raise cursors.stale() from None
            return Page(0, (), {facet: self._no_counts(asked, facet) for facet in query.facets}, "", asked.parsed)
        return self._page(answer, asked, token)

    def _placed(self, search: Search, asked: shared.Asked) -> tuple[Search, str]:
        """The search in its order, on the alias or, by relevance, on a snapshot whose token comes with it."""
        if asked.by_relevance:
            token, snapshot = self._snapshot(asked)
            ordered = search.sort("_score", "-order").extra(
                from_=asked.offset, pit={"id": snapshot, "keep_alive": SNAPSHOT}
            )
            return ordered, token
        search = search.index(self.alias)
        by_amount = asked.sort == "a"
        search = search.sort("-amount", "-order") if by_amount else search.sort("-order")
        if asked.place is not None:
            keys = [asked.place.first, asked.place.second] if by_amount else [asked.place.first]
            search = search.extra(search_after=keys)
        return search, ""

    def _snapshot(self, asked: shared.Asked) -> tuple[str, str]:
        """A token and the point in time it stands for. When the cache forgets it, the place is stale."""
        if asked.place is not None:
            held = cache.get(f"{self.alias}:{asked.place.rest}")
            if held is None:
                raise cursors.stale()
            return asked.place.rest, str(held)
        opened, token, snapshot = self._newest
        if time.monotonic() - opened > SHARED_SECONDS:
            token = secrets.token_hex(8)
            snapshot = str(self._client.open_point_in_time(index=self.alias, keep_alive=SNAPSHOT)["id"])
            cache.set(f"{self.alias}:{token}", snapshot, SNAPSHOT_SECONDS)
            self._newest = (time.monotonic(), token, snapshot)
        return token, snapshot

    def suggest(self, text: str, *, size: int = 8) -> list[str]:
        asked = phrase(text)
        if asked is None:
            return []
        found: dict[str, int] = {}
        for name in self.schema.suggests:
            search = Search(using=self._client, index=self.alias).extra(size=0)
            search = search.query(any_text(self.schema, asked, [name]))
            search.aggs.bucket("values", "terms", field=f"s_{name}", size=MOST_VALUES)
            try:
                answer = search.execute().to_dict()
            except NotFoundError:
                return []
            for bucket in answer["aggregations"]["values"]["buckets"]:
                found[bucket["key"]] = found.get(bucket["key"], 0) + int(bucket["doc_count"])
        return sorted(found, key=lambda value: (-found[value], value))[:size]

    def digests(self) -> Iterator[tuple[str, str]]:
        if not self._exists(self.alias):
            return
        snapshot = self._client.open_point_in_time(index=self.alias, keep_alive=SNAPSHOT)["id"]
        after: list[Any] | None = None
        while True:
            answer = self._client.search(
                pit={"id": snapshot, "keep_alive": SNAPSHOT},
                sort=["_shard_doc"],
                size=MOST_VALUES,
                source={"includes": ["digest"]},
                search_after=after,
                track_total_hits=False,
            )
            rows = answer["hits"]["hits"]
            if not rows:
                self._client.close_point_in_time(id=snapshot)
                return
            yield from ((row["_id"], row["_source"]["digest"]) for row in rows)
            after = rows[-1]["sort"]

    def _page(self, answer: dict[str, Any], asked: shared.Asked, token: str) -> Page:
        rows = answer["hits"]["hits"]
        shown = rows[: asked.query.size]
        keys = [int(key) for key in shown[-1]["sort"]] if shown and not asked.by_relevance else [0]
        cursor = shared.next_cursor(
            self.schema,
            asked,
            shown=len(shown),
            has_more=len(rows) > asked.query.size,
            last=(keys[0] if asked.sort == "a" else 0, keys[-1]),
            snapshot=token,
        )
        counted = {name: found.get("values", found) for name, found in answer.get("aggregations", {}).items()}
        facets = {facet: shared.counted(asked, facet, counted[f"f_{facet}"]) for facet in asked.query.facets}
        trend = bars(asked.query.trend, counted[TREND]) if asked.query.trend else ()
        total = int(answer["hits"]["total"]["value"])
        undated = total - sum(bar.count for bar in trend) if asked.query.trend else 0
        hits = tuple(self._hit(row, asked) for row in shown)
        return Page(total, hits, facets, cursor, asked.parsed, trend, undated)

    def _hit(self, row: dict[str, Any], asked: shared.Asked) -> Hit:
        kept = row["_source"].get("kept", {})
        stored = {name: kept.get(name) for name in self.schema.stored}
        return Hit(row["_id"], stored, shared.highlights(self.schema, asked.parsed, kept))

    def _no_counts(self, asked: shared.Asked, facet: str) -> Counts:
        return shared.counted(asked, facet, {"buckets": [], "sum_other_doc_count": 0})

    @property
    def _filling(self) -> str:
        return f"{self.alias}-filling"

    @property
    def _unfilled(self) -> str:
        """The index that takes what is put before the first rebuild; all who find none make the same one."""
        return f"{self.alias}-unfilled"

    @property
    def _graves(self) -> str:
        """What was removed while an index is being filled, so that the filling does not bring it back."""
        return f"{self.alias}-graves"

    def _named(self, alias: str) -> list[str]:
        try:
            return sorted(self._client.indices.get_alias(name=alias).body)
        except NotFoundError:
            return []

    def _exists(self, alias: str) -> bool:
        return bool(self._client.indices.exists_alias(name=alias))

    def _create(self, name: str, *, alias: str, refresh: str = SOON) -> None:
        properties: dict[str, Any] = {
            "order": {"type": "long"},
            "amount": {"type": "long"},
            "digest": {"type": "keyword"},
            "kept": {"type": "object", "enabled": False},
            **{f"t_{text}": {"type": "text", "analyzer": "whitespace"} for text in self.schema.text},
            **{f"s_{text}": {"type": "keyword"} for text in self.schema.suggests},
            **{f"f_{facet}": {"type": "keyword"} for facet in self.schema.facets},
            **{f"d_{day}": {"type": "date", "format": "strict_date"} for day in self.schema.dates},
        }
        self._client.indices.create(
            index=name,
            aliases={alias: {}},
            settings={"refresh_interval": refresh, "number_of_shards": 1},
            mappings={"dynamic": False, "_source": {"includes": ["kept", "digest"]}, "properties": properties},
        )

    def _send(self, place: str, actions: list[dict[str, Any]]) -> None:
        """Send in bulk. A conflict means a newer version is there, a missing row that it is gone: both as wished.

        Writers name aliases and send to the index that is read last: a swap in between loses nothing, for what was
        being filled is then what is read. An alias that is not there is refused by the cluster: the one that is read
        is then made, and the others belong to a rebuild that has just ended.
        """
        by_alias = place in (self.alias, self._filling, self._graves)
        answer: Any = bulk(
            self._client,
            [{"_index": place, **action} for action in actions],
            raise_on_error=False,
            require_alias=by_alias,
        )
        errors = [next(iter(error.values())) for error in answer[1]]
        if any(_lacks_alias(error) for error in errors):
            if place == self.alias:
                self._make_unfilled()
                self._send(place, actions)
            return
        real = [error for error in errors if error["status"] not in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)]
        if real:
            raise RuntimeError(f"{place}: {len(real)} records were not taken: {real[0]}")

    def _make_unfilled(self) -> None:
        try:
            self._create(self._unfilled, alias=self.alias)
        except (BadRequestError, ConflictError) as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _bury(self, graves: str, fresh: str) -> None:
        """Take out of *fresh* what was removed while it was being filled."""
        self._client.indices.refresh(index=graves)
        gone = scan(self._client, index=graves, query={"query": MatchAll().to_dict()})
        for batch in _batches(gone, BATCH):
            self._send(fresh, [{"_op_type": "delete", "_id": row["_id"], **row["_source"]} for row in batch])
        self._client.indices.refresh(index=fresh)

    def _index_action(self, record: Record, *, only_new: bool = False) -> dict[str, Any]:
        shared.check(self.schema, record)
        body: dict[str, Any] = {
            "order": shared.order_of(self.schema, record),
            "amount": shared.amount_of(self.schema, record),
            "digest": shared.digest(record),
            "kept": shared.kept(self.schema, record),
            **{f"t_{name}": spaced(str(record.get(name) or "")) for name in self.schema.text},
            **{f"s_{name}": str(record.get(name) or "") for name in self.schema.suggests},
            **{f"f_{name}": shared.held(record.get(name)) for name in self.schema.facets},
        }
        for name in self.schema.dates:
            on = shared.day(record.get(name))
            if on is not None:
                body[f"d_{name}"] = on.isoformat()
        action = {"_op_type": "create" if only_new else "index", "_id": record["id"], "_source": body}
        if record.get("version") is not None:
            action |= {"_op_type": "index", "version": record["version"], "version_type": NEWER}
        return action


def _lacks_alias(error: dict[str, Any]) -> bool:
    said: str = error.get("error", {}).get("type", "")
    return error["status"] == HTTPStatus.NOT_FOUND and said == "index_not_found_exception"


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rest = iter(rows)
    while batch := list(itertools.islice(rest, size)):
        yield batch
