"""Reading what a person typed into a search box.

Bare words are all required; "a phrase" stands together; AND, OR, NOT and 且, 或, 非 join when they stand alone, NOT
before AND before OR; -word leaves out; 退* is the beginning of a word; field:value looks in one field; (brackets)
group. Every error is a `Refused` (400) that says what to change and, as `place`, at which character (from 1).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import Refused, Sentence
from portal.kernel.search.bigrams import Phrase, phrase
from portal.kernel.search.query import Choice, Every, Node, Parsed, Some, Without, Word

LONGEST = 200
MOST_WORDS = 20
DEEPEST = 10
PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂「」『』〝〞", '"'),
        **dict.fromkeys("（﹙", "("),
        **dict.fromkeys("）﹚", ")"),
        "：": ":",
        "－": "-",
        "＊": "*",
        "\u3000": " ",
    }
)
TOKEN = re.compile(r'(?P<open>\()|(?P<close>\))|"(?P<quoted>[^"]*)"|(?P<lone>")|(?P<bare>[^\s"()]+)')
NAMED = re.compile(r"([^\W\d_]{1,20}):(.*)", re.DOTALL)
AND = frozenset({"AND", "且"})
OR = frozenset({"OR", "或"})
NOT = frozenset({"NOT", "非"})


@dataclass(frozen=True, slots=True)
class _Token:
    """A bracket, a sign or a piece of text, and where it stands (from 1)."""

    kind: str
    text: str
    place: int


def parse(text: str, *, text_fields: Mapping[str, str], facets: Mapping[str, str]) -> Parsed:
    """Read what a person typed. *text_fields* and *facets* map the names they may write before a colon to fields."""
    if len(text.strip()) > LONGEST:
        raise _refused("query_too_long", _("搜索的话太长了，请写在 200 个字以内。"), place=LONGEST + 1)
    tokens = _tokens(text.translate(PLAIN))
    if not tokens:
        return Parsed()
    reader = _Reader(tokens, text_fields, facets)
    return Parsed(reader.whole())


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in TOKEN.finditer(text):
        place = match.start() + 1
        if match["open"] or match["close"]:
            found.append(_Token(match[0], match[0], place))
        elif match["lone"]:
            raise _refused("query_unbalanced", _("引号要成对。请补上另一半引号，或者去掉引号。"), place=place)
        elif match["bare"] is None:
            found.append(_Token("quoted", match["quoted"], place))
        else:
            found.extend(_bare(match["bare"], place, is_alone=_is_alone(text, match)))
    return found


def _is_alone(text: str, match: re.Match[str]) -> bool:
    """Whether the piece is followed by a blank, a bracket or the end, so that it can be a whole word."""
    return not text[match.end() : match.end() + 1].strip('() \t\r\n"')


def _bare(text: str, place: int, *, is_alone: bool) -> list[_Token]:
    """The tokens of a piece without blanks: a joining word, or signs and a field's name before a text."""
    if is_alone and text in AND | OR | NOT:
        return [_Token("and" if text in AND else "or" if text in OR else "not", text, place)]
    found = []
    if text.startswith("-"):
        found.append(_Token("minus", "-", place))
        text, place = text[1:], place + 1
    named = NAMED.fullmatch(text)
    if named:
        found.append(_Token("field", named[1], place))
        text, place = named[2], place + len(named[1]) + 1
    return [*found, _Token("bare", text, place)] if text else found


