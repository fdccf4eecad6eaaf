"""`python -m django messages`: bring the catalogs of translations up to what the code and the templates say."""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

ROOMS = ("portal", "publicity", "complaints", "mediation")
PLURAL = (1, 2)
CONTEXT = ((1, "c"), 2)
PLURAL_IN_CONTEXT = ((1, "c"), 2, 3)
KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": PLURAL_IN_CONTEXT,
    "npgettext_lazy": PLURAL_IN_CONTEXT,
}
IMPORTED_AS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)")
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


class Command(BaseCommand):
    help = "Extract what is to be translated into frontend/locale; keep every translation that still has its text."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a catalog is behind")

    def handle(self, *args: Any, **options: Any) -> None:
        template = everything_said()
        behind = []
        for language, path in catalogs():
            known = path.read_text() if path.exists() else ""
            fresh, missing = _renewed(template, known, language)
            if options["check"]:
                behind += [str(path.relative_to(settings.BASE_DIR))] if fresh != known else []
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh)
            self.stdout.write(f"{language}: {len(template)} messages, {missing} to translate")
        if behind:
            raise CommandError(f"run `python -m django messages`: {', '.join(behind)}")


def catalogs() -> Iterator[tuple[str, Path]]:
    """The catalog of every language that is not the one the house is written in."""
    for language, _name in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE:
            yield language, settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"


def everything_said() -> Catalog:
    """Every text marked for translation, with the files that say it."""
    catalog = Catalog(charset="utf-8")
    for path in _sources():
        text = path.read_text()
        keywords = {**KEYWORDS, **{alias: KEYWORDS[name] for name, alias in IMPORTED_AS.findall(text)}}
        code = _as_code(text) if path.suffix == ".html" else text
        place = str(path.relative_to(settings.BASE_DIR))
        for _line, message, _comments, context in extract("python", io.BytesIO(code.encode()), keywords):
            catalog.add(message, locations=[(place, 0)], context=context)
    return catalog


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((settings.BASE_DIR / room).rglob("*.py"))
    yield from sorted((settings.FRONTEND_DIR / "templates").rglob("*.html"))


def _as_code(template: str) -> str:
    """A template as lines of Python with its texts in calls, each line by itself so that indentation means nothing."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def _renewed(template: Catalog, known: str, language: str) -> tuple[str, int]:
    catalog = read_po(io.StringIO(known), locale=language) if known else Catalog(locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalog, width=118, no_location=False, include_lineno=False, omit_header=True, sort_output=True)
    missing = len([message for message in catalog if message.id and not _is_translated(message.string)])
    return HEADER.format(language=language) + out.getvalue().decode(), missing


def _is_translated(words: Any) -> bool:
    return all(words) if isinstance(words, tuple) else bool(words)
