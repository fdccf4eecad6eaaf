"""What is answered before Django is asked."""

from wsgiref.util import setup_testing_defaults

import pytest

from portal import static

A_STYLE = "/static/rest_framework/css/default.css"


def get(path: str) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, str] = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": path, "HTTP_HOST": "testserver"}
    told: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        told.append((status, dict(headers)))

    body = b"".join(static.application()(environ, start))
    return *told[0], body


def test_a_style_may_be_kept_for_a_day_and_is_what_it_says() -> None:
    status, headers, body = get(A_STYLE)

    assert status == "200 OK"
    assert headers["Content-Type"].startswith("text/css")
    assert headers["Cache-Control"] == "max-age=86400, public"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert len(body) == int(headers["Content-Length"])


@pytest.mark.parametrize(
    ("url", "is_for_ever"),
    [
        ("/static/assets/portal-BqT7x2aZ.css", True),
        ("/static/assets/room-Dk_3-x9Q.js", True),
        ("/static/favicon.svg", False),
        ("/static/assets/portal.css", False),
    ],
)
def test_only_a_name_with_its_hash_is_kept_for_ever(url: str, is_for_ever: bool) -> None:
    assert static._never_changes("", url) is is_for_ever


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/no-such-file.js"])
def test_anything_else_is_a_question_to_django(path: str) -> None:
    status, headers, _body = get(path)

    assert status == "404 Not Found"
    assert "Content-Security-Policy" in headers
