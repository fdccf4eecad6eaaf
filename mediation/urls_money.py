"""Addresses of first payout."""

from django.urls import path

from mediation.views import claims, desk_claims, fund

urlpatterns = [
    path("fund/", fund.fund, name="fund"),
    path("fund/<slug:month>.csv", fund.fund_csv, name="fund_csv"),
    path("fund/<slug:month>.json", fund.fund_json, name="fund_json"),
    path("agreement/<slug:public_id>/claim/", claims.apply, name="claim_apply"),
    path("claim/<slug:public_id>/", claims.claim, name="claim"),
    path("claim/<slug:public_id>/object/", claims.claim_object, name="claim_object"),
    path("claim/<slug:public_id>/payee/", claims.claim_payee, name="claim_payee"),
    path("claim/<slug:public_id>/withdraw/", claims.claim_withdraw, name="claim_withdraw"),
    path("desk/fund/", desk_claims.desk_claims, name="desk_claims"),
    path("desk/fund/endow/", desk_claims.desk_endow, name="desk_endow"),
    path("desk/fund/receipts/<slug:public_id>/book/", desk_claims.desk_book, name="desk_book"),
    path("desk/fund/receipts/<slug:public_id>/void/", desk_claims.desk_void, name="desk_void"),
    path("desk/fund/<slug:public_id>/", desk_claims.desk_claim, name="desk_claim"),
    path("desk/fund/<slug:public_id>/check/", desk_claims.desk_check, name="desk_check"),
    path("desk/fund/<slug:public_id>/approve/", desk_claims.desk_approve, name="desk_approve"),
    path("desk/fund/<slug:public_id>/refuse/", desk_claims.desk_refuse, name="desk_refuse"),
    path("desk/fund/<slug:public_id>/ask/", desk_claims.desk_ask_bank, name="desk_ask_bank"),
    path("desk/fund/<slug:public_id>/payee/", desk_claims.desk_payee, name="desk_payee"),
    path("desk/fund/<slug:public_id>/receipt/", desk_claims.desk_receipt, name="desk_receipt"),
]
