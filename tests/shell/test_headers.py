"""What every answer carries for the browser's protection."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_policy_names_no_third_party_and_allows_nothing_inline() -> None:
    policy = Client().get("/health").headers["Content-Security-Policy"]

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    allowed = {source for sources in directives.values() for source in sources.split()}
    assert allowed <= {"'self'", "'none'", "data:", "blob:"}
    assert directives["frame-ancestors"] == "'none'"
    assert directives["object-src"] == "'none'"


def test_the_other_headers_are_set() -> None:
    headers = Client().get("/health").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=(self), microphone=()")
