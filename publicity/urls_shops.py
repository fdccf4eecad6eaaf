"""Addresses of the front page, the shops and their pledges."""

from django.urls import path

from publicity.views import desk_pledges, desk_shops, home, merchant_pledge, shops

urlpatterns = [
    path("", home.home, name="home"),
    path("who/", home.who, name="who_answers"),
    path("privacy/", home.privacy, name="privacy"),
    path("shops/", shops.shops, name="shops"),
    path("shops/<slug:public_id>/", shops.shop, name="shop"),
    path("badge/<slug:serial>/", shops.badge, name="badge"),
    path("merchant/pledge/", merchant_pledge.merchant_pledge, name="merchant_pledge"),
    path("desk/pledges/", desk_pledges.desk_pledges, name="desk_pledges"),
    path("desk/pledges/<slug:public_id>/", desk_pledges.desk_pledge, name="desk_pledge"),
    path("desk/pledges/<slug:public_id>/check/", desk_pledges.desk_pledge_check, name="desk_pledge_check"),
    path("desk/pledges/<slug:public_id>/approve/", desk_pledges.desk_pledge_approve, name="desk_pledge_approve"),
    path("desk/pledges/<slug:public_id>/refuse/", desk_pledges.desk_pledge_refuse, name="desk_pledge_refuse"),
    path("desk/pledges/<slug:public_id>/suspend/", desk_pledges.desk_pledge_suspend, name="desk_pledge_suspend"),
    path("desk/pledges/<slug:public_id>/restore/", desk_pledges.desk_pledge_restore, name="desk_pledge_restore"),
    path("desk/pledges/<slug:public_id>/delist/", desk_pledges.desk_pledge_delist, name="desk_pledge_delist"),
    path("desk/shops/", desk_shops.desk_shops, name="desk_shops"),
    path("desk/shops/new/", desk_shops.desk_shop_new, name="desk_shop_new"),
    path("desk/shops/<slug:public_id>/", desk_shops.desk_shop, name="desk_shop"),
    path("desk/shops/<slug:public_id>/contact/", desk_shops.desk_shop_contact, name="desk_shop_contact"),
    path(
        "desk/shops/<slug:public_id>/contact/<slug:contact>/end/",
        desk_shops.desk_shop_contact_end,
        name="desk_shop_contact_end",
    ),
    path("desk/shops/<slug:public_id>/alias/", desk_shops.desk_shop_alias, name="desk_shop_alias"),
    path("desk/shops/<slug:public_id>/merge/", desk_shops.desk_shop_merge, name="desk_shop_merge"),
]