class _Reader:
    """Descends through the tokens: a choice of joins, a join of demands, a demand."""

    def __init__(self, tokens: list[_Token], text_fields: Mapping[str, str], facets: Mapping[str, str]) -> None:
        self.tokens = tokens
        self.text_fields = text_fields
        self.facets = facets
        self.at = 0
        self.words = 0
        self.depth = 0

    def whole(self) -> Node:
        found = self._some(None)
        stray = self._peek()
        if stray is not None:
            raise _refused("query_bracket", _("第 %(place)d 个字的“)”前面没有“(”与它成对。"), place=stray.place)
        return found

    def _peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, *kinds: str) -> _Token | None:
        token = self._peek()
        if token is None or token.kind not in kinds:
            return None
        self.at += 1
        return token

    def _some(self, field: _Token | None) -> Node:
        parts = [self._every(field)]
        while self._take("or"):
            parts.append(self._every(field))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self, field: _Token | None) -> Node:
        parts = [self._demand(field)]
        while True:
            following = self._peek()
            if following is None or following.kind in ("or", ")"):
                return parts[0] if len(parts) == 1 else Every(tuple(parts))
            self._take("and")
            parts.append(self._demand(field))

    def _demand(self, field: _Token | None) -> Node:
        if self._take("not"):
            return Without(self._demand(field))
        minus = self._take("minus")
        if minus:
            following = self._peek()
            if following is None or following.kind not in ("field", "bare", "quoted", "("):
                raise _unreadable("-", minus.place)
            return Without(self._one(field))
        return self._one(field)

    def _one(self, field: _Token | None) -> Node:
        field = self._take("field") or field
        opened = self._take("(")
        if opened:
            return self._group(opened, field)
        token = self._take("bare", "quoted")
        if token is None:
            raise self._missing(field)
        self.words += 1
        if self.words > MOST_WORDS:
            raise _refused("query_too_many_words", _("一次最多搜 20 个词，请去掉几个。"), place=token.place)
        return self._text(token, field)

    def _group(self, opened: _Token, field: _Token | None) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _refused("query_too_deep", _("括号套得太多了，最多套 10 层。"), place=opened.place)
        found = self._some(field)
        if not self._take(")"):
            raise _refused("query_bracket", _("第 %(place)d 个字的“(”后面没有“)”与它成对。"), place=opened.place)
        self.depth -= 1
        return found

    def _missing(self, field: _Token | None) -> Refused:
        """Why a word is wanted where none stands."""
        token = self._peek()
        before = self.tokens[self.at - 1] if self.at else None
        if token is not None and token.kind in ("and", "or", "minus"):
            return _operator(token)
        if before is not None and before.kind in ("and", "or", "not"):
            return _operator(before)
        if before is not None and before.kind == "field":
            return _refused(
                "query_unreadable",
                _("第 %(place)d 个字的“%(name)s:”后面要紧跟着写要找的词。"),
                place=before.place,
                name=before.text,
            )
        if token is not None and token.kind == ")":
            return _refused("query_bracket", _("第 %(place)d 个字的“)”前面没有要找的词。"), place=token.place)
        opened = before or token
        assert opened is not None
        return _refused("query_bracket", _("第 %(place)d 个字的“(”后面没有“)”与它成对。"), place=opened.place)

    def _text(self, token: _Token, field: _Token | None) -> Node:
        if field is None:
            return Word(_phrase(token))
        if field.text in self.facets:
            if token.kind == "bare" and "*" in token.text:
                raise _star(token)
            return Choice(self.facets[field.text], token.text)
        if field.text in self.text_fields:
            return Word(_phrase(token), self.text_fields[field.text])
        known = [name for name in (*self.text_fields, *self.facets) if not name.isascii()]
        raise _refused(
            "query_unknown_field",
            _("没有“%(name)s”这个栏目。可以写的栏目：%(known)s。"),
            place=field.place,
            name=field.text,
            known="、".join(known or [*self.text_fields, *self.facets]),
        )


def _phrase(token: _Token) -> Phrase:
    text, is_prefix = token.text, False
    if token.kind == "bare" and "*" in text:
        text, is_prefix = text[:-1], True
        if "*" in text or not token.text.endswith("*"):
            raise _star(token)
    found = phrase(text, is_prefix=is_prefix)
    if found is None:
        raise _unreadable(token.text, token.place)
    return found


def _star(token: _Token) -> Refused:
    place = token.place + token.text.index("*")
    return _refused("query_star", _("第 %(place)d 个字：星号只能写在一个词的末尾，例如 退*。"), place=place)


def _operator(token: _Token) -> Refused:
    return _refused(
        "query_operator",
        _("第 %(place)d 个字的“%(sign)s”少了一边要找的词。要找“%(sign)s”这个字，请给它加上引号。"),
        place=token.place,
        sign=token.text,
    )


def _unreadable(rest: str, place: int) -> Refused:
    sentence = _("第 %(place)d 个字起的“%(rest)s”里没有可以搜索的字。请写汉字、字母或者数字。")
    return _refused("query_unreadable", sentence, place=place, rest=rest[:20])


def _refused(code: str, sentence: Sentence, *, place: int, **words: str) -> Refused:
    said = sentence % {"place": place, **words} if "%(" in str(sentence) else sentence
    return Refused(code, said, field="q", status=400, place=place)
