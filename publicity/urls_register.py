"""Addresses of the register and the releases."""

from django.urls import path

from publicity.api import disclosures as api
from publicity.api import suggestions
from publicity.views import desk_disclosures, desk_releases, register, statistics

urlpatterns = [
    path("register/", register.register, name="register"),
    path("register.csv", register.export, name="register_csv"),
    path("register/log/", register.log, name="log"),
    path("register/log/verify_log.py", register.verifier, name="verifier"),
    path("register/<slug:public_id>/", register.disclosure, name="disclosure"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/<str:month>/", statistics.release, name="release"),
    path("statistics/<str:month>/data.json", statistics.release_data, name="release_data"),
    path("statistics/<str:month>/data.csv", statistics.release_csv, name="release_csv"),
    path("desk/disclosures/", desk_disclosures.desk_disclosures, name="desk_disclosures"),
    path("desk/disclosures/<slug:public_id>/", desk_disclosures.desk_disclosure, name="desk_disclosure"),
    path("desk/disclosures/<slug:public_id>/pass/", desk_disclosures.desk_pass, name="desk_pass"),
    path("desk/disclosures/<slug:public_id>/publish/", desk_disclosures.desk_publish, name="desk_publish"),
    path("desk/disclosures/<slug:public_id>/back/", desk_disclosures.desk_send_back, name="desk_send_back"),
    path("desk/disclosures/<slug:public_id>/withhold/", desk_disclosures.desk_withhold, name="desk_withhold"),
    path("desk/disclosures/<slug:public_id>/remove/", desk_disclosures.desk_remove, name="desk_remove"),
    path("desk/releases/", desk_releases.desk_releases, name="desk_releases"),
    path("desk/releases/freeze/", desk_releases.desk_compute, name="desk_compute"),
    path("desk/releases/<slug:public_id>/", desk_releases.desk_release, name="desk_release"),
    path("desk/releases/<slug:public_id>/sign/", desk_releases.desk_sign, name="desk_sign"),
    path("api/v1/disclosures", api.disclosures, name="api_disclosures"),
    path("api/v1/disclosures/<slug:public_id>", api.disclosure, name="api_disclosure"),
    path("api/v1/suggestions/register", suggestions.of_register, name="suggest_register"),
    path("api/v1/suggestions/shops", suggestions.of_shops, name="suggest_shops"),
    path("api/v1/transparency-log", api.transparency_log, name="api_log"),
]
