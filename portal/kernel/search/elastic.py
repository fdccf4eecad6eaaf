"""The index in an Elasticsearch cluster, fed with the same bigrams as the embedded one: how it is asked."""

import secrets
import time
from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from elasticsearch import NotFoundError
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Bool

from portal.kernel.search import cursors, shared
from portal.kernel.search.bigrams import phrase
from portal.kernel.search.elastic_clauses import any_text, bars, base_of, facet_of, filters_of, trend_of
from portal.kernel.search.elastic_store import ElasticStore
from portal.kernel.search.port import SNAPSHOT_SECONDS, Counts, Hit, Index, Page, Query, Schema

MOST_VALUES = 10_000
SNAPSHOT = f"{SNAPSHOT_SECONDS}s"
TREND = "trend"
NO_SNAPSHOT = (float("-inf"), "", "")
SHARED_SECONDS = 0.25
"""Readers who come within this time read from one moment: the cluster does not show newer ones sooner anyway."""


class ElasticIndex(ElasticStore, Index):
    """An index behind an alias of a cluster."""

    def __init__(self, schema: Schema, url: str, *, prefix: str) -> None:
        super().__init__(schema, url, prefix=prefix)
        self._newest = NO_SNAPSHOT

    def refresh(self) -> None:
        super().refresh()
        self._newest = NO_SNAPSHOT

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
        return Counts(found).most_frequent(size)

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
