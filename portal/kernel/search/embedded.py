"""The index inside this process: tantivy, in a folder or (for tests) in memory."""

import json
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, SchemaBuilder
from tantivy import Query as Clause

from portal.kernel.search import shared
from portal.kernel.search.bigrams import Phrase, spaced
from portal.kernel.search.port import Hit, Page, Query, Record, Schema
from portal.kernel.search.query import Word

HEAP = 50_000_000
MOST_VALUES = 10_000
BUILT = "built"


class IndexBusy(RuntimeError):
    """Another process holds this folder's one writer."""


class EmbeddedIndex:
    """An index with one writer, this process; another process may read the same folder.

    Callers that put at the same time share one commit, and each returns when its own records are findable.
    """

    def __init__(self, schema: Schema, folder: Path | None) -> None:
        self.schema = schema
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._fields = _fields(schema)
        self._index = tantivy.Index(self._fields, path=str(folder) if folder is not None else None)
        self._index.config_reader("manual")
        self._index.reload()
        self._writer: tantivy.IndexWriter | None = None
        self._versions: dict[str, int] = {}
        self._waiting = 0
        self._committed = 0
        self._write = threading.RLock()
        self._commit = threading.Lock()
        self._was_built = False

    def put(self, records: Iterable[Record]) -> None:
        with self._write:
            for record in records:
                self._add(record)
            mine = self._waiting = self._waiting + 1
        self._flush(mine)

    def remove(self, ids: Iterable[str]) -> None:
        with self._write:
            for identity in ids:
                self._open().delete_documents_by_term("id", identity)
                self._versions.pop(identity, None)
            mine = self._waiting = self._waiting + 1
        self._flush(mine)

    def clear(self) -> None:
        self.replace_all([])

    def replace_all(self, records: Iterable[Record]) -> int:
        count = 0
        with self._write:
            writer = self._open()
            writer.delete_all_documents()
            self._versions.clear()
            try:
                for record in records:
                    shared.check(self.schema, record)
                    writer.add_document(self._document(record))
                    count += 1
            except BaseException:
                writer.rollback()
                raise
            mine = self._waiting = self._waiting + 1
        self._flush(mine)
        if self._folder is not None:
            (self._folder / BUILT).touch()
        self._was_built = True
        return count

    def is_built(self) -> bool:
        return self._was_built or (self._folder is not None and (self._folder / BUILT).exists())

    def refresh(self) -> None:
        with self._write:
            self._index.reload()

    def count(self, query: Query) -> int:
        asked = shared.read(self.schema, query)
        return _total(self._searcher(), self._clause(asked))

    def query(self, query: Query) -> Page:
        asked = shared.read(self.schema, query)
        searcher = self._searcher()
        everything = self._clause(asked)
        total = _total(searcher, everything)
        if query.size == 0:
            return Page(total, (), self._facets(searcher, asked), "", asked.parsed)
        if asked.by_relevance:
            result = searcher.search(everything, limit=query.size + 1, offset=asked.offset, count=False)
        else:
            page = everything if asked.below is None else _all([everything, self._below(asked.below)])
            result = searcher.search(page, limit=query.size + 1, order_by_field="order", count=False)
        rows = [(key, searcher.doc(address)) for key, address in result.hits[: query.size]]
        hits = tuple(self._hit(document, asked) for _key, document in rows)
        cursor = shared.next_cursor(
            asked,
            shown=len(hits),
            has_more=len(result.hits) > query.size,
            last_order=int(rows[-1][0]) if rows and not asked.by_relevance else 0,
        )
        return Page(total, hits, self._facets(searcher, asked), cursor, asked.parsed)

    def _searcher(self) -> tantivy.Searcher:
        return self._index.searcher()

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(heap_size=HEAP, num_threads=1)
            except ValueError as error:
                raise IndexBusy(f"another process writes to {self._folder}: stop it, or let it do this") from error
        return self._writer

    def _flush(self, mine: int) -> None:
        with self._commit:
            if self._committed >= mine:
                return
            with self._write:
                upto = self._waiting
                self._open().commit()
                self._versions.clear()
                self._index.reload()
            self._committed = upto

    def _add(self, record: Record) -> None:
        shared.check(self.schema, record)
        identity = record["id"]
        version = record.get("version")
        if version is not None:
            if self._held_version(identity) > version:
                return
            self._versions[identity] = version
        writer = self._open()
        writer.delete_documents_by_term("id", identity)
        writer.add_document(self._document(record))

    def _held_version(self, identity: str) -> int:
        if identity in self._versions:
            return self._versions[identity]
        searcher = self._searcher()
        found = searcher.search(Clause.term_query(self._fields, "id", identity), limit=1).hits
        if not found:
            return -1
        value = searcher.fast_field_values("version", [found[0][1]])[0]
        return -1 if value is None else int(value)

    def _document(self, record: Record) -> tantivy.Document:
        row: dict[str, Any] = {
            "id": record["id"],
            "order": shared.order_of(self.schema, record),
            "version": record.get("version") or 0,
            "kept": json.dumps(shared.kept(self.schema, record), ensure_ascii=False).encode(),
        }
        for name in self.schema.text:
            row[f"t_{name}"] = spaced(str(record.get(name) or ""))
        for name in self.schema.facets:
            row[f"f_{name}"] = shared.held(record.get(name))
        for name in self.schema.dates:
            on = shared.day(record.get(name))
            if on is not None:
                row[f"d_{name}"] = on.toordinal()
        return tantivy.Document.from_dict(row, self._fields)

    def _hit(self, document: tantivy.Document, asked: shared.Asked) -> Hit:
        kept = json.loads(bytes(document.get_first("kept") or b"{}"))
        stored = {name: kept.get(name) for name in self.schema.stored}
        return Hit(str(document.get_first("id")), stored, shared.highlights(self.schema, asked.parsed, kept))

    def _below(self, order: int) -> Clause:
        return Clause.range_query(self._fields, "order", FieldType.Unsigned, upper_bound=order, include_upper=False)

    def _clause(self, asked: shared.Asked) -> Clause:
        return _all([self._base(asked), *(self._chosen(facet, values) for facet, values in asked.filters.items())])

    def _base(self, asked: shared.Asked) -> Clause:
        """Everything but the filters: the words, the written choices, the dates."""
        wanted = [self._word(word) for word in asked.parsed.words if word.is_wanted]
        unwanted = [self._word(word) for word in asked.parsed.words if not word.is_wanted]
        for choice in asked.parsed.choices:
            clause = self._chosen(choice.facet, [shared.held(choice.value)])
            (wanted if choice.is_wanted else unwanted).append(clause)
        if asked.query.since or asked.query.until:
            wanted.append(
                Clause.range_query(
                    self._fields,
                    f"d_{self.schema.dates[0]}",
                    FieldType.Unsigned,
                    lower_bound=asked.query.since.toordinal() if asked.query.since else None,
                    upper_bound=asked.query.until.toordinal() if asked.query.until else None,
                )
            )
        return _all(wanted or [Clause.all_query()], without=unwanted)

    def _chosen(self, facet: str, held: list[str]) -> Clause:
        return Clause.const_score_query(Clause.term_set_query(self._fields, f"f_{facet}", held), 0.0)

    def _word(self, word: Word) -> Clause:
        names = [word.field] if word.field else list(self.schema.text)
        clauses = [self._phrase(f"t_{name}", word.phrase) for name in names]
        weighted = [
            Clause.boost_query(clause, 2.0) if name == self.schema.text[0] else clause
            for name, clause in zip(names, clauses, strict=True)
        ]
        return weighted[0] if len(weighted) == 1 else Clause.disjunction_max_query(weighted)

    def _phrase(self, name: str, phrase: Phrase) -> Clause:
        *first, last = phrase.words
        if not phrase.is_open:
            if not first:
                return Clause.term_query(self._fields, name, last)
            return Clause.phrase_query(self._fields, name, list(phrase.words))
        if not first:
            return Clause.regex_query(self._fields, name, f"{re.escape(last)}.?")
        return Clause.regex_phrase_query(self._fields, name, [*map(re.escape, first), f"{re.escape(last)}.?"])

    def _facets(self, searcher: tantivy.Searcher, asked: shared.Asked) -> dict[str, dict[str, int]]:
        """Every facet counted without its own filter, in one call of the engine."""
        if not asked.query.facets:
            return {}
        wanted = {
            facet: {
                "filter": _written(asked.filters, without=facet),
                "aggs": {
                    "values": {"terms": {"field": f"f_{facet}", "size": MOST_VALUES, "segment_size": MOST_VALUES}}
                },
            }
            for facet in asked.query.facets
        }
        answer = searcher.aggregate(self._base(asked), wanted)
        return {
            facet: {
                shared.shown(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[facet]["values"]["buckets"]
            }
            for facet in asked.query.facets
        }


def _written(filters: dict[str, list[str]], *, without: str) -> str:
    """The filters but one, in the engine's own query language, which its filter aggregation takes."""
    clauses = [
        f"+f_{facet}: IN [{' '.join(_quoted(value) for value in held)}]"
        for facet, held in sorted(filters.items())
        if facet != without
    ]
    return " ".join(clauses) or "*"


def _fields(schema: Schema) -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("order", indexed=True, fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_bytes_field("kept", stored=True)
    for name in schema.text:
        builder.add_text_field(f"t_{name}", tokenizer_name="whitespace", index_option="position")
    for name in schema.facets:
        builder.add_text_field(f"f_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in schema.dates:
        builder.add_unsigned_field(f"d_{name}", indexed=True, fast=True)
    return builder.build()


def _total(searcher: tantivy.Searcher, clause: Clause) -> int:
    result: Any = searcher.search(clause, limit=1)
    return int(result.count or 0)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _all(clauses: list[Clause], *, without: Iterable[Clause] = ()) -> Clause:
    excluded = [(Occur.MustNot, clause) for clause in without]
    if len(clauses) == 1 and not excluded:
        return clauses[0]
    return Clause.boolean_query([*((Occur.Must, clause) for clause in clauses), *excluded])
