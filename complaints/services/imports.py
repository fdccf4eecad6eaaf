"""Work orders of the 12345 hotline: read line by line, cleaned, and kept as incomplete orders once per number."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.filing_rules import MOST_TITLE_CHARS
from complaints.models import Case, Supplement
from complaints.services import entry
from portal.kernel import clock, crypto, pii
from portal.kernel.errors import Refused

DATE_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%Y-%m-%d")
SOURCE = re.compile(r"[A-Za-z0-9_.\-]{1,30}")
SPREADSHEET_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Order:
    """One work order as its register has it, its text cleaned and whole."""

    source_system: str
    source_no: str
    received_on: date
    title: str
    text: str
    reply: str = ""


@dataclass(frozen=True)
class RefusedRow:
    """A line that was left out, and the sentence that says why."""

    line: int
    source_no: str
    why: str


@dataclass
class Outcome:
    """What an import did."""

    made: int = 0
    known: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


def import_orders(
    lines: Iterable[str],
    *,
    places: Mapping[str, str],
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Outcome:
    """Bring every readable line in, each in a transaction of its own, and answer what became of all of them.

    A number that is here already is left as it is. *places* maps names in the text to districts. With *dry_run*
    nothing is written.
    """
    outcome, seen = Outcome(), set[tuple[str, str]]()
    for number, line in enumerate(lines, 1):
        if line.strip():
            _import_line(number, line, places, seen, outcome, dry_run=dry_run)
        progress(number)
    return outcome


def _import_line(
    number: int, line: str, places: Mapping[str, str], seen: set[tuple[str, str]], outcome: Outcome, *, dry_run: bool
) -> None:
    try:
        order = read_order(line)
        source = (order.source_system, order.source_no)
        if source in seen:
            raise Refused("twice_in_file", _("同一个来源编号在文件里出现了两次。"))
        seen.add(source)
        is_new = not _is_known(order) if dry_run else import_order(order, district=district_in(order, places))
    except Refused as refused:
        outcome.refused.append(RefusedRow(number, _source_no(line), str(refused.sentence)))
        return
    if is_new:
        outcome.made += 1
    else:
        outcome.known += 1


@transaction.atomic
def import_order(order: Order, *, district: str = "") -> bool:
    """Keep one order as incomplete, received today; False when its number is here already."""
    if _is_known(order):
        return False
    case = entry.register_incomplete(
        title=order.title,
        text=order.text,
        channel=Case.Channel.T12345,
        source_system=order.source_system,
        source_no=order.source_no,
        source_received_on=order.received_on,
        district=district,
        who=None,
    )
    if order.reply:
        Supplement(case=case, by=None, text=crypto.Plain(order.reply), at=case.submitted_at).save(force_insert=True)
    return True


def read_order(line: str) -> Order:
    """One JSON line as an Order; Refused with the sentence for the report when it cannot be read."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise _unreadable(_("这一行不是完整的 JSON。")) from error
    if not isinstance(row, dict):
        raise _unreadable(_("这一行不是一条工单。"))
    system, number = _text(row, "source_system"), _text(row, "source_no")
    if not SOURCE.fullmatch(system) or not SOURCE.fullmatch(number):
        raise _unreadable(_("缺少来源系统或者来源编号，或者里面有不能用的字符。"))
    text = clean(_text(row, "text"))
    if not text:
        raise _unreadable(_("没有正文。"))
    title = " ".join(clean(_text(row, "title")).split()) or text.split("\n")[0]
    return Order(
        source_system=system,
        source_no=number,
        received_on=_day(_text(row, "received_at")),
        title=pii.mask(title)[:MOST_TITLE_CHARS],
        text=text,
        reply=_reply(row),
    )


def clean(text: str) -> str:
    """*text* without what spreadsheets and web pages leave: escaped control characters, hard and trailing blanks."""
    decoded = SPREADSHEET_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")
    decoded = decoded.replace("\xa0", " ")
    lines = decoded.replace("\r", "\n").replace("\x00", "").split("\n")
    return BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def district_in(order: Order, places: Mapping[str, str]) -> str:
    """The district that the order names, when it names exactly one."""
    words = f"{order.title}\n{order.text}"
    named = {code for name, code in places.items() if name in words}
    return named.pop() if len(named) == 1 else ""


def _is_known(order: Order) -> bool:
    return Case.objects.filter(source_system=order.source_system, source_no=order.source_no).exists()


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _source_no(line: str) -> str:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        return ""
    return _text(row, "source_no")[:60] if isinstance(row, dict) else ""


def _day(text: str) -> date:
    for form in DATE_FORMATS:
        try:
            day = datetime.strptime(text, form).replace(tzinfo=clock.SHANGHAI).date()
        except ValueError:
            continue
        if day > clock.today():
            raise _unreadable(_("收到日期“{text}”还没有到。").format(text=text[:30]))
        return day
    sentence = _("收到日期“{text}”读不懂，应写成 2016/7/21 10:35:52 或者 2016-07-21 10:35:52。")
    raise _unreadable(sentence.format(text=text[:30]))


def _reply(row: dict[str, Any]) -> str:
    reply = clean(_text(row, "reply"))
    if not reply:
        return ""
    replied_at = _text(row, "replied_at")
    return _("来源单位的答复（{when}）：\n{reply}").format(when=replied_at or _("未写日期"), reply=reply)


def _unreadable(sentence: str) -> Refused:
    return Refused("unreadable_order", sentence)
