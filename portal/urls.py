"""Every address of the portal: the rooms bring their own, the shell adds health, icon, schema and staff sign-in."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from portal import open_data, staff_login
from portal.kernel import health
from portal.kernel.access import public

ROOMS = ("portal.kernel", "publicity", "complaints", "mediation")

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.view, name="health"),
    path("favicon.ico", public(RedirectView.as_view(url=f"{settings.STATIC_URL}icon.svg")), name="favicon"),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", open_data.page, name="schema_docs"),
    path("desk/", include(staff_login)),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]
