"""Where bytes lie: one port, and the folder behind it. What is stored is sealed before it comes here."""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings


class Missing(Exception):
    """Nothing is stored under this key."""


class Storage(Protocol):
    """Bytes by key. A write is whole or not at all; a key is written once and never changed."""

    def write(self, key: str, content: bytes) -> None: ...

    def read(self, key: str) -> bytes: ...

    def remove(self, key: str) -> None: ...


class FolderStorage:
    """A folder, split by the first letters of the key so that no directory grows without end."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, key: str) -> Path:
        if not key.replace("-", "").replace(".", "").isalnum() or key.startswith("."):
            raise ValueError("a key holds letters, digits, hyphens and dots")
        return self._root / key[:2] / key[2:4] / key

    def write(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        passing = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            passing.replace(path)
        finally:
            passing.unlink(missing_ok=True)

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise Missing(key) from error

    def remove(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)


@lru_cache(maxsize=4)
def _folder(root: str) -> FolderStorage:
    return FolderStorage(Path(root))


def storage() -> Storage:
    """The storage of this start."""
    return _folder(str(settings.FILES_DIR))
