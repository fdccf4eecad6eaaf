"""Sealed columns and blind indexes.

A sealed value is: suite byte, key id (2 bytes), nonce (12 bytes), ciphertext with tag. The additional data name the
column and the row, so a value moved to another row or column does not open. Reading is always explicit (`unseal`), so
nothing sealed can slip into a template.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from portal.kernel import keyring

AES_256_GCM = 1
HEADER = 1 + 2 + 12


@dataclass(frozen=True)
class Plain:
    """A clear value on its way into a sealed column."""

    text: str

    def __repr__(self) -> str:
        return "Plain(…)"


class CannotOpen(Exception):
    """A sealed value that this row, column or key ring does not open."""


@lru_cache(maxsize=4)
def _ring(path: str) -> keyring.KeyRing:
    return keyring.load(Path(path))


def ring() -> keyring.KeyRing:
    """The key ring in use."""
    return _ring(str(settings.KEYS_FILE))


def seal_bytes(clear: bytes, aad: str) -> bytes:
    """Seal *clear* under the active key, bound to *aad*."""
    keys = ring()
    nonce = secrets.token_bytes(12)
    head = bytes([AES_256_GCM]) + keys.active.to_bytes(2, "big")
    return head + nonce + AESGCM(keys.keys[keys.active]).encrypt(nonce, clear, aad.encode())


def unseal_bytes(token: bytes, aad: str) -> bytes:
    """Open what `seal_bytes` made; CannotOpen when the data, the key or the binding do not fit."""
    token = bytes(token)
    key = ring().keys.get(int.from_bytes(token[1:3], "big"))
    if len(token) < HEADER or token[0] != AES_256_GCM or key is None:
        raise CannotOpen("unknown suite or key")
    try:
        return AESGCM(key).decrypt(token[3:HEADER], token[HEADER:], aad.encode())
    except InvalidTag as error:
        raise CannotOpen("the value does not belong here or was changed") from error


def blind_index(kind: str, value: str) -> str:
    """A keyed fingerprint of a normalized value, for equality look-up only: 64 hexadecimal characters."""
    normal = unicodedata.normalize("NFKC", value).strip().casefold()
    return hmac.new(ring().index, f"{kind}\0{normal}".encode(), hashlib.sha256).hexdigest()


class SealedTextField(models.BinaryField[Any, Any]):
    """A text column that is only ever stored sealed.

    Assign `Plain(text)`; after saving, the attribute holds the sealed bytes. `aad_key` names the attribute that
    identifies the row in the additional data; it must have its value before the first save.
    """

    def __init__(self, *args: Any, aad_key: str = "pk", **kwargs: Any) -> None:
        self.aad_key = aad_key
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.aad_key != "pk":
            kwargs["aad_key"] = self.aad_key
        return name, path, args, kwargs

    def aad(self, instance: models.Model) -> str:
        identity = getattr(instance, self.aad_key)
        if identity is None:
            raise ValueError(f"{self.model._meta.label}.{self.name} cannot be sealed before the row is identified")
        return f"{self.model._meta.label_lower}.{self.name}:{identity}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, Plain):
            value = seal_bytes(value.text.encode(), self.aad(model_instance))
            setattr(model_instance, self.attname, value)
        elif isinstance(value, str):
            raise TypeError(f"{self.name} takes crypto.Plain or sealed bytes, never a bare str")
        return value

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return value


def unseal(instance: models.Model, field_name: str) -> str:
    """The clear text of a sealed column; an empty or absent value opens as the empty string."""
    value = getattr(instance, field_name)
    if isinstance(value, Plain):
        return value.text
    if not value:
        return ""
    field = instance._meta.get_field(field_name)
    assert isinstance(field, SealedTextField)
    return unseal_bytes(value, field.aad(instance)).decode()
