"""What a reader of the register may choose."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from publicity.selectors.register import FACETS, Filter

SHORT = {
    "district": "d",
    "problem": "p",
    "object_class": "k",
    "outcome": "r",
    "sale_mode": "m",
    "unit": "u",
}
PERIODS = (("", _("全部公示中的")), ("30", _("最近三十天")), ("90", _("最近九十天")))


class RegisterForm(forms.Form):
    """The query string of the register, for pages, exports and the API alike."""

    q = forms.CharField(label=_("搜商家、商品、问题"), required=False, max_length=400, strip=True)
    t = forms.ChoiceField(label=_("公示日期"), choices=PERIODS, required=False)
    sort = forms.ChoiceField(choices=(("date", _("最新")), ("relevance", _("最相关"))), required=False)
    after = forms.CharField(required=False, max_length=400)
    shop = forms.CharField(required=False, max_length=40)

    def wanted(self, query: QueryDict) -> Filter:
        """The filter of a query string; values of facets that nobody knows simply find nothing."""
        clean: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        chosen = {facet: frozenset(query.getlist(SHORT[facet])[:60]) for facet in FACETS if query.getlist(SHORT[facet])}
        days = int(clean.get("t") or 0)
        return Filter(
            text=clean.get("q") or "",
            chosen=chosen,
            since=clock.today() - timedelta(days=days) if days else None,
            sort="relevance" if clean.get("sort") == "relevance" else "date",
            after=clean.get("after") or "",
            shop_id=clean.get("shop") or "",
        )
