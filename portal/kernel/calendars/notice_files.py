"""A yearly notice as a file: JSON in three shapes, or CSV; what is wrong is said with its line."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.calendars.workdays import Notice
from portal.kernel.errors import Refused

MOST_CHARS = 100_000
OFF = frozenset({"放假", "休", "off"})
ON = frozenset({"上班", "班", "on"})
HEADINGS = frozenset({"date", "日期"})
DAY = re.compile(r'"\s*(\d{4}[^"]*)\s*"')


@dataclass(frozen=True)
class NoticeFile:
    """What a file says: its days, and its year and source where it names them."""

    off: tuple[date, ...]
    on: tuple[date, ...]
    year: int | None = None
    source: str = ""


@dataclass(frozen=True)
class _Row:
    line: int
    day: str
    kind: str


def read_notice(text: str) -> NoticeFile:
    """The days of a notice.

    Takes JSON `{"off": […], "on": […]}`, `{"days": [{"date": …, "isOffDay": …}]}` (holiday-cn's, with `year` and
    `papers`), or CSV lines `2027-01-01,放假` and `2027-01-03,上班` (also `off` and `on`; a first line `date,kind` is
    skipped). Refused (`notice_file`, field text): what is wrong and in which line.
    """
    text = text.lstrip("\ufeff").strip("\n")
    if not text.strip():
        raise _wrong(_("文件是空的。"))
    if len(text) > MOST_CHARS:
        raise _wrong(_("文件太大，不像一份放假安排。"))
    if text.lstrip()[0] in "{[":
        return _from_json(text)
    return _from_rows(_csv_rows(text))


def notice_from(text: str, *, year: int, source: str) -> Notice:
    """The notice of *year* that a file says; its own source where none is given. Days are not checked yet.

    Refused like `read_notice`, and when the file names another year.
    """
    told = read_notice(text)
    if told.year not in (None, year):
        raise _wrong(_("文件写的是 {other} 年，不是 {year} 年。").format(other=told.year, year=year))
    return Notice(year, frozenset(told.off), frozenset(told.on), source.strip() or told.source)


def _wrong(what: str, line: int | None = None) -> Refused:
    sentence = what if line is None else _("第 {line} 行：{what}").format(line=line, what=what)
    return Refused("notice_file", sentence, field="text")


def _from_json(text: str) -> NoticeFile:
    try:
        body: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(_("不是完整的 JSON（{why}）。").format(why=error.msg), error.lineno) from None
    if not isinstance(body, dict) or not ("days" in body or {"off", "on"} <= body.keys()):
        raise _wrong(_("没有 off 和 on，也没有 days，不是放假安排。"))
    lines = _lines_of_days(text)
    found = _from_rows([_Row(next(lines, 0), day, kind) for day, kind in _json_days(body)])
    year, papers = body.get("year"), body.get("papers")
    return NoticeFile(
        found.off,
        found.on,
        year if isinstance(year, int) and not isinstance(year, bool) else None,
        " ".join(str(paper) for paper in papers) if isinstance(papers, list) else str(body.get("source") or ""),
    )


def _json_days(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "days" in body:
        for number, row in enumerate(_list(body["days"], "days"), 1):
            if not isinstance(row, dict) or not isinstance(row.get("isOffDay"), bool) or "date" not in row:
                raise _wrong(_("days 里第 {number} 项要有 date 和 isOffDay。").format(number=number))
            yield str(row["date"]), "off" if row["isOffDay"] else "on"
        return
    in_order = sorted(("off", "on"), key=list(body).index)
    for kind in in_order:
        for day in _list(body[kind], kind):
            yield str(day), kind


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(_("{name} 要是一个列表。").format(name=name))
    return value


def _lines_of_days(text: str) -> Iterator[int]:
    """The line of each day of a JSON text, in order; texts that begin with a year are taken for days."""
    for number, line in enumerate(text.split("\n"), 1):
        for _found in DAY.finditer(line):
            yield number


def _csv_rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text.replace("，", ",").replace("\t", ",")))
    for cells in reader:
        told = [cell.strip() for cell in cells]
        if not any(told) or (reader.line_num == 1 and told[0].lower() in HEADINGS):
            continue
        if len(told) < 2:
            raise _wrong(_("要有日期和“放假”或者“上班”两栏。"), reader.line_num)
        yield _Row(reader.line_num, told[0], told[1].lower())


def _from_rows(rows: Iterable[_Row]) -> NoticeFile:
    seen: dict[date, _Row] = {}
    off: list[date] = []
    on: list[date] = []
    for row in rows:
        line = row.line or None
        try:
            day = date.fromisoformat(row.day.strip())
        except ValueError:
            raise _wrong(_("{text} 不是日期，要写成 2027-01-01 这样。").format(text=row.day or "—"), line) from None
        if row.kind not in OFF | ON:
            raise _wrong(_("{text} 看不懂，只能是“放假”或者“上班”。").format(text=row.kind or "—"), line)
        if day in seen:
            raise _wrong(_("{day} 前面已经写过。").format(day=day.isoformat()), line)
        seen[day] = row
        (off if row.kind in OFF else on).append(day)
    return NoticeFile(tuple(sorted(off)), tuple(sorted(on)))
