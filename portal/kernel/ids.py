"""Opaque public identifiers: what a URL, an API and a piece of paper may show."""

import secrets
from typing import Any

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 20


def new_id() -> str:
    """A random identifier of 20 unambiguous characters (about 98 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField[str, str]):
    """The opaque identifier of a row; assigned once, never reused, never derived from the primary key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=LENGTH, unique=True, default=new_id, editable=False)
        super().__init__(*args, **kwargs)
