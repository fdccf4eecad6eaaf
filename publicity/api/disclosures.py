"""`/api/v1/disclosures`: the public register for programs."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from portal.kernel import access, search
from publicity.forms.register import SHORT, RegisterForm
from publicity.selectors import register as selectors
from publicity.services.transparency import published_content

PAGE = 25


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
    closed_on = serializers.CharField()
    published_on = serializers.CharField()
    summary = serializers.CharField()


class PageSerializer(serializers.Serializer[Any]):
    """One page: how many records the filter finds, these ones, the counts per facet and the cursor of the next page."""

    total = serializers.IntegerField()
    results = RecordSerializer(many=True)
    facets = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    next = serializers.CharField(allow_blank=True)


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
    }


PARAMETERS = [
    OpenApiParameter("q", str, description='words, all required; "a phrase"; -without'),
    *(OpenApiParameter(short, str, many=True, description=facet) for facet, short in SHORT.items()),
    OpenApiParameter("t", str, enum=["30", "90"], description="published within so many days"),
    OpenApiParameter("sort", str, enum=["date", "relevance"]),
    OpenApiParameter("shop", str, description="public id of a shop"),
    OpenApiParameter("after", str, description="cursor from `next`"),
]


@extend_schema(parameters=PARAMETERS, responses=PageSerializer, tags=["register"])
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def disclosures(request: Request) -> Response:
    """The register, newest first, 25 a page."""
    http: HttpRequest = request._request
    wanted = RegisterForm(http.GET).wanted(http.GET)
    return Response(_page(selectors.find(who=http.user, wanted=wanted, size=PAGE)))


@extend_schema(responses=RecordSerializer, tags=["register"])
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def disclosure(request: Request, public_id: str) -> Response:
    """One record, with the leaf that commits to it and the salt that lets anyone check the commitment."""
    found = selectors.record(who=request._request.user, public_id=public_id)
    leaf = found.leaves.filter(kind="published").order_by("-index").first()
    proof = {"index": leaf.index, "leaf": leaf.leaf_hash, "salt": leaf.salt, "head": leaf.head} if leaf else None
    body = {**selectors.record_of(found), "content": published_content(found), "proof": proof}
    body.pop("version")
    return Response({**body, "published_on": str(body["published_on"])})


for _view in (disclosures, disclosure):
    _view.allowed = access.Allowed(anyone=True)
