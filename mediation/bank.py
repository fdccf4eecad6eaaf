"""The payment port (支付接口): what a bank must do for us, and the sandbox bank that does it here."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from mediation.models import SandboxTransfer
from portal.kernel import clock, ids

RETURNED_SUFFIX = "0000"


@dataclass(frozen=True)
class Transfer:
    """What the bank says of one key: its own reference and whether the money came back."""

    reference: str
    was_returned: bool


class Bank(Protocol):
    """Transfers are made under our key: the same key never moves money twice."""

    def find(self, key: str) -> Transfer | None:
        """What became of *key*; None when the bank never heard of it."""

    def transfer(self, *, key: str, amount_fen: int, payee_name: str, payee_account: str) -> Transfer:
        """Send the money, or answer what already became of *key*."""


class SandboxBank:
    """A bank for demonstration and tests: keeps a book of its own and returns accounts that end in 0000."""

    def find(self, key: str) -> Transfer | None:
        row = SandboxTransfer.objects.filter(key=key).first()
        return Transfer(row.reference, row.was_returned) if row else None

    def transfer(self, *, key: str, amount_fen: int, payee_name: str, payee_account: str) -> Transfer:
        row, _is_new = SandboxTransfer.objects.get_or_create(
            key=key,
            defaults={
                "amount_fen": amount_fen,
                "reference": f"SBX-{ids.new_id()[:12]}",
                "was_returned": payee_account.endswith(RETURNED_SUFFIX),
                "at": clock.now(),
            },
        )
        return Transfer(row.reference, row.was_returned)


def get_bank() -> Bank:
    """The bank of this installation (setting BANK)."""
    bank: Bank = import_string(getattr(settings, "BANK", "mediation.bank.SandboxBank"))()
    return bank
