"""How an index lies in an Elasticsearch cluster, and how it is written and rebuilt.

Readers and writers know only aliases. A rebuild fills a new index beside the old one and moves the alias in one step;
while it runs, both receive what is put. Nothing here needs a script, a plugin or a language analyzer.
"""

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any, TypeVar

from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError
from elasticsearch.dsl.query import MatchAll
from elasticsearch.helpers import bulk, scan

from portal.kernel.search import shared
from portal.kernel.search.bigrams import spaced
from portal.kernel.search.port import Record, Schema, no_progress

BATCH = 1000
TIMEOUT = 10
SOON = "250ms"
NOT_WHILE_FILLING = "-1"
NEWER = "external_gte"
Row = TypeVar("Row")


class ElasticStore:
    """The aliases of one index and everything that is put behind them."""

    def __init__(self, schema: Schema, url: str, *, prefix: str) -> None:
        from portal.kernel.search.registry import fingerprint

        self.schema = schema
        self.alias = f"{prefix}-{schema.name}-{fingerprint(schema)}"
        self._client = Elasticsearch(url.split(","), request_timeout=TIMEOUT, retry_on_timeout=True, max_retries=2)

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

    def is_built(self) -> bool:
        return any(name != self._unfilled for name in self._named(self.alias))

    def refresh(self) -> None:
        for alias in (self.alias, self._filling):
            for name in self._named(alias):
                self._client.indices.refresh(index=name)

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

    def _delete(self, *names: str) -> None:
        if names:
            self._client.indices.delete(index=",".join(names), ignore_unavailable=True)

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
