"""The WSGI application of the cluster's HTTP workers."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from portal import celery, guard

guard.stop_unless_ready()
celery.answer_the_bell()
