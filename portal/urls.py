"""Every address of the portal: the rooms bring their own, the shell adds health, schema and staff sign-in."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from portal import staff_login
from portal.kernel import health

ROOMS = ("portal.kernel", "publicity", "complaints", "mediation")

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.view, name="health"),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="schema_docs"),
    path("desk/", include(staff_login)),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]
