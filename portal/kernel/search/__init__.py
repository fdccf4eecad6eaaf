"""Searching: rooms declare the shape of an index and where its records come from; the engine is not their matter."""

from portal.kernel.search.port import UNFILLED, Bar, Counts, Hit, Index, Page, Query, Record, Schema, Step, Trend
from portal.kernel.search.registry import declare, ensure_built, forget, get_index, rebuild, source, sourced, unbuilt

__all__ = [
    "UNFILLED",
    "Bar",
    "Counts",
    "Hit",
    "Index",
    "Page",
    "Query",
    "Record",
    "Schema",
    "Step",
    "Trend",
    "declare",
    "ensure_built",
    "forget",
    "get_index",
    "rebuild",
    "source",
    "sourced",
    "unbuilt",
]
