"""Addresses of the talks and of the money paid first."""

from mediation import urls_money, urls_talk

app_name = "mediation"

urlpatterns = [*urls_talk.urlpatterns, *urls_money.urlpatterns]
