"""Facets and chips of the register, ready for the template."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.kernel.search import UNFILLED, Page
from publicity.forms.register import PERIODS, SHORT
from publicity.selectors.register import Filter

FIRST_SHOWN = 6
OPEN_AT_FIRST = 2
MOST_PAGES_BACK = 30
SHOWN = ("outcome", "district", "problem", "object_class", "sale_mode", "unit")
Words = dict[str, dict[str, str]]


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


def _word(words: Words, facet: str, value: str) -> str:
    return _("未填") if value == UNFILLED else words[facet].get(value, value)


def facet_groups(wanted: Filter, page: Page, words: Words) -> list[Group]:
    """Six groups; a chosen value stays listed even when nothing has it any more."""
    groups = []
    for place, facet in enumerate(SHOWN):
        chosen = wanted.chosen.get(facet, frozenset())
        counts = page.facets[facet]
        values = sorted({*counts, *chosen}, key=lambda value: (value not in chosen, -counts.get(value, 0), value))
        choices = tuple(
            Choice(value, _word(words, facet, value), counts.get(value, 0), value in chosen) for value in values
        )
        shown = max(FIRST_SHOWN, len(chosen))
        is_open = bool(chosen) or place < OPEN_AT_FIRST
        groups.append(Group(_titles()[facet], SHORT[facet], choices[:shown], choices[shown:], is_open))
    return groups


@dataclass(frozen=True)
class Chip:
    """One chosen value and the address of the same list without it."""

    word: str
    without: str


def chips_of(query: QueryDict, wanted: Filter, words: Words, *, shop_name: str) -> list[Chip]:
    """A chip for everything that narrows the list but the words."""
    chips = []
    if wanted.shop_id:
        chips.append(Chip(shop_name or _("没有这家店"), _left(query, "shop", wanted.shop_id)))
    for facet in SHOWN:
        name = SHORT[facet]
        chosen = dict.fromkeys(query.getlist(name))
        chips += [Chip(_word(words, facet, value), _left(query, name, value)) for value in chosen]
    if wanted.since:
        period = query.get("t", "")
        chips.append(Chip(str(dict(PERIODS)[period]), _left(query, "t", period)))
    return chips


def _left(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in query.getlist(name) if other != value])
    return address(rest)


def address(query: QueryDict, **changes: str) -> str:
    """The same list with some parameters changed, from its first page; an empty value leaves a parameter out."""
    rest = query.copy()
    for name in ("after", "trail"):
        rest.pop(name, None)
    for name, value in changes.items():
        if value:
            rest[name] = value
        else:
            rest.pop(name, None)
    return f"?{rest.urlencode()}"


@dataclass(frozen=True)
class Turning:
    """Where the pages before and after this one are; empty where there is none."""

    first: str
    back: str
    on: str


def turning(query: QueryDict, wanted: Filter, next_cursor: str) -> Turning:
    """The ways from this page. The cursors of pages already seen travel along, so that one can go back."""
    seen = [cursor for cursor in query.get("trail", "").split("-") if cursor][-MOST_PAGES_BACK:]
    here = wanted.after
    on = ""
    if next_cursor:
        on = address(query, trail="-".join([*seen, here][-MOST_PAGES_BACK:] if here else seen), after=next_cursor)
    back = ""
    if here:
        back = address(query, after=seen[-1] if seen else "", trail="-".join(seen[:-1]))
    return Turning(first=address(query) if here else "", back=back, on=on)
