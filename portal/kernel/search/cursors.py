"""Where the next page begins: signed, bound to its query, and never more than a place in the order.

A cursor by date or amount holds the keys of the last record shown; one by relevance holds a snapshot of the index and
how far it was read. Anything else, and one from another query, is refused.
"""

import hashlib
import re
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import Refused
from portal.kernel.search.port import Query, Schema

SHAPE = re.compile(r"(?P<body>[dar](?:[0-9]{1,19})_(?P<rest>[0-9a-z]{0,24}))_(?P<seal>[0-9a-f]{16})")


@dataclass(frozen=True)
class Place:
    """How far a reader has come: keys of the order (`first`, then `second`), or an offset in a snapshot."""

    kind: str
    first: int
    rest: str = ""

    @property
    def second(self) -> int:
        """The second key of an order by amount."""
        return int(self.rest)


def write(schema: Schema, query: Query, place: Place) -> str:
    """The cursor for *place*; letters, digits and underscores only."""
    body = f"{place.kind}{place.first}_{place.rest}"
    return f"{body}_{_seal(schema, query, body)}"


def read(schema: Schema, query: Query, kind: str) -> Place | None:
    """The place that the query's cursor names; Refused (`bad_cursor`, 400) when it was not written for this query."""
    if not query.after:
        return None
    match = SHAPE.fullmatch(query.after)
    if match is None or not constant_time_compare(match["seal"], _seal(schema, query, match["body"])):
        raise stale()
    body = match["body"]
    place = Place(body[0], int(body[1:].split("_")[0]), match["rest"])
    if place.kind != kind:
        raise stale()
    return place


def stale() -> Refused:
    """What a reader is told whose place is no longer there."""
    return Refused("bad_cursor", _("这个翻页地址已经失效，请从第一页重新看。"), field="after", status=400)


def _seal(schema: Schema, query: Query, body: str) -> str:
    asked = [schema.name, query.text, query.sort, *sorted((name, sorted(held)) for name, held in query.filters.items())]
    bound = hashlib.sha256(repr(asked).encode()).hexdigest()
    return salted_hmac("portal.search.cursor", f"{bound}|{body}", algorithm="sha256").hexdigest()[:16]
