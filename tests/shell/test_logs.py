"""What may stand in a log, and what never does."""

import io
import json
import logging
from collections.abc import Callable

import pytest
import structlog
from django.test import Client

from portal.kernel import logs


def _written(say: Callable[[], object]) -> list[dict[str, object]]:
    """The JSON lines that *say* writes."""
    logs.configure(as_json=True, level="INFO")
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    try:
        say()
    finally:
        logs.configure(as_json=False, level="WARNING")
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_sealed_fields_are_dropped_at_any_depth() -> None:
    def say() -> None:
        structlog.get_logger("x").info(
            "case.filed",
            case="a1",
            phone="13800138000",
            party={"name": "林示例"},
            rows=[{"bank_card": "6222"}],
            raw=b"x",
        )

    (line,) = _written(say)

    assert line["event"] == "case.filed"
    assert line["case"] == "a1"
    assert {line["phone"], line["party"], line["raw"]} == {logs.DROPPED}
    assert line["rows"] == [{"bank_card": logs.DROPPED}]


def test_the_standard_library_goes_through_the_same_chain() -> None:
    (line,) = _written(lambda: logging.getLogger("portal").warning("job %s failed", 7, extra={"job": 7}))

    assert line["event"] == "job 7 failed"
    assert line["level"] == "warning"


@pytest.mark.django_db
def test_a_request_is_logged_without_its_query() -> None:
    found = _written(lambda: Client().get("/health?q=林示例&phone=13800138000"))

    assert [line["event"] for line in found] == ["request_started", "request_finished"]
    assert {line["request"] for line in found} == {"GET /health"}
    assert found[1]["code"] == 200
    assert "13800138000" not in json.dumps(found)
