"""From a form and its data to a sheet: typst, with the data as JSON that can never become markup."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

SHARED = Path(__file__).parent / "documents_typ"
ARCHIVAL = "a-2b"
MISSING_GLYPH = "could not be displayed"
PACKAGED_FONTS = ("noto-serif-sc", "noto-sans-sc")


class CannotSet(Exception):
    """A form that does not compile: a mistake of ours, never of the data."""


@dataclass(frozen=True)
class Sheet:
    """A PDF; `lacks_glyphs` says that a character is missing from every font, so that it is not archival."""

    pdf: bytes
    lacks_glyphs: bool


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The system's fonts, and those that came with the frontend where they are installed."""
    packages = Path(settings.BASE_DIR) / "frontend" / "node_modules" / "@expo-google-fonts"
    folders = [str(packages / name) for name in PACKAGED_FONTS if (packages / name).is_dir()]
    return typst.Fonts(include_system_fonts=True, font_paths=folders)


def set_sheet(template: Path, *, data: dict[str, Any], house: dict[str, Any], at: datetime) -> Sheet:
    """Set one form as PDF/A-2b; where a character is in no font, as plain PDF with a gap, and said so.

    The form sees `base.typ` and nothing else: no other file, no network. The same input gives the same bytes.
    """
    sources = {
        "main.typ": template.read_bytes(),
        **{part.name: part.read_bytes() for part in sorted(SHARED.glob("*.typ"))},
    }
    inputs = {"data": json.dumps(data, ensure_ascii=False), "house": json.dumps(house, ensure_ascii=False)}
    try:
        return Sheet(_compile(sources, inputs, at, [ARCHIVAL]), lacks_glyphs=False)
    except typst.TypstError as error:
        if MISSING_GLYPH not in str(error):
            raise CannotSet(f"{template.name}: {error}") from error
    return Sheet(_compile(sources, inputs, at, []), lacks_glyphs=True)


def _compile(sources: Any, inputs: dict[str, str], at: datetime, standards: Any) -> bytes:
    compiled: Any = typst.compile(
        sources,
        root=str(SHARED),
        font_paths=_fonts(),
        sys_inputs=inputs,
        pdf_standards=standards,
        timestamp=int(at.timestamp()),
    )
    return bytes(compiled)
