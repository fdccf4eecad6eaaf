"""How shops are named, matched and pledged."""

import re
import unicodedata

from portal.kernel import regions

FEWEST_CHARS = 2
SCHEME = "honest"
_NOISE = re.compile(r"[\W_]+")


def search_key(text: str) -> str:
    """A name as it is compared: full-width folded, lower case, without spaces and punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def scheme() -> regions.Scheme:
    """The terms of 诚信经营承诺店 in this city."""
    return next(row for row in regions.city().schemes if row.code == SCHEME)
