"""Every address of the portal: the rooms bring their own, the shell adds health, language, schema and staff sign-in."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from portal import staff_login
from portal.kernel import health
from portal.kernel.access import public

ROOMS = ("portal.kernel", "publicity", "complaints", "mediation")

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.view, name="health"),
    path("i18n/setlang/", public(set_language), name="set_language"),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="schema_docs"),
    path("desk/", include(staff_login)),
    *(path("", include(f"{room}.urls")) for room in ROOMS if find_spec(f"{room}.urls")),
]
