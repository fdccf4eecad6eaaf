"""`/api/v1/suggestions/…`: names offered to who types into a search box."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kernel import access
from publicity.api.disclosures import ReadThrottle
from publicity.selectors import register, shops

MOST_CHARS = 60
TYPED = OpenApiParameter("q", str, description=gettext_lazy("已经写下的字"))


class SuggestionsSerializer(serializers.Serializer[Any]):
    """Whole names that hold what was typed, at most eight."""

    results = serializers.ListField(child=serializers.CharField())


def _typed(request: Request) -> str:
    return request._request.GET.get("q", "")[:MOST_CHARS]


@extend_schema(
    operation_id="suggestions_register",
    summary=gettext_lazy("公示库里的店名：公示多的在前"),
    parameters=[TYPED],
    responses={200: SuggestionsSerializer},
    tags=["register"],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def of_register(request: Request) -> Response:
    """Names of shops with public records."""
    return Response({"results": register.suggest(who=request._request.user, text=_typed(request))})


@extend_schema(
    operation_id="suggestions_shops",
    summary=gettext_lazy("登记的商家的店名"),
    parameters=[TYPED],
    responses={200: SuggestionsSerializer},
    tags=["register"],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([ReadThrottle])
def of_shops(request: Request) -> Response:
    """Names of registered shops."""
    return Response({"results": shops.suggest(who=request._request.user, text=_typed(request))})


for _view in (of_register, of_shops):
    _view.allowed = access.Allowed(anyone=True)  # type: ignore[attr-defined]
