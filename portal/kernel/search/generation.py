"""One tantivy index and its one writer: what a rebuild makes anew and what it replaces."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Query as Clause
from tantivy import SchemaBuilder

from portal.kernel.search import shared
from portal.kernel.search.bigrams import spaced
from portal.kernel.search.port import Record, Schema

HEAP = 50_000_000


class IndexBusy(RuntimeError):
    """Another process holds this folder's one writer."""


def fields_of(schema: Schema) -> tantivy.Schema:
    """The schema as tantivy knows it: t_ texts, s_ their whole values, f_ facets, d_ days, m_ months, a_ amounts."""
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("order", indexed=True, fast=True)
    builder.add_unsigned_field("amount", indexed=True, fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_bytes_field("kept", stored=True)
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    for name in schema.text:
        builder.add_text_field(f"t_{name}", tokenizer_name="whitespace", index_option="position")
    for name in schema.suggests:
        builder.add_text_field(f"s_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in schema.facets:
        builder.add_text_field(f"f_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in schema.dates:
        builder.add_unsigned_field(f"d_{name}", indexed=True, fast=True)
        builder.add_unsigned_field(f"m_{name}", fast=True)
    return builder.build()


def document_of(schema: Schema, fields: tantivy.Schema, record: Record) -> tantivy.Document:
    """The record as tantivy holds it."""
    row: dict[str, Any] = {
        "id": record["id"],
        "order": shared.order_of(schema, record),
        "amount": shared.amount_of(schema, record),
        "version": record.get("version") or 0,
        "kept": json.dumps(shared.kept(schema, record), ensure_ascii=False).encode(),
        "digest": shared.digest(record),
    }
    for name in schema.text:
        row[f"t_{name}"] = spaced(str(record.get(name) or ""))
    for name in schema.suggests:
        row[f"s_{name}"] = str(record.get(name) or "")
    for name in schema.facets:
        row[f"f_{name}"] = shared.held(record.get(name))
    for name in schema.dates:
        on = shared.day(record.get(name))
        if on is not None:
            row[f"d_{name}"] = on.toordinal()
            row[f"m_{name}"] = shared.month(on)
    return tantivy.Document.from_dict(row, fields)


class Generation:
    """A tantivy index in a folder or in memory. Callers hold the lock of the index around every write."""

    def __init__(self, schema: Schema, folder: Path | None) -> None:
        self.schema = schema
        self.folder = folder
        self.fields = fields_of(schema)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.index = tantivy.Index(self.fields, path=str(folder) if folder is not None else None)
        self.index.config_reader("manual")
        self.index.reload()
        self._writer: tantivy.IndexWriter | None = None
        self._versions: dict[str, int] = {}

    def open(self) -> tantivy.IndexWriter:
        """The writer; IndexBusy when another process has it."""
        if self._writer is None:
            try:
                self._writer = self.index.writer(heap_size=HEAP, num_threads=1)
            except ValueError as error:
                raise IndexBusy(f"another process writes to {self.folder}: stop it, or let it do this") from error
        return self._writer

    def fill(self, records: Iterable[Record]) -> int:
        """Add records that are not there yet."""
        writer, count = self.open(), 0
        for record in records:
            shared.check(self.schema, record)
            writer.add_document(document_of(self.schema, self.fields, record))
            count += 1
        return count

    def put(self, record: Record) -> None:
        """Add or replace one record, unless a newer version is held."""
        shared.check(self.schema, record)
        identity, version = record["id"], record.get("version")
        if version is not None:
            if self._held_version(identity) > version:
                return
            self._versions[identity] = version
        writer = self.open()
        writer.delete_documents_by_term("id", identity)
        writer.add_document(document_of(self.schema, self.fields, record))

    def remove(self, identity: str) -> None:
        """Take one record out."""
        self.open().delete_documents_by_term("id", identity)
        self._versions.pop(identity, None)

    def commit(self) -> None:
        """Write down what was put and let readers of this process see it."""
        self.open().commit()
        self._versions.clear()
        self.index.reload()

    def drop(self) -> None:
        """Forget the writer and take the folder away; those who still read keep what they have open."""
        self._writer = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _held_version(self, identity: str) -> int:
        if identity in self._versions:
            return self._versions[identity]
        searcher = self.index.searcher()
        found = searcher.search(Clause.term_query(self.fields, "id", identity), limit=1).hits
        if not found:
            return -1
        value = searcher.fast_field_values("version", [found[0][1]])[0]
        return -1 if value is None else int(value)
