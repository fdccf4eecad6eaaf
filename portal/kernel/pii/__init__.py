"""Find and mask personal data in Chinese text.

What is found is a proposal: a person reads every text before it is published. Patterns read full-width figures, spaced
and hyphenated numbers, and numbers spelled out in characters.
"""

from portal.kernel.pii.names import names
from portal.kernel.pii.patterns import patterned
from portal.kernel.pii.spans import Kind, Span

__all__ = ["Kind", "Span", "find", "mask"]


def find(text: str) -> list[Span]:
    """Every stretch of *text* that looks like personal data, from left to right and never overlapping.

    A span with `is_sure` false is only a hint (a word that may be a name); `mask` leaves it for the reader.
    """
    spans = patterned(text)
    taken = {place for span in spans for place in range(span.start, span.end)}
    spans += [span for span in names(text) if taken.isdisjoint(range(span.start, span.end))]
    return sorted(spans)


def mask(text: str) -> str:
    """*text* with everything sure hidden; masking again changes nothing, and `find` finds nothing sure in it."""
    while spans := [span for span in find(text) if span.is_sure]:
        for span in reversed(spans):
            text = text[: span.start] + span.masked(text) + text[span.end :]
    return text
