"""Numbers and words of the public register and the monthly releases."""

import re
from collections.abc import Iterator

from portal.kernel import pii
from publicity.models import CaseFact

SMALLEST_CELL = 5
"""No published count speaks of fewer people than this, except of nobody."""

FEWEST_FOR_A_BOUND = 10
"""A rate with a small side says “fewer than five of so many” only from this many on."""

FEWEST_SUMMARY_CHARS = 10
MOST_SUMMARY_CHARS = 300

DISCLOSABLE_OUTCOMES = frozenset(
    {
        CaseFact.Outcome.SETTLED,
        CaseFact.Outcome.NOT_AGREED,
        CaseFact.Outcome.MERCHANT_REFUSED,
        CaseFact.Outcome.SELF_SETTLED,
    }
)

_FIRM = re.compile(r"[一-鿿（）()]{2,14}?(?:有限责任公司|有限公司|股份公司)")
_AMOUNT = re.compile(r"[0-9０-９][0-9０-９,.，．]*\s*(?:多|余)?\s*[万千百]?\s*(?:元|块)")


def personal_data(text: str) -> list[str]:
    """The pieces of *text* that must go before anybody may read it."""
    return [text[span.start : span.end] for span in pii.find(text) if span.is_sure]


def worth_a_second_look(text: str, *, shop: str = "") -> list[str]:
    """What only a person can judge: words that may be a name, amounts, and firms that are not the *shop* itself."""
    return list(dict.fromkeys([*_doubtful(text), *_other_firms(text, shop)]))


def _other_firms(text: str, shop: str) -> Iterator[str]:
    for match in _FIRM.finditer(text):
        if not shop or (shop not in match[0] and match[0] not in shop):
            yield match[0]


def _doubtful(text: str) -> Iterator[str]:
    yield from (text[span.start : span.end] for span in pii.find(text) if not span.is_sure)
    yield from (match[0] for match in _AMOUNT.finditer(text))
