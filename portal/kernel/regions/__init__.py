"""The city this portal serves: its districts, bodies, who answers for what, and its classes.

`name` is always the official Chinese name, for papers and records; `label` follows the reader's language, for pages.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from portal.kernel.regions.loading import load
from portal.kernel.regions.pack import (
    Body,
    City,
    CityDays,
    ClaimKind,
    Department,
    District,
    FundTerms,
    Named,
    ObjectClass,
    Problem,
    Route,
    Scheme,
    Topic,
    Trade,
)
from portal.kernel.regions.reader import BadPack

__all__ = [
    "BadPack",
    "Body",
    "City",
    "CityDays",
    "ClaimKind",
    "Department",
    "District",
    "FundTerms",
    "Named",
    "ObjectClass",
    "Problem",
    "Route",
    "Scheme",
    "Topic",
    "Trade",
    "city",
    "district_label",
    "district_name",
    "load",
    "object_label",
    "object_name",
    "problem_label",
    "problem_name",
    "topic_label",
    "topic_name",
]

PACKS = Path(__file__).parents[2] / "city"


@cache
def _loaded(name: str) -> City:
    return load(PACKS / name)


def city() -> City:
    """The city of the CITY setting, read once; BadPack when its files are wrong.

    CITY names a folder of `portal/city`, or is the path of a folder anywhere else.
    """
    return _loaded(settings.CITY)


@cache
def _named(name: str, part: str) -> dict[str, Named]:
    return {row.code: row for row in getattr(_loaded(name), part)}


def _name(part: str, code: str) -> str:
    row = _named(settings.CITY, part).get(code)
    return row.name if row else code


def _label(part: str, code: str) -> str:
    row = _named(settings.CITY, part).get(code)
    return row.label if row else code


def district_name(code: str) -> str:
    """The official name of a district; the code itself when it is not one of this city."""
    return _name("districts", code)


def district_label(code: str) -> str:
    """The name of a district in the reader's language."""
    return _label("districts", code)


def problem_name(code: str) -> str:
    """The official name of a problem class."""
    return _name("problems", code)


def problem_label(code: str) -> str:
    """The name of a problem class in the reader's language."""
    return _label("problems", code)


def object_name(code: str) -> str:
    """The official name of an object class."""
    return _name("objects", code)


def object_label(code: str) -> str:
    """The name of an object class in the reader's language."""
    return _label("objects", code)


def topic_name(code: str) -> str:
    """The official name of a topic."""
    return _name("topics", code)


def topic_label(code: str) -> str:
    """The name of a topic in the reader's language."""
    return _label("topics", code)
