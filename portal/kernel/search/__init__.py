"""Searching: rooms declare the shape of an index and where its records come from; the engine is not their matter."""

from portal.kernel.search.port import UNFILLED, Hit, Index, Page, Query, Record, Schema
from portal.kernel.search.registry import declare, ensure_built, forget, get_index, rebuild, source, unbuilt

__all__ = [
    "UNFILLED",
    "Hit",
    "Index",
    "Page",
    "Query",
    "Record",
    "Schema",
    "declare",
    "ensure_built",
    "forget",
    "get_index",
    "rebuild",
    "source",
    "unbuilt",
]
