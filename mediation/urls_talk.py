"""Addresses of the talks."""

from django.urls import path

from mediation.views import agreement, bench, offers, room

urlpatterns = [
    path("mediation/<slug:public_id>/", room.invite, name="invite"),
    path("room/<slug:public_id>/", room.room, name="room"),
    path("room/<slug:public_id>/say/", room.say, name="say"),
    path("room/<slug:public_id>/after/<int:seq>/", room.catch_up, name="catch_up"),
    path("room/<slug:public_id>/offers/", offers.offers, name="offers"),
    path("room/<slug:public_id>/offer/", offers.make, name="offer_make"),
    path("offer/<slug:public_id>/", offers.offer, name="offer"),
    path("offer/<slug:public_id>/counter/", offers.counter, name="offer_counter"),
    path("offer/<slug:public_id>/accept/", offers.accept, name="offer_accept"),
    path("offer/<slug:public_id>/decline/", offers.decline, name="offer_decline"),
    path("offer/<slug:public_id>/withdraw/", offers.withdraw, name="offer_withdraw"),
    path("agreement/<slug:public_id>/", agreement.agreement, name="agreement"),
    path("agreement/<slug:public_id>/code/", agreement.send_code, name="agreement_code"),
    path("agreement/<slug:public_id>/sign/", agreement.sign, name="agreement_sign"),
    path("agreement/<slug:public_id>/performed/", agreement.performed, name="agreement_performed"),
    path("desk/mediations/", bench.desk_mediations, name="desk_mediations"),
    path("desk/mediations/<slug:public_id>/", bench.bench, name="bench"),
    path("desk/mediations/<slug:public_id>/take/", bench.take, name="bench_take"),
    path("desk/mediations/<slug:public_id>/say/", bench.say, name="bench_say"),
    path("desk/mediations/<slug:public_id>/consent/", bench.consent, name="bench_consent"),
    path("desk/mediations/<slug:public_id>/agreement/", bench.draw, name="bench_draw"),
    path("desk/mediations/<slug:public_id>/agreement/text/", bench.read_agreement, name="bench_agreement_text"),
    path("desk/mediations/<slug:public_id>/appraisal/", bench.appraisal, name="bench_appraisal"),
    path("desk/mediations/<slug:public_id>/report/", bench.report, name="bench_report"),
    path("desk/mediations/<slug:public_id>/terminate/", bench.terminate, name="bench_terminate"),
    path("desk/mediations/<slug:public_id>/performed/", bench.performed, name="bench_performed"),
]
