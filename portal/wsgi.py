"""The WSGI application of the cluster's HTTP workers."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from portal import celery, guard, static

application = static.application()

guard.stop_unless_ready()
celery.answer_the_bell()
