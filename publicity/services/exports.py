"""Public tables as CSV: the register streamed as it is found, a release whole."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"
ROWS_A_CHUNK = 250
Words = Mapping[str, Mapping[str, str]]


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _lines(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def table_as_csv(rows: Iterable[Sequence[object]]) -> str:
    """A small table at once, with a byte-order mark for spreadsheets."""
    return BOM + _lines(rows)


def register_as_csv(records: Iterable[Mapping[str, Any]], words: Words) -> Iterator[str]:
    """The register's records, some hundred rows at a time; the first piece is the column names, without any record.

    Codes are written as *words* has them by facet. Everything is in the language of the call, whenever it is read.
    """
    return _chunks(BOM + _lines([_columns()]), iter(records), words)


def _chunks(head: str, records: Iterator[Mapping[str, Any]], words: Words) -> Iterator[str]:
    yield head
    while rows := [_cells(record, words) for record in islice(records, ROWS_A_CHUNK)]:
        yield _lines(rows)


def _columns() -> list[str]:
    return [
        _("记录编号"),
        _("商家"),
        _("区"),
        _("问题"),
        _("商品或服务"),
        _("销售方式"),
        _("处理结果"),
        _("公示部门"),
        _("办结日期"),
        _("公示日期"),
        _("内容"),
    ]


def _cells(record: Mapping[str, Any], words: Words) -> list[object]:
    def word(facet: str) -> str:
        code = record[facet] or ""
        return words[facet].get(code, code)

    return [
        record["id"],
        record["shop"],
        word("district"),
        word("problem"),
        word("object_class"),
        word("sale_mode"),
        word("outcome"),
        words["unit"].get(record["unit"], record["unit_name"]),
        record["closed_on"],
        record["published_on"],
        record["summary"],
    ]
