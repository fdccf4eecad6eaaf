"""The index finds what the words say, for any text; what is found is what is marked."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.search import Query, Schema
from portal.kernel.search.bigrams import phrase, spaced, tokens
from portal.kernel.search.embedded import EmbeddedIndex

SCHEMA = Schema("property", text=("summary",))
TEXT = st.text(alphabet="退款货家aB1２，。 -<＆", max_size=14)
ASKED = st.text(alphabet="退款货家aB1", min_size=1, max_size=4)
HAN = st.text(alphabet="退款货家", min_size=1, max_size=12)


@given(text=HAN, start=st.integers(0, 11), length=st.integers(1, 12))
def test_any_stretch_of_han_characters_is_found_in_its_text(text: str, start: int, length: int) -> None:
    stretch = text[start : start + length]
    asked = phrase(stretch)
    cut = tokens(text)

    assert (asked is None) == (stretch == "")
    if asked is not None:
        assert any(True for _at in asked.found_in(cut))


@given(text=HAN, asked=HAN)
def test_han_characters_that_do_not_stand_together_are_not_found(text: str, asked: str) -> None:
    sought = phrase(asked)
    cut = tokens(text)

    assert sought is not None
    assert any(True for _at in sought.found_in(cut)) == (asked in text)


@given(text=TEXT)
def test_tokens_point_back_at_their_own_characters(text: str) -> None:
    for token in tokens(text):
        assert next(again.text for again in tokens(text[token.start : token.end])) == token.text


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXT, min_size=1, max_size=6), asked=ASKED)
def test_the_engine_agrees_with_the_words_and_marks_what_it_found(texts: list[str], asked: str) -> None:
    index = EmbeddedIndex(SCHEMA, None)
    index.put({"id": str(place), "summary": text} for place, text in enumerate(texts))
    sought = phrase(asked)
    assert sought is not None
    expected = {str(place) for place, text in enumerate(texts) if any(True for _at in sought.found_in(tokens(text)))}

    page = index.query(Query(asked))

    assert {hit.id for hit in page.hits} == expected
    assert page.total == len(expected)
    for hit in page.hits:
        marked = re.findall("<mark>(.*?)</mark>", hit.highlights["summary"])
        assert marked
        assert all(phrase(piece) is not None for piece in marked)


@given(text=st.text(max_size=60))
def test_what_is_fed_to_an_engine_is_what_is_marked(text: str) -> None:
    cut = tokens(text)
    assert spaced(text).split(" ") == ([token.text for token in cut] or [""])
    assert all(0 <= token.start < token.end <= len(text) for token in cut)


@given(text=st.text(alphabet="門門门ＡaÅ１1退款髮发", max_size=12))
def test_full_width_upper_case_and_traditional_are_the_same_as_plain(text: str) -> None:
    plain = text.translate(str.maketrans("門ＡÅ１髮", "门aå1发")).lower()
    assert [token.text for token in tokens(text)] == [token.text for token in tokens(plain)]
