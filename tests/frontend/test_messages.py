"""Translations: what is extracted, that English is complete where citizens read, and that no page breaks by one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import override_settings

from portal.management.commands import messages

HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MARKUP = re.compile(r"</?\w+[^>]*>")
FOR_STAFF = re.compile(r"templates/(\w+/)?desk")


@pytest.fixture(scope="module")
def english() -> Catalog:
    path = settings.FRONTEND_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
    with path.open() as file:
        return read_po(file, locale="en")


def translated(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for message in catalog:
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, list | tuple) else [message.id]
        words = message.string if isinstance(message.string, list | tuple) else [message.string or ""]
        yield from ((sources[0], word) for word in words if word)


def test_templates_and_code_are_both_read(tmp_path: Path) -> None:
    (tmp_path / "frontend" / "templates").mkdir(parents=True)
    (tmp_path / "complaints").mkdir()
    (tmp_path / "frontend" / "templates" / "page.html").write_text(
        """<p>{% translate "提交" %}</p>
        {% blocktranslate count n=files|length trimmed %}
            {{ n }} 个文件
        {% plural %}{{ n }} 个文件{% endblocktranslate %}
        {% translate "承诺店" context "牌面" %}{{ x|default:_("未填") }}"""
    )
    (tmp_path / "complaints" / "rules.py").write_text(
        "from django.utils.translation import gettext as _now\nfrom django.utils.translation import gettext_lazy as _\n"
        'A = _("退货")\ndef f():\n    return _now("修" "理")\n'
    )
    with override_settings(BASE_DIR=tmp_path, FRONTEND_DIR=tmp_path / "frontend"):
        said = messages.everything_said()

    found = {
        (message.id if isinstance(message.id, str) else message.id[0], message.context)
        for message in said
        if message.id
    }
    assert found == {
        ("提交", None),
        ("%(n)s 个文件", None),
        ("承诺店", "牌面"),
        ("未填", None),
        ("退货", None),
        ("修理", None),
    }


def test_english_is_complete_on_the_pages_that_are_not_the_desk(english: Catalog) -> None:
    def is_missing(message: Message) -> bool:
        known = english.get(message.id, message.context)
        words = known.string if known is not None else ""
        return not (all(words) if isinstance(words, list | tuple) else words)

    def is_public(message: Message) -> bool:
        places = [place for place, _line in message.locations]
        return any("/templates/" in place and not FOR_STAFF.search(place) for place in places)

    missing = [
        message.id
        for message in messages.everything_said()
        if message.id and is_public(message) and is_missing(message)
    ]
    assert missing == [], "run `python -m django messages` and translate these"


def test_a_translation_fills_the_same_holes(english: Catalog) -> None:
    broken = [
        (source, words)
        for source, words in translated(english)
        if set(HOLES.findall(source)) != set(HOLES.findall(words))
    ]
    assert broken == []


def test_a_translation_keeps_the_markup(english: Catalog) -> None:
    broken = [
        (source, words) for source, words in translated(english) if MARKUP.findall(source) != MARKUP.findall(words)
    ]
    assert broken == []


def test_no_translation_is_marked_as_a_guess(english: Catalog) -> None:
    guesses = [message.id for message in english if message.id and message.fuzzy]

    assert guesses == [], "a fuzzy entry is not compiled, so its page would show Chinese"
