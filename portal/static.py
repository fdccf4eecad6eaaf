"""Styles, scripts and pictures, answered before Django is asked: no middleware, no thread hop, no session."""

import re
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

HAS_ITS_HASH = re.compile(r"[.-][0-9a-zA-Z_-]{8,12}\.(js|css|svg|png|webp|woff2)$")
A_DAY = 24 * 60 * 60


def _protect(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _never_changes(_path: str, url: str) -> bool:
    return HAS_ITS_HASH.search(url) is not None


def application() -> Any:
    """The WSGI application of the portal, with every file of the static files' finders in front of it.

    A file whose name holds its hash may be kept for ever, any other for a day.
    """
    served = ServeStatic(
        get_wsgi_application(),
        max_age=A_DAY,
        allow_all_origins=False,
        add_headers_function=_protect,
        immutable_file_test=_never_changes,
    )
    for finder in finders.get_finders():
        for path, storage in finder.list(None):
            prefix = getattr(storage, "prefix", None)
            url = settings.STATIC_URL + (f"{prefix}/" if prefix else "") + path
            if url not in served.files:
                served.add_file_to_dictionary(url, storage.path(path), root=storage.location)
    return served
