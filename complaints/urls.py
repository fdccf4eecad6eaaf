"""Addresses of the room."""

from complaints import urls_citizen, urls_desk

app_name = "complaints"

urlpatterns = [*urls_citizen.urlpatterns, *urls_desk.urlpatterns]
