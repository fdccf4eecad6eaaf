"""What time it is, in China. Everything that needs the time asks here, so a test or the demo city can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return (_standing.get() or timezone.now()).astimezone(SHANGHAI)


def today() -> date:
    """The calendar day in Asia/Shanghai: a filing after midnight belongs to the new day."""
    return now().date()


def day_of(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which a moment falls."""
    return moment.astimezone(SHANGHAI).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be *moment* inside the block, for this thread or task only: how the demo city gets its past."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)
