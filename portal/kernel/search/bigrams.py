"""How every text is cut for searching: one function, used for both engines, for queries and for highlights.

A run of Han, kana or hangul becomes overlapping pairs and, at its end, its last character alone; a run of letters or
of digits is one word. So a phrase of pairs finds exactly the characters that stand together, and a single character is
found as the beginning of a pair. Full-width, upper-case and traditional characters are the same as their plain ones.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add

CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
)
RUN = re.compile(rf"[{CJK}]+|[0-9]+|(?:(?![{CJK}])[^\W\d_])+")
IS_CJK = re.compile(rf"[{CJK}]")
LONGEST_WORD = 32
HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


@dataclass(frozen=True, slots=True)
class Token:
    """One unit of search and where it stands in the text as it was given."""

    text: str
    start: int
    end: int


class _Fold(dict[int, str]):
    """Each character in its plainest form; one at a time, so that the places of a text are known."""

    def __init__(self) -> None:
        from opencc import OpenCC

        characters = [chr(code) for first, end in HAN_BLOCKS for code in range(first, end)]
        simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
        self.simplified = {
            ord(given): plain
            for given, plain in zip(characters, simplified, strict=True)
            if given != plain and len(plain) == 1
        }
        super().__init__()

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).lower().translate(self.simplified)
        self[code] = plain
        return plain


@cache
def _fold() -> _Fold:
    return _Fold()


def folded(text: str) -> str:
    """The text in its plainest form."""
    return text.translate(_fold())


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text in its plainest form, and for each of its characters the place it came from (and one for the end)."""
    fold = _fold()
    plain = text.translate(fold)
    if len(plain) == len(text):
        return plain, range(len(text) + 1)
    places = [place for place, character in enumerate(text) for _ in fold[ord(character)]]
    return plain, [*places, len(text)]


def _cut(plain: str) -> Iterator[tuple[int, int]]:
    """Where each unit of a folded text begins and ends."""
    for run in RUN.finditer(plain):
        start, end = run.span()
        size, step = (2, 1) if IS_CJK.match(plain, start) else (LONGEST_WORD, LONGEST_WORD)
        for at in range(start, end, step):
            yield at, min(at + size, end)


def tokens(text: str) -> list[Token]:
    """Cut *text* the way the indexes hold it."""
    plain, places = _folded(text)
    return [Token(plain[start:end], places[start], places[end - 1] + 1) for start, end in _cut(plain)]


def spaced(text: str) -> str:
    """What a whitespace-analyzed field is fed: the tokens of *text*, without their places."""
    found: list[str] = []
    for run in RUN.findall(folded(text)):
        if IS_CJK.match(run):
            found.extend(map(add, run, run[1:]))
            found.append(run[-1])
        else:
            found.extend(run[at : at + LONGEST_WORD] for at in range(0, len(run), LONGEST_WORD))
    return " ".join(found)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that must stand side by side; the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    is_open: bool = False

    def found_in(self, text: list[Token]) -> Iterator[int]:
        """The places of a cut text at which the phrase stands."""
        steps = range(len(self.words))
        first = self.words[0]
        for at in range(len(text) - len(self.words) + 1):
            if text[at].text.startswith(first) and all(self._fits(text[at + step].text, step) for step in steps):
                yield at

    def _fits(self, found: str, step: int) -> bool:
        word = self.words[step]
        return found.startswith(word) if self.is_open and step == len(self.words) - 1 else found == word


def phrase(text: str, *, is_prefix: bool = False) -> Phrase | None:
    """What a reader who types *text* asks for; None when nothing in it can be searched.

    With *is_prefix* the last word may go on: what follows Han characters may anyway.
    """
    words = [token.text for token in tokens(text)]
    if not words:
        return None
    ends_in_cjk = bool(IS_CJK.match(words[-1]))
    if ends_in_cjk and len(words) > 1 and len(words[-2]) == 2 and words[-2][1] == words[-1]:
        return Phrase(tuple(words[:-1]))
    return Phrase(tuple(words), is_open=ends_in_cjk or is_prefix)
