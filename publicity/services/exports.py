"""The register as CSV, streamed row by row."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


class _Echo:
    def write(self, row: str) -> str:
        return row


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def header() -> list[str]:
    """The column names, in the reader's language."""
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


def rows_as_csv(rows: Iterable[Mapping[str, Any]], labels: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """CSV lines with a byte-order mark for spreadsheets; codes are written as words of *labels* by facet."""
    writer = csv.writer(_Echo())
    yield BOM
    yield writer.writerow(header())
    for row in rows:
        cells = [
            row["id"],
            row["shop"],
            labels["district"].get(row["district"], row["district"]),
            labels["problem"].get(row["problem"], row["problem"]),
            labels["object_class"].get(row["object_class"], row["object_class"]),
            labels["sale_mode"].get(row["sale_mode"], row["sale_mode"]),
            labels["outcome"].get(row["outcome"], row["outcome"]),
            row["unit_name"],
            row["closed_on"],
            row["published_on"],
            row["summary"],
        ]
        yield writer.writerow([harmless(cell) for cell in cells])
