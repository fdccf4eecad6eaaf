"""Sockets of this room."""

from django.urls import path

from mediation.consumers import RoomConsumer

websocket_urlpatterns = [path("ws/room/<slug:public_id>/", RoomConsumer.as_asgi())]
