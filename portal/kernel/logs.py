"""Structured logs: JSON lines in the cluster, readable lines at a desk, and nothing sealed in either."""

import logging.config
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

QUIET = ("celery", "kombu", "uvicorn", "uvicorn.access", "fontTools", "PIL", "asyncio", "allauth")
DROPPED = "‹sealed›"
SEALED_KEYS = frozenset(
    {
        *("name", "names", "display_name", "username", "party", "reporter", "consumer", "complainant"),
        *("phone", "phones", "mobile", "address", "email", "id_number", "id_card", "account", "bank_card", "plate"),
        *("password", "token", "secret", "key", "cookie", "authorization"),
        *("title", "text", "body", "facts", "wish", "statement", "content", "note", "query", "q"),
    }
)


def drop_sealed(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every key that can hold personal data, at any depth."""
    for key in list(event):
        event[key] = _clean(key, event[key])
    return event


def _clean(key: str, value: Any) -> Any:
    if key != "event" and _is_sealed(key):
        return DROPPED
    if isinstance(value, Mapping):
        return {inner: _clean(str(inner), found) for inner, found in value.items()}
    if isinstance(value, list | tuple):
        return [_clean("", found) for found in value]
    if isinstance(value, bytes | memoryview):
        return DROPPED
    return value


def _is_sealed(key: str) -> bool:
    lowered = key.lower()
    return lowered in SEALED_KEYS or lowered.endswith(("_sealed", "_phone", "_name", "_secret", "_token", "_password"))


def drop_query(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cut the query string off a logged request: what people search for is theirs."""
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.partition("?")[0]
    return event


def configure(*, as_json: bool, level: str) -> None:
    """Send structlog and the standard library's loggers through one chain to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_query,
        drop_sealed,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
                    "foreign_pre_chain": shared,
                }
            },
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["console"], "level": level},
            "loggers": {
                "django.request": {"level": "ERROR"},
                **{name: {"level": "WARNING"} for name in QUIET},
            },
        }
    )
