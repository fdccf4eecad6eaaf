"""Addresses of the public room."""

from publicity import urls_register, urls_shops

app_name = "publicity"
urlpatterns = [*urls_shops.urlpatterns, *urls_register.urlpatterns]
