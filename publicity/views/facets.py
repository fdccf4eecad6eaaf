"""Facets and chips of the register, ready for the template."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.kernel.search import UNFILLED, Page
from publicity import labels
from publicity.forms.register import SHORT
from publicity.selectors.register import FACETS, Filter

FIRST_SHOWN = 6


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its word, its count, whether it is chosen."""

    value: str
    word: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """One facet: its title, its parameter, the values shown at once and those behind 更多."""

    title: str
    name: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    is_open: bool


def _titles() -> dict[str, str]:
    return {
        "district": _("区"),
        "problem": _("问题"),
        "object_class": _("商品和服务"),
        "outcome": _("处理结果"),
        "sale_mode": _("销售方式"),
        "unit": _("公示部门"),
    }


def facet_groups(query: QueryDict, page: Page | None) -> list[Group]:
    """Six groups; a chosen value stays listed even when nothing has it any more."""
    words = labels.words()
    groups = []
    for place, facet in enumerate(("outcome", "district", "problem", "object_class", "sale_mode", "unit")):
        chosen = set(query.getlist(SHORT[facet]))
        counts = dict(page.facets.get(facet, {})) if page else {}
        values = sorted({*counts, *chosen}, key=lambda value: (value not in chosen, -counts.get(value, 0), value))
        choices = tuple(
            Choice(
                value,
                _("未填") if value == UNFILLED else words[facet].get(value, value),
                counts.get(value, 0),
                value in chosen,
            )
            for value in values
        )
        shown = max(FIRST_SHOWN, len(chosen))
        groups.append(
            Group(_titles()[facet], SHORT[facet], choices[:shown], choices[shown:], bool(chosen) or place < 2)
        )
    return groups


@dataclass(frozen=True)
class Chip:
    """One chosen value and the address of the same list without it."""

    word: str
    without: str


def without(query: QueryDict, wanted: Filter) -> list[Chip]:
    """A chip for every chosen value."""
    words = labels.words()
    chips = []
    for facet in FACETS:
        for value in query.getlist(SHORT[facet]):
            rest = query.copy()
            rest.setlist(SHORT[facet], [other for other in query.getlist(SHORT[facet]) if other != value])
            rest.pop("after", None)
            word = _("未填") if value == UNFILLED else words[facet].get(value, value)
            chips.append(Chip(word, f"?{rest.urlencode()}"))
    return chips
