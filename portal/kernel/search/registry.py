"""Which indexes there are, where their records come from, and which engine holds them."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.conf import settings

from portal.kernel.search.embedded import EmbeddedIndex
from portal.kernel.search.port import Index, Record, Schema

SHAPE = 1

_schemas: dict[str, Schema] = {}
_sources: dict[str, Callable[[], Iterable[Record]]] = {}
_indexes: dict[str, Index] = {}
_lock = threading.Lock()


def declare(
    name: str,
    *,
    text: Iterable[str],
    facets: Iterable[str] = (),
    dates: Iterable[str] = (),
    stored: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
) -> Schema:
    """Declare the index *name*; see `Schema` for what the fields mean. Declaring it again replaces the declaration."""
    schema = Schema(name, tuple(text), tuple(facets), tuple(dates), tuple(stored), dict(words or {}))
    if not schema.text:
        raise ValueError("an index has at least one text field")
    strangers = set(schema.words.values()) - {*schema.text, *schema.facets}
    if strangers:
        raise ValueError(f"{name} has no field {sorted(strangers)}")
    with _lock:
        if _schemas.get(name) != schema:
            _schemas[name] = schema
            _indexes.pop(name, None)
    return schema


def source(name: str, iterate: Callable[[], Iterable[Record]]) -> None:
    """Say where the records of *name* come from when it has to be built anew."""
    _sources[name] = iterate


def fingerprint(schema: Schema) -> str:
    """A short name of a schema's shape: another shape lives in another place."""
    shape = repr((SHAPE, schema.text, schema.facets, schema.dates, schema.stored))
    return hashlib.sha256(shape.encode()).hexdigest()[:10]


def get_index(name: str) -> Index:
    """The index *name* of this process; KeyError when no room declared it."""
    with _lock:
        if name not in _indexes:
            _indexes[name] = _open(_schemas[name])
        return _indexes[name]


def _open(schema: Schema) -> Index:
    if getattr(settings, "ELASTICSEARCH_URL", ""):
        from portal.kernel.search.elastic import ElasticIndex

        return ElasticIndex(schema, settings.ELASTICSEARCH_URL, prefix=getattr(settings, "SEARCH_PREFIX", "portal"))
    folder: Path | None = getattr(settings, "SEARCH_DIR", None)
    return EmbeddedIndex(schema, Path(folder) / f"{schema.name}-{fingerprint(schema)}" if folder else None)


def rebuild(name: str) -> int:
    """Fill *name* anew from the source its room registered; readers see the old records until all new ones are in."""
    return get_index(name).replace_all(_sources[name]())


def unbuilt() -> list[str]:
    """The declared indexes that have a source and were never filled in their present shape."""
    return [name for name in _schemas if name in _sources and not get_index(name).is_built()]


def ensure_built() -> list[str]:
    """Build every index that `unbuilt` names; answer which."""
    missing = unbuilt()
    for name in missing:
        rebuild(name)
    return missing


def forget() -> None:
    """Drop the open indexes of this process (tests: each begins with empty ones in memory)."""
    with _lock:
        _indexes.clear()
