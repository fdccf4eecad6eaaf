"""`python3 -m portal law [--json]`: every statutory period the portal knows, room by room, with article and dates."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from portal.kernel.calendars import book, words
from portal.kernel.calendars.rules import Chapter, Rule
from portal.kernel.models import LawVersion


class Command(BaseCommand):
    help = "Print the registry of statutory periods: every version, shipped and loaded, grouped by room."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON array, an object a version")

    def handle(self, *args: Any, **options: Any) -> None:
        has_tables = LawVersion._meta.db_table in connection.introspection.table_names()
        known = sorted(book.rules_in_order(has_tables=has_tables), key=lambda pair: (pair[0].room, pair[0].place))
        if options["json"]:
            told = [{"room": chapter.room, "chapter": str(chapter.title), **rule.shown()} for chapter, rule in known]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write("\n".join(_table(known)))


def _table(known: list[tuple[Chapter, Rule]]) -> Iterator[str]:
    heads = [_head(rule) for _chapter, rule in known]
    widths = [max(map(_width, column)) for column in zip(*heads, strict=True)]
    for room, of_room in groupby(known, key=lambda pair: pair[0].room):
        yield f"== {room} ==\n"
        for title, of_chapter in groupby(of_room, key=lambda pair: str(pair[0].title)):
            yield f"{title}\n"
            for _chapter, rule in of_chapter:
                yield "  ".join(map(_padded, _head(rule), widths)).rstrip()
                yield " " * (widths[0] + 2) + _rest(rule)
            yield ""


def _head(rule: Rule) -> tuple[str, ...]:
    cites = _("、").join([rule.basis.short, *(cite.short for cite in rule.also)])
    return (rule.code, rule.from_date.isoformat(), words.length_of(rule), str(rule.title), cites)


def _rest(rule: Rule) -> str:
    mark = words.certainty_of(rule)
    said = (
        words.sentence_of(rule),
        words.pauses_of(rule),
        words.extension_of(rule),
        str(rule.note),
        f"〔{mark}〕" if mark else "",
        _("〔两人核对后载入：{source}〕").format(source=rule.source) if rule.loaded else "",
    )
    return "".join(said)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
