"""The key ring: a file outside the database and outside the data folder. Standard library only.

Shape: {"active": 1, "keys": {"1": base64 of 32 bytes}, "index": base64 of 32 bytes, "django": text}.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class KeyRing:
    """Keys by id, the id that seals new values, the blind-index key and Django's secret."""

    active: int
    keys: dict[int, bytes]
    index: bytes
    django_secret: str


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def make(path: Path) -> None:
    """Write a new ring, readable by its owner only; an existing ring is never overwritten (FileExistsError)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = {"active": 1, "keys": {"1": _key()}, "index": _key(), "django": secrets.token_urlsafe(48)}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> KeyRing:
    """Read a ring; FileNotFoundError when there is none, ValueError when it is damaged."""
    body = json.loads(path.read_text())
    try:
        keys = {int(number): base64.b64decode(value) for number, value in body["keys"].items()}
        ring = KeyRing(int(body["active"]), keys, base64.b64decode(body["index"]), str(body["django"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from error
    if ring.active not in ring.keys or any(len(key) != 32 for key in [*keys.values(), ring.index]):
        raise ValueError(f"{path}: a key is missing or has the wrong length")
    return ring
