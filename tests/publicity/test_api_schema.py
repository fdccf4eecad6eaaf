"""The API answers what its schema says, and the schema itself is sound."""

from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from tests.build_register import a_public, settle

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The whole schema; a warning of its maker fails the test."""
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    found: dict[str, Any] = yaml.safe_load(out.getvalue())
    return found


def problems(schema: dict[str, Any], path: str, status: int, body: Any) -> list[str]:
    answer = schema["paths"][path]["get"]["responses"][str(status)]
    form = next(iter(answer["content"].values()))["schema"]
    checked = Draft202012Validator({**form, "components": schema["components"]}, format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in checked.iter_errors(body)]


def test_what_the_register_answers_fits_its_schema(schema: dict[str, Any], client: Client) -> None:
    row = a_public()
    a_public(problem="", object_class="G01", sale_mode="platform")
    settle()

    listed = client.get("/api/v1/disclosures").json()
    assert problems(schema, "/api/v1/disclosures", 200, listed) == []
    counted = client.get("/api/v1/disclosures", {"trend": "week", "by": "outcome"}).json()
    assert problems(schema, "/api/v1/disclosures", 200, counted) == []
    offered = client.get("/api/v1/suggestions/shops", {"q": "示例"}).json()
    assert problems(schema, "/api/v1/suggestions/shops", 200, offered) == []
    record = client.get(f"/api/v1/disclosures/{row.public_id}").json()
    assert problems(schema, "/api/v1/disclosures/{public_id}", 200, record) == []
    log = client.get("/api/v1/transparency-log").json()
    assert problems(schema, "/api/v1/transparency-log", 200, log) == []
    assert problems(schema, "/api/v1/transparency-log", 200, {"results": [{}], "next": "x"}) != []


def test_nothing_is_answered_that_the_schema_does_not_name(schema: dict[str, Any], client: Client) -> None:
    row = a_public()
    settle()
    named = schema["components"]["schemas"]
    record = client.get(f"/api/v1/disclosures/{row.public_id}").json()
    assert set(record) == set(named["Detail"]["properties"])
    assert set(record["proof"]) == set(named["Proof"]["properties"])
    listed = client.get("/api/v1/disclosures").json()
    assert set(listed["results"][0]) == set(named["Record"]["properties"])
    assert set(listed) == set(named["Page"]["properties"])


def test_the_register_is_read_without_a_token_and_cannot_be_written(client: Client) -> None:
    for path in ("/api/v1/disclosures", "/api/v1/transparency-log"):
        assert client.get(path, headers={"Authorization": "Token nonsense"}).status_code == 200
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(path)
            assert answer.status_code == 405
            assert answer.json()["code"] == "method_not_allowed"


def test_a_record_that_is_not_public_is_a_problem_that_says_nothing(client: Client) -> None:
    answer = client.get("/api/v1/disclosures/abcdefghjkmnpqrstvwx")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_the_rate_is_limited_whatever_a_header_says(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from publicity.api.disclosures import ReadThrottle

    monkeypatch.setattr(ReadThrottle, "THROTTLE_RATES", {"read": "2/minute"})
    answers = [
        client.get("/api/v1/disclosures", headers={"X-Forwarded-For": f"203.0.113.{place}"}).status_code
        for place in range(3)
    ]
    assert answers == [200, 200, 429]
