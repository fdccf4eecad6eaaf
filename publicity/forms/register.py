"""What a reader of the register may choose."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import clock, search
from portal.kernel.errors import Refused
from publicity.selectors.register import FACETS, Filter

SHORT = {
    "district": "d",
    "problem": "p",
    "object_class": "k",
    "outcome": "r",
    "sale_mode": "m",
    "unit": "u",
}
PERIODS = (
    ("", gettext_lazy("全部公示中的")),
    ("30", gettext_lazy("最近三十天")),
    ("90", gettext_lazy("最近九十天")),
)
MOST_VALUES = 60
CODE = re.compile(r"[A-Za-z0-9_.-]{0,40}")
NOBODYS = "?"


def _one_of(*values: str) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[(value, value) for value in values], required=False)


FIELDS: dict[str, forms.Field] = {
    "q": forms.CharField(required=False, max_length=400),
    "t": _one_of(*(days for days, _word in PERIODS)),
    "sort": _one_of("date", "relevance"),
    "after": forms.CharField(required=False, max_length=80),
    "trend": _one_of(*search.Step),
    "by": _one_of(*FACETS),
    "shop": forms.CharField(required=False, max_length=40),
}
"""The query string of the register, for pages, exports and the API alike. Made once: it is read with every list."""


def wanted(query: QueryDict) -> Filter:
    """The filter of a query string. Nothing in it is passed over: what cannot be read is refused with a sentence (400).

    A value that a facet does not have finds nothing.
    """
    clean: dict[str, Any] = {}
    for name, field in FIELDS.items():
        try:
            clean[name] = field.clean(query.get(name))
        except forms.ValidationError:
            raise _unreadable(name) from None
    days = int(clean["t"] or 0)
    return Filter(
        text=clean["q"],
        chosen={facet: _values(query, SHORT[facet]) for facet in FACETS if SHORT[facet] in query},
        since=clock.today() - timedelta(days=days) if days else None,
        sort="relevance" if clean["sort"] == "relevance" else "date",
        after=clean["after"],
        shop_id=clean["shop"],
        trend=search.Trend(search.Step(clean["trend"]), by=clean["by"]) if clean["trend"] else None,
    )


def _values(query: QueryDict, name: str) -> frozenset[str]:
    values = query.getlist(name)
    if len(values) > MOST_VALUES:
        raise Refused("too_many_values", _("一项最多选 60 个。"), field=name, status=400)
    return frozenset(value if CODE.fullmatch(value) else NOBODYS for value in values)


def _unreadable(name: str) -> Refused:
    sentences = {
        "q": _("搜索的话太长了，或者有不能搜索的符号。请写在 200 个字以内。"),
        "t": _("公示日期只能选最近三十天、最近九十天或者全部。"),
        "sort": _("只能按最新或者最相关排列。"),
        "after": _("这个翻页地址已经失效，请从第一页重新看。"),
        "trend": _("趋势只能按日、周、月或者年数：day、week、month、year。"),
        "by": _("趋势不能按这一项分开数。"),
    }
    return Refused(f"bad_{name}", sentences.get(name, _("这个地址里有看不懂的条件。")), field=name, status=400)
