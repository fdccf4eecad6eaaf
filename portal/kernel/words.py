"""What events are called in plain words, on pages that tell what happened."""

from collections.abc import Mapping

from portal.kernel.errors import Sentence

_words: dict[str, Sentence] = {}


def say(words: Mapping[str, Sentence]) -> None:
    """Register what events are called."""
    _words.update(words)


def of(event_name: str) -> str:
    """The registered word of an event; its name where nobody gave it one."""
    return str(_words.get(event_name, event_name))


def known() -> frozenset[str]:
    """The names of all events that have a word."""
    return frozenset(_words)
