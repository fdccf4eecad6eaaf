"""The index inside this process: tantivy, in a folder or (for tests) in memory."""

import itertools
import json
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType
from tantivy import Query as Clause

from portal.kernel.search import cursors, shared
from portal.kernel.search.bigrams import phrase
from portal.kernel.search.clauses import all_of, clause_of, narrowed
from portal.kernel.search.counting import count, suggestions
from portal.kernel.search.generation import Generation, IndexBusy, fields_of
from portal.kernel.search.port import Hit, Index, Page, Query, Record, Schema, no_progress
from portal.kernel.search.snapshots import Snapshots

__all__ = ["EmbeddedIndex", "IndexBusy"]
BATCH = 500
CURRENT = "current"
Row = tuple[tuple[int, int], Any]
Rows = tuple[int | None, list[Row]]


class EmbeddedIndex(Index):
    """An index with one writer, this process; another process may read the same folder.

    Callers that put at the same time share one commit, and each returns when its own records are findable. A rebuild
    fills a generation beside the one that is read, while both receive what is put.
    """

    def __init__(self, schema: Schema, folder: Path | None) -> None:
        self.schema = schema
        self._folder = folder
        self._write = threading.RLock()
        self._commit = threading.Lock()
        self._rebuild = threading.Lock()
        self._waiting = 0
        self._committed = 0
        self._filling: Generation | None = None
        self._touched: set[str] = set()
        self._snapshots = Snapshots()
        self._was_built = False
        self._fields = fields_of(schema)
        self._now = Generation(schema, self._place())

    def put(self, records: Iterable[Record]) -> None:
        with self._write:
            for record in records:
                self._now.put(record)
                if self._filling is not None:
                    self._filling.put(record)
                    self._touched.add(record["id"])
            mine = self._waiting = self._waiting + 1
        self._flush(mine)

    def remove(self, ids: Iterable[str], *, version: int | None = None) -> None:
        with self._write:
            for identity in ids:
                self._now.remove(identity)
                if self._filling is not None:
                    self._filling.remove(identity)
                    self._touched.add(identity)
            mine = self._waiting = self._waiting + 1
        self._flush(mine)

    def clear(self) -> None:
        self.replace_all([])

    def replace_all(self, records: Iterable[Record], progress: Callable[[int], None] = no_progress) -> int:
        with self._rebuild:
            with self._write:
                self._now.open()
                self._touched.clear()
                self._filling = fresh = Generation(self.schema, self._new_place())
            try:
                count = self._fill(fresh, records, progress)
            except BaseException:
                with self._write:
                    self._filling = None
                fresh.drop()
                raise
            with self._commit, self._write:
                fresh.commit()
                self._point_to(fresh)
                old, self._now, self._filling = self._now, fresh, None
                self._committed = self._waiting
                self._was_built = True
            old.drop()
        return count

    def _fill(self, fresh: Generation, records: Iterable[Record], progress: Callable[[int], None]) -> int:
        rest, count = iter(records), 0
        while batch := list(itertools.islice(rest, BATCH)):
            with self._write:
                untouched = [record for record in batch if record.get("id") not in self._touched]
                fresh.fill(untouched)
            count += len(batch)
            progress(count)
        return count

    def is_built(self) -> bool:
        return self._was_built or (self._folder is not None and (self._folder / CURRENT).exists())

    def refresh(self) -> None:
        with self._write:
            place = self._place()
            if place != self._now.folder:
                self._now = Generation(self.schema, place)
            self._now.index.reload()

    def count(self, query: Query) -> int:
        asked = shared.read(self.schema, query)
        whole = narrowed(self._fields, self._base(asked), asked.filters)
        return _total(self._now.index.searcher(), whole)

    def query(self, query: Query) -> Page:
        asked = shared.read(self.schema, query)
        searcher, token = self._searcher(asked)
        base = self._base(asked)
        everything = narrowed(self._fields, base, asked.filters)
        total, rows = self._rows(searcher, asked, everything)
        shown = rows[: query.size]
        hits = tuple(self._hit(searcher.doc(address), asked) for _key, address in shown)
        cursor = shared.next_cursor(
            self.schema,
            asked,
            shown=len(shown),
            has_more=len(rows) > query.size > 0,
            last=shown[-1][0] if shown else (0, 0),
            snapshot=token,
        )
        facets, trend = count(self.schema, self._fields, searcher, base, asked)
        if total is None:
            known = [counts.total for facet, counts in facets.items() if facet not in asked.filters]
            total = known[0] if known else _total(searcher, everything)
        undated = total - sum(bar.count for bar in trend) if query.trend else 0
        return Page(total, hits, facets, cursor, asked.parsed, trend, undated)

    def _searcher(self, asked: shared.Asked) -> tuple[tantivy.Searcher, str]:
        """What the query is read from: now, or for a later page by relevance what its first page was read from."""
        if not asked.by_relevance:
            return self._now.index.searcher(), ""
        if asked.place is not None:
            held = self._snapshots.of(asked.place.rest)
            if held is None:
                raise cursors.stale()
            return held, asked.place.rest
        searcher = self._now.index.searcher()
        return searcher, self._snapshots.hold(searcher)

    def _rows(self, searcher: tantivy.Searcher, asked: shared.Asked, everything: Clause) -> Rows:
        """How many there are, and one page of places with their keys (and one more, where there is one)."""
        if not asked.query.size:
            return None, []
        wanted = asked.query.size + 1
        if asked.by_relevance:
            found: Any = searcher.search(everything, limit=wanted, offset=asked.offset, count=True)
            return int(found.count or 0), [((0, 0), address) for _score, address in found.hits]
        if asked.sort == "a":
            return _total(searcher, everything), self._by_amount(searcher, asked, everything, wanted)
        if asked.place is None:
            found = searcher.search(everything, limit=wanted, order_by_field="order", count=True)
            total = int(found.count or 0)
        else:
            total = _total(searcher, everything)
            below = all_of([everything, self._below("order", asked.place.first)])
            found = searcher.search(below, limit=wanted, order_by_field="order", count=False)
        return total, [((0, int(order)), address) for order, address in found.hits]

    def _by_amount(self, searcher: tantivy.Searcher, asked: shared.Asked, everything: Clause, wanted: int) -> list[Row]:
        """A page by amount and then by order: tantivy sorts by one field, so the ties are read apart."""
        rows: list[Row] = []
        below = everything
        if asked.place is not None:
            amount = asked.place.first
            tied = all_of([everything, self._equal("amount", amount), self._below("order", asked.place.second)])
            rows = _ordered(searcher, tied, wanted, amount)
            below = all_of([everything, self._below("amount", amount)])
        missing = wanted - len(rows)
        if missing <= 0:
            return rows
        found = searcher.search(below, limit=missing, order_by_field="amount", count=False).hits
        if not found:
            return rows
        last = int(found[-1][0])
        complete = [(int(amount), address) for amount, address in found if int(amount) > last]
        orders = searcher.fast_field_values("order", [address for _amount, address in complete])
        keyed = [
            ((amount, int(order or 0)), address) for (amount, address), order in zip(complete, orders, strict=True)
        ]
        rows += sorted(keyed, key=lambda row: row[0], reverse=True)
        tied = all_of([everything, self._equal("amount", last)])
        return rows + _ordered(searcher, tied, wanted - len(rows), last)

    def suggest(self, text: str, *, size: int = 8) -> list[str]:
        asked = phrase(text)
        return suggestions(self.schema, self._fields, self._now.index.searcher(), asked, size) if asked else []

    def digests(self) -> Iterator[tuple[str, str]]:
        searcher = self._now.index.searcher()
        if searcher.num_docs:
            for _key, address in searcher.search(Clause.all_query(), limit=searcher.num_docs, count=False).hits:
                document = searcher.doc(address)
                yield str(document.get_first("id")), str(document.get_first("digest"))

    def _flush(self, mine: int) -> None:
        with self._commit:
            if self._committed >= mine:
                return
            with self._write:
                upto = self._waiting
                self._now.commit()
            self._committed = upto

    def _hit(self, document: tantivy.Document, asked: shared.Asked) -> Hit:
        kept = json.loads(bytes(document.get_first("kept") or b"{}"))
        stored = {name: kept.get(name) for name in self.schema.stored}
        return Hit(str(document.get_first("id")), stored, shared.highlights(self.schema, asked.parsed, kept))

    def _below(self, field: str, bound: int) -> Clause:
        return Clause.range_query(self._fields, field, FieldType.Unsigned, upper_bound=bound, include_upper=False)

    def _equal(self, field: str, value: int) -> Clause:
        return Clause.range_query(self._fields, field, FieldType.Unsigned, lower_bound=value, upper_bound=value)

    def _base(self, asked: shared.Asked) -> Clause:
        return clause_of(self.schema, self._fields, asked)

    def _place(self) -> Path | None:
        """The folder of the generation that is read; the first one before any rebuild."""
        if self._folder is None:
            return None
        pointer = self._folder / CURRENT
        return self._folder / (pointer.read_text().strip() if pointer.exists() else "first")

    def _new_place(self) -> Path | None:
        return None if self._folder is None else self._folder / secrets.token_hex(6)

    def _point_to(self, fresh: Generation) -> None:
        if self._folder is None or fresh.folder is None:
            return
        written = self._folder / f"{CURRENT}.new"
        written.write_text(fresh.folder.name)
        written.replace(self._folder / CURRENT)
        for other in self._folder.iterdir():
            if other.is_dir() and other not in (fresh.folder, self._now.folder):
                shutil.rmtree(other, ignore_errors=True)


def _total(searcher: tantivy.Searcher, clause: Clause) -> int:
    result: Any = searcher.search(clause, limit=1)
    return int(result.count or 0)


def _ordered(searcher: tantivy.Searcher, clause: Clause, limit: int, amount: int) -> list[Row]:
    found = searcher.search(clause, limit=limit, order_by_field="order", count=False).hits
    return [((amount, int(order)), address) for order, address in found]
