"""Opaque public identifiers: what a URL, an API and a piece of paper may show."""

import secrets
from typing import Any

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 20
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(256 - 256 % len(ALPHABET), 256))
"""Bytes that would give the first letters of the alphabet one chance more than the others."""


def new_id() -> str:
    """A random identifier of 20 unambiguous characters (about 98 bits)."""
    fair = b""
    while len(fair) < LENGTH:
        fair += secrets.token_bytes(LENGTH + 4).translate(_LETTERS, _UNFAIR)
    return fair[:LENGTH].decode("ascii")


class PublicIdField(models.CharField[str, str]):
    """The opaque identifier of a row; assigned once, never reused, never derived from the primary key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=LENGTH, unique=True, default=new_id, editable=False)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        """As the database takes it; PostgreSQL refuses NUL, and what somebody typed with one names no row."""
        plain = super().get_prep_value(value)
        return plain.replace("\0", "\ufffd") if isinstance(plain, str) else plain
