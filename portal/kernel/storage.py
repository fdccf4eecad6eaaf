"""Where bytes lie: one port, a folder or an S3 bucket behind it. What is stored is sealed before it comes here."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{3,119}")
TIMEOUT_SECONDS = 10
NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})


class Missing(Exception):
    """Nothing is stored under this key."""


class NoAnswer(Exception):
    """The store cannot be reached or did not take or give what was asked."""


class Storage(Protocol):
    """Bytes by key. A write is whole or not at all; callers write a key once and never change it.

    A key holds letters, digits, hyphens and dots, at least four of them; ValueError otherwise. A store that gives no
    answer raises NoAnswer: nothing is taken for stored, missing or removed by mistake.
    """

    def write(self, key: str, content: bytes) -> None:
        """Store *content*; when this returns it is there for everyone."""

    def read(self, key: str) -> bytes:
        """What is stored; Missing when nothing is."""

    def remove(self, key: str) -> None:
        """Take it out; a key that is not there is ignored."""


class FolderStorage:
    """A folder, split by the first letters of the key so that no directory grows without end."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, key: str) -> Path:
        _check(key)
        return self._root / key[:2] / key[2:4] / key

    def write(self, key: str, content: bytes) -> None:
        path = self._path(key)
        passing = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with _answered():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                passing.replace(path)
            finally:
                passing.unlink(missing_ok=True)

    def read(self, key: str) -> bytes:
        with _answered():
            try:
                return self._path(key).read_bytes()
            except FileNotFoundError as error:
                raise Missing(key) from error

    def remove(self, key: str) -> None:
        with _answered():
            self._path(key).unlink(missing_ok=True)


class BucketStorage:
    """A bucket of an S3-compatible store, named by `https://KEY:SECRET@host/bucket`."""

    def __init__(self, url: str) -> None:
        import boto3
        from botocore.config import Config

        address = urlsplit(url)
        self._bucket = address.path.strip("/")
        host = address.hostname or ""
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=f"{address.scheme}://{host}:{address.port}" if address.port else f"{address.scheme}://{host}",
            aws_access_key_id=unquote(address.username or ""),
            aws_secret_access_key=unquote(address.password or ""),
            region_name="us-east-1",
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=TIMEOUT_SECONDS,
                read_timeout=TIMEOUT_SECONDS,
                retries={"total_max_attempts": 3, "mode": "standard"},
            ),
        )

    def write(self, key: str, content: bytes) -> None:
        with _answered():
            self._client.put_object(Bucket=self._bucket, Key=_check(key), Body=content)

    def read(self, key: str) -> bytes:
        from botocore.exceptions import ClientError

        with _answered():
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=_check(key))
            except ClientError as error:
                if error.response["Error"]["Code"] in NOT_THERE:
                    raise Missing(key) from error
                raise
            return bytes(answer["Body"].read())

    def remove(self, key: str) -> None:
        with _answered():
            self._client.delete_object(Bucket=self._bucket, Key=_check(key))


@contextmanager
def _answered() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (OSError, BotoCoreError, ClientError) as error:
        raise NoAnswer(type(error).__name__) from error


def _check(key: str) -> str:
    if not PLAIN.fullmatch(key):
        raise ValueError("a key holds letters, digits, hyphens and dots")
    return key


@lru_cache(maxsize=4)
def _folder(root: str) -> FolderStorage:
    return FolderStorage(Path(root))


@lru_cache(maxsize=4)
def _bucket(url: str) -> BucketStorage:
    return BucketStorage(url)


def storage() -> Storage:
    """The storage of this start: the bucket of S3_URL, or else the folder FILES_DIR."""
    return _bucket(settings.S3_URL) if settings.S3_URL else _folder(str(settings.FILES_DIR))
