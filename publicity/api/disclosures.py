"""`/api/v1/disclosures` and `/api/v1/transparency-log`: the public register for programs."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from portal.kernel import access, search
from portal.kernel.errors import Refused
from publicity.forms.register import SHORT, wanted
from publicity.models import LogLeaf
from publicity.selectors import log as log_selectors
from publicity.selectors import register as selectors
from publicity.services.transparency import published_content

PAGE = 25
LINES = 1000
MOST_DIGITS = 15


class RecordSerializer(serializers.Serializer[Any]):
    """One public record. Codes are those of the city's class tables; dates are calendar days in Asia/Shanghai."""

    id = serializers.CharField()
    shop = serializers.CharField()
    shop_id = serializers.CharField()
    district = serializers.CharField()
    problem = serializers.CharField(allow_blank=True)
    object_class = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField()
    sale_mode = serializers.CharField(allow_blank=True)
    unit = serializers.CharField()
    unit_name = serializers.CharField()
    closed_on = serializers.DateField()
    published_on = serializers.DateField()
    summary = serializers.CharField()


class BarSerializer(serializers.Serializer[Any]):
    """One step of a trend by day of publication: its first day (a week begins on Monday), and how many.

    `parts` splits the count by the facet named in `by`; all bars together are `total`.
    """

    start = serializers.DateField()
    count = serializers.IntegerField()
    parts = serializers.DictField(child=serializers.IntegerField())


class PageSerializer(serializers.Serializer[Any]):
    """One page: how many records the filter finds, these ones, the counts per facet and the cursor of the next page.

    Each facet is counted without its own filter: over the chosen values (all, where none is chosen) its counts add up
    to `total`. The value "" stands for records where it was left blank.
    """

    total = serializers.IntegerField()
    results = RecordSerializer(many=True)
    facets = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    next = serializers.CharField(allow_blank=True)
    trend = BarSerializer(many=True)


class LineSerializer(serializers.Serializer[Any]):
    """One line of the transparency log: `head` is SHA-256(previous|leaf), in hexadecimal."""

    index = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(["published", "moved", "removed", "expired"])
    leaf = serializers.CharField()
    previous = serializers.CharField(allow_blank=True)
    head = serializers.CharField()


class ProofSerializer(LineSerializer):
    """The line that commits to a record, and its salt: `leaf` is SHA-256(salt|kind|content)."""

    salt = serializers.CharField()


class DetailSerializer(RecordSerializer):
    """One record with the canonical text its proof commits to."""

    content = serializers.CharField()
    proof = ProofSerializer(allow_null=True)


class LogSerializer(serializers.Serializer[Any]):
    """Lines in the order they were added; `next` is the number to ask after, null at the end."""

    results = LineSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


class ReadThrottle(ScopedRateThrottle):
    """600 requests a minute and address."""

    scope = "read"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def allow_request(self, request: Request, view: Any) -> bool:
        view.throttle_scope = self.scope
        return super().allow_request(request, view)


def _page(page: search.Page) -> dict[str, Any]:
    return {
        "total": page.total,
        "results": [{"id": hit.id, **hit.stored} for hit in page.hits],
        "facets": page.facets,
        "next": page.next_cursor,
        "trend": [{"start": bar.start, "count": bar.count, "parts": bar.parts} for bar in page.trend],
    }


def _line(leaf: LogLeaf) -> dict[str, Any]:
    return {
        "index": leaf.index,
        "at": leaf.at,
        "kind": leaf.kind,
        "leaf": leaf.leaf_hash,
        "previous": leaf.previous,
        "head": leaf.head,
    }


PROBLEM = OpenApiResponse(description=gettext_lazy("problem+json（RFC 9457）：code 是错误代码，detail 是一句话"))
FACETS = {
    "district": gettext_lazy("区的代码，可以写几个"),
    "problem": gettext_lazy("问题类别的代码，可以写几个"),
    "object_class": gettext_lazy("商品或者服务类别的代码，可以写几个"),
    "outcome": gettext_lazy("结果的代码，可以写几个"),
    "unit": gettext_lazy("承办机关的代码，可以写几个"),
    "sale_mode": gettext_lazy("交易方式的代码，可以写几个"),
}
PARAMETERS = [
    OpenApiParameter(
        "q",
        str,
        description=gettext_lazy(
            "要找的词，都要有；“引号”里的连着；-不要的词；或（OR）、且（AND）、非（NOT）单独写；"
            "（括号）先算；退* 是词的开头；商家:只找店名"
        ),
    ),
    *(OpenApiParameter(short, str, many=True, description=FACETS[facet]) for facet, short in SHORT.items()),
    OpenApiParameter("t", str, enum=["30", "90"], description=gettext_lazy("最近几日内公示的")),
    OpenApiParameter("sort", str, enum=["date", "relevance"], description=gettext_lazy("按日期，或者按相关程度")),
    OpenApiParameter("shop", str, description=gettext_lazy("商家的编号，在它的网页地址里")),
    OpenApiParameter(
        "trend",
        str,
        enum=[step.value for step in search.Step],
        description=gettext_lazy("同时按公示日期数：日、周（从星期一起）、月、年"),
    ),
    OpenApiParameter("by", str, enum=list(FACETS), description=gettext_lazy("趋势里再按这一项分开数")),
    OpenApiParameter("after", str, description=gettext_lazy("上一页答复里的 next")),
]


@extend_schema(
    operation_id="disclosures_list",
    summary=gettext_lazy("查公示库：新的在前，每页 25 条"),
    parameters=PARAMETERS,
    responses={200: PageSerializer, 400: PROBLEM},
    tags=["register"],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def disclosures(request: Request) -> Response:
    """The register, newest first, 25 a page. The same parameters as the page and its CSV export."""
    http: HttpRequest = request._request
    return Response(_page(selectors.find(who=http.user, wanted=wanted(http.GET), size=PAGE)))


@extend_schema(
    operation_id="disclosures_read",
    summary=gettext_lazy("一条公示，和它在透明日志里的证明"),
    responses={200: DetailSerializer, 404: PROBLEM},
    tags=["register"],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def disclosure(request: Request, public_id: str) -> Response:
    """One record, with the leaf that commits to it and the salt that lets anyone check the commitment."""
    who = request._request.user
    found = selectors.record(who=who, public_id=public_id)
    leaf = log_selectors.commitment_of(who=who, record=found)
    body = selectors.record_of(found)
    del body["version"]
    proof = {**_line(leaf), "salt": leaf.salt} if leaf else None
    return Response({**body, "content": published_content(found), "proof": proof})


@extend_schema(
    operation_id="transparency_log",
    summary=gettext_lazy("透明日志：什么时候公示、转移、撤下，一次 1,000 行"),
    parameters=[OpenApiParameter("after", int, description=gettext_lazy("您已有的最后一行的行号；不写就从头开始"))],
    responses={200: LogSerializer, 400: PROBLEM},
    tags=["register"],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def transparency_log(request: Request) -> Response:
    """The append-only log of what was published, moved and taken down, 1,000 lines at a time."""
    typed = request._request.GET.get("after") or "0"
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS):
        raise Refused("bad_after", _("after 写最后一行的行号，或者不写。"), field="after", status=400)
    lines = list(log_selectors.following(who=request._request.user, after=int(typed), size=LINES))
    following = lines[-1].index if len(lines) == LINES else None
    return Response({"results": [_line(leaf) for leaf in lines], "next": following})


for _view in (disclosures, disclosure, transparency_log):
    _view.allowed = access.Allowed(anyone=True)  # type: ignore[union-attr]
