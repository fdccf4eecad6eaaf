"""The query language: bare words (all required), "a phrase", -without, field:value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import Refused
from portal.kernel.search.bigrams import Phrase, phrase

LONGEST = 200
MOST_WORDS = 20
PIECE = re.compile(r'\s*(?P<minus>-?)(?:(?P<field>[^\s:"\-][^\s:"]*):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')
FIELD = re.compile(r"[^\W\d_]{1,20}")
QUOTES = str.maketrans({"“": '"', "”": '"', "「": '"', "」": '"', "＂": '"', "：": ":", "－": "-", "\u3000": " "})


@dataclass(frozen=True, slots=True)
class Word:
    """One demand on a record: a phrase, in one field or in any, wanted or unwanted."""

    phrase: Phrase
    field: str | None = None
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet that must (or must not) have a value, written as field:value."""

    facet: str
    value: str
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a query demands; an empty one demands nothing and finds everything."""

    words: tuple[Word, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def has_scores(self) -> bool:
        """Whether anything in it makes one record fit better than another."""
        return any(word.is_wanted for word in self.words)


def parse(text: str, *, text_fields: Mapping[str, str], facets: Mapping[str, str]) -> Parsed:
    """Read what a person typed; anything that cannot be read is refused with a sentence that says what to change.

    *text_fields* and *facets* map the names a person may write before a colon to the fields they mean.
    """
    text = text.translate(QUOTES).strip()
    if len(text) > LONGEST:
        raise Refused("query_too_long", _("搜索的话太长了，请写在 200 个字以内。"), field="q", status=400)
    if text.count('"') % 2:
        raise Refused("query_unbalanced", _("引号要成对。请补上另一半引号，或者去掉引号。"), field="q", status=400)
    words: list[Word] = []
    choices: list[Choice] = []
    at = 0
    while at < len(text):
        piece = PIECE.match(text, at)
        if piece is None:
            raise _unreadable(text[at:])
        at = piece.end()
        is_wanted = not piece["minus"]
        name = piece["field"]
        value = piece["quoted"] if piece["quoted"] is not None else piece["bare"]
        if name is not None and not FIELD.fullmatch(name):
            name, value = None, f"{name}:{value}"
        if name is None:
            words.append(Word(_searchable(value), None, is_wanted))
        elif name in facets:
            choices.append(Choice(facets[name], value, is_wanted))
        elif name in text_fields:
            words.append(Word(_searchable(value), text_fields[name], is_wanted))
        else:
            raise Refused(
                "query_unknown_field",
                _("没有“%(name)s”这个栏目。可以写的栏目：%(known)s。")
                % {"name": name, "known": "、".join(_readable([*text_fields, *facets]))},
                field="q",
                status=400,
            )
    if len(words) + len(choices) > MOST_WORDS:
        raise Refused("query_too_many_words", _("一次最多搜 20 个词，请去掉几个。"), field="q", status=400)
    return Parsed(tuple(words), tuple(choices))


def _readable(names: list[str]) -> list[str]:
    """The names in a reader's own words, where the room gave any."""
    return [name for name in names if not name.isascii()] or names


def _searchable(value: str) -> Phrase:
    found = phrase(value)
    if found is None:
        raise _unreadable(value)
    return found


def _unreadable(rest: str) -> Refused:
    return Refused(
        "query_unreadable",
        _("“%(rest)s”里没有可以搜索的字。请写汉字、字母或者数字。") % {"rest": rest[:20]},
        field="q",
        status=400,
    )
