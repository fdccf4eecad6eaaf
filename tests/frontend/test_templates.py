"""Every template compiles, needs no inline style or script, and says nothing that cannot be translated."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.template.loader import get_template

FOLDER = settings.FRONTEND_DIR / "templates"
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(r"\{% *blocktrans(?:late)?\b.*?\{% *endblocktrans(?:late)? *%\}", re.DOTALL)
IN_ITS_OWN_LANGUAGE = re.compile(r'<button[^>]*lang="zh-Hans">中文</button>')


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted(FOLDER.rglob("*.html")):
        yield str(path.relative_to(FOLDER)), path.read_text()


def test_every_template_compiles() -> None:
    for name, _text in templates():
        get_template(name)


def test_no_template_needs_more_than_the_content_policy_gives() -> None:
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=|\shx-on|<style\b|<script(?![^>]*\bsrc=)|javascript:")
    found = {name: hits for name, text in templates() if (hits := forbidden.findall(TAG.sub("", text)))}
    assert found == {}


def test_every_word_for_people_is_marked_for_translation() -> None:
    found = {}
    for name, text in templates():
        bare = IN_ITS_OWN_LANGUAGE.sub("", TAG.sub("", TRANSLATED.sub("", text)))
        if words := re.findall(r"[\u4e00-\u9fff]+", bare):
            found[name] = words
    assert found == {}
