"""Long lists, the newest first, page by page: a page begins after the row whose public id its reader already has."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def older(rows: QuerySet[Row], *, than: str, moment: str) -> QuerySet[Row]:
    """Those of *rows* that come after the one with the public id *than*, by *moment* and key; all when none has it."""
    last: Any = rows.filter(public_id=than).first() if than else None
    if last is None:
        return rows
    at = getattr(last, moment)
    return rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": last.pk}))


def cut(rows: QuerySet[Row], size: int) -> tuple[tuple[Row, ...], str]:
    """The first *size* of *rows*, and the public id after which the next page begins ("" on the last)."""
    found: list[Any] = list(rows[: size + 1])
    return tuple(found[:size]), found[size - 1].public_id if len(found) > size else ""
