"""Talks between the two sides, and money paid first."""

from mediation.models.claim import Approval, Claim, Payment, SandboxTransfer
from mediation.models.ledger import Account, Entry, Fund, Voucher
from mediation.models.talk import (
    Agreement,
    Appraisal,
    Consent,
    Lane,
    Mediation,
    Message,
    Offer,
    Side,
    Signature,
)

__all__ = [
    "Account",
    "Agreement",
    "Appraisal",
    "Approval",
    "Claim",
    "Consent",
    "Entry",
    "Fund",
    "Lane",
    "Mediation",
    "Message",
    "Offer",
    "Payment",
    "SandboxTransfer",
    "Side",
    "Signature",
    "Voucher",
]
