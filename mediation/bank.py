"""The payment port (支付接口): what a bank must do for the portal, and the sandbox bank that does it here."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from mediation.models import SandboxTransfer
from portal.kernel import clock, ids


class Outcome(StrEnum):
    """What became of one transfer."""

    PENDING = "pending"
    PAID = "paid"
    RETURNED = "returned"


@dataclass(frozen=True)
class Transfer:
    """What the bank says of one key: its own reference, and what became of the money so far."""

    reference: str
    outcome: Outcome


class Bank(Protocol):
    """Transfers are made under the caller's key: the same key never moves money twice.

    A bank that cannot be reached raises; nobody then knows what happened, so the caller asks (`find`) before it sends
    anything again. A transfer that was PAID may turn RETURNED for some days; RETURNED is final.
    """

    def find(self, key: str) -> Transfer | None:
        """What became of *key*; None when the bank never heard of it."""

    def transfer(self, *, key: str, amount_fen: int, payee_name: str, payee_account: str) -> Transfer:
        """Send the money, or answer what already became of *key*. ValueError for a known key with another amount."""


class SandboxBank:
    """A bank for demonstration and tests with a book of its own. The end of the account number says what happens.

    …0000 is returned at once, …1111 is pending for five minutes, …2222 is paid and comes back after a day.
    """

    def find(self, key: str) -> Transfer | None:
        row = SandboxTransfer.objects.filter(key=key).first()
        return self._said(row) if row else None

    @transaction.atomic
    def transfer(self, *, key: str, amount_fen: int, payee_name: str, payee_account: str) -> Transfer:
        now, ending = clock.now(), payee_account[-4:]
        done_at = now + timedelta(minutes=5) if ending == "1111" else now
        returned_at = {"0000": now, "2222": now + timedelta(days=1)}.get(ending)
        row, _is_new = SandboxTransfer.objects.get_or_create(
            key=key,
            defaults={
                "amount_fen": amount_fen,
                "reference": f"SBX-{ids.new_id()[:12]}",
                "at": now,
                "done_at": done_at,
                "returned_at": returned_at,
            },
        )
        if row.amount_fen != amount_fen:
            raise ValueError("one key, two amounts")
        return self._said(row)

    def _said(self, row: SandboxTransfer) -> Transfer:
        now = clock.now()
        if row.returned_at is not None and row.returned_at <= now:
            return Transfer(row.reference, Outcome.RETURNED)
        return Transfer(row.reference, Outcome.PAID if row.done_at <= now else Outcome.PENDING)


def get_bank() -> Bank:
    """The bank of this installation (setting BANK)."""
    bank: Bank = import_string(getattr(settings, "BANK", "mediation.bank.SandboxBank"))()
    return bank
