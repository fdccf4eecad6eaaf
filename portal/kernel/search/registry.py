"""Which indexes there are, where their records come from, and which engine holds them."""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.conf import settings

from portal.kernel.search.embedded import EmbeddedIndex
from portal.kernel.search.port import Index, Record, Schema, no_progress

SHAPE = 2

_schemas: dict[str, Schema] = {}
_sources: dict[str, Callable[[], Iterable[Record]]] = {}
_feeders: dict[str, tuple[str, ...]] = {}
_indexes: dict[str, Index] = {}
_lock = threading.Lock()


def declare(
    name: str,
    *,
    text: Iterable[str],
    facets: Iterable[str] = (),
    dates: Iterable[str] = (),
    amounts: Iterable[str] = (),
    stored: Iterable[str] = (),
    suggests: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
) -> Schema:
    """Declare the index *name*; see `Schema` for what the fields mean. Declaring it again replaces the declaration."""
    schema = Schema(
        name=name,
        text=tuple(text),
        facets=tuple(facets),
        dates=tuple(dates),
        amounts=tuple(amounts),
        stored=tuple(stored),
        suggests=tuple(suggests),
        words=dict(words or {}),
    )
    if not schema.text or not set(schema.suggests) <= set(schema.text):
        raise ValueError("an index has at least one text field and suggests from text fields only")
    strangers = set(schema.words.values()) - {*schema.text, *schema.facets}
    if strangers:
        raise ValueError(f"{name} has no field {sorted(strangers)}")
    with _lock:
        if _schemas.get(name) != schema:
            _schemas[name] = schema
            _indexes.pop(name, None)
    return schema


def source(name: str, iterate: Callable[[], Iterable[Record]], *, fed_by: Iterable[str] = ()) -> None:
    """Say where the records of *name* come from when it is built anew, and which jobs bring it later changes."""
    _sources[name] = iterate
    _feeders[name] = tuple(fed_by)


def sourced() -> list[str]:
    """The indexes that can be built from the database."""
    return [name for name in _schemas if name in _sources]


def records_of(name: str) -> Iterable[Record]:
    """Every record that the database has for *name*."""
    return _sources[name]()


def feeders(name: str) -> tuple[str, ...]:
    """The names of the jobs that bring changes to *name*."""
    return _feeders[name]


def fingerprint(schema: Schema) -> str:
    """A short name of a schema's shape: another shape lives in another place."""
    shape = repr((SHAPE, schema.text, schema.facets, schema.dates, schema.amounts, schema.stored, schema.suggests))
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


def rebuild(name: str, progress: Callable[[int], None] = no_progress) -> int:
    """Fill *name* anew from the source its room registered; readers see the old records until all new ones are in."""
    return get_index(name).replace_all(records_of(name), progress)


def unbuilt() -> list[str]:
    """The declared indexes that have a source and were never filled in their present shape."""
    return [name for name in sourced() if not get_index(name).is_built()]


def ensure_built() -> list[str]:
    """Build every index that `unbuilt` names; answer which."""
    missing = unbuilt()
    for name in missing:
        rebuild(name)
        _forget_other_shapes(name)
    return missing


def _forget_other_shapes(name: str) -> None:
    """Remove the folders of an index as it was shaped before; an index in a cluster has none."""
    folder: Path | None = getattr(settings, "SEARCH_DIR", None)
    present = f"{name}-{fingerprint(_schemas[name])}"
    for other in Path(folder).glob(f"{name}-*") if folder else ():
        if other.name != present:
            shutil.rmtree(other, ignore_errors=True)


def forget() -> None:
    """Drop the open indexes of this process (tests: each begins with empty ones in memory)."""
    with _lock:
        _indexes.clear()
