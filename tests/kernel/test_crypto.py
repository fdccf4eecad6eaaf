"""What is sealed stays sealed, and opens only where it belongs."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from portal.kernel import crypto, keyring
from portal.kernel.ids import new_id
from portal.kernel.models import User

pytestmark = pytest.mark.django_db


def a_citizen(phone: str = "13800000001") -> User:
    return User.objects.create(
        public_id=new_id(),
        kind=User.Kind.CITIZEN,
        phone_sealed=crypto.Plain(phone),
        phone_index=crypto.blind_index("phone", phone),
    )


def test_the_database_never_sees_the_clear_text() -> None:
    user = a_citizen("13800000001")

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone_sealed FROM kernel_user")
        raw = bytes(cursor.fetchone()[0])

    assert b"13800000001" not in raw
    assert raw[0] == crypto.AES_256_GCM
    assert crypto.unseal(User.objects.get(pk=user.pk), "phone_sealed") == "13800000001"


def test_a_value_moved_to_another_row_does_not_open() -> None:
    one, two = a_citizen("13800000001"), a_citizen("13800000002")
    two.phone_sealed = one.phone_sealed
    two.save()

    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(User.objects.get(pk=two.pk), "phone_sealed")


def test_a_changed_byte_does_not_open() -> None:
    token = bytearray(crypto.seal_bytes(b"secret", "a:b"))
    token[-1] ^= 1
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal_bytes(bytes(token), "a:b")


@pytest.mark.parametrize("token", [b"", b"\x01\x00", b"\x09" + b"\0" * 40, b"\x01\x00\x63" + b"\0" * 40])
def test_a_foreign_value_is_refused(token: bytes) -> None:
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal_bytes(token, "a:b")


def test_a_bare_string_cannot_be_stored_by_mistake() -> None:
    with pytest.raises(TypeError, match="Plain"), transaction.atomic():
        User.objects.create(kind=User.Kind.CITIZEN, phone_sealed="13800000001", phone_index="x")
    assert User.objects.count() == 0


def test_plain_values_do_not_show_in_logs() -> None:
    assert "138" not in repr(crypto.Plain("13800000001"))


def test_blind_indexes_agree_on_normal_forms_and_differ_by_kind() -> None:
    assert crypto.blind_index("phone", "１３８") == crypto.blind_index("phone", " 138 ")
    assert crypto.blind_index("phone", "138") != crypto.blind_index("name", "138")
    assert len(crypto.blind_index("phone", "138")) == 64


def test_a_ring_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    keyring.make(path)
    ring = keyring.load(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert (ring.active, len(ring.keys[1]), len(ring.index)) == (1, 32, 32)
    with pytest.raises(FileExistsError):
        keyring.make(path)
    assert keyring.load(path) == ring


def test_a_damaged_ring_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    path.write_text('{"active": 1, "keys": {"1": "AAAA"}, "index": "AAAA", "django": "x"}')
    with pytest.raises(ValueError, match="wrong length"):
        keyring.load(path)
