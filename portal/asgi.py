"""The ASGI application of the cluster's socket workers."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from portal import celery, guard
from portal.sockets import application

guard.stop_unless_ready()
celery.answer_the_bell()

__all__ = ["application"]
