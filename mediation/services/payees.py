"""Who gets the money of a claim: sealed on the claim, opened for the bank, and shown to staff for a purpose only."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mediation.models import Claim
from mediation.payout_rules import FUND_ROLES, PURPOSES
from portal.kernel import access_log, crypto
from portal.kernel.access import Who, require
from portal.kernel.errors import Refused, not_found

SHORTEST, LONGEST, LONGEST_NAME = 12, 24, 60
FIELDS = ["payee_name", "payee_account"]


@dataclass(frozen=True)
class Payee:
    """Name and account as the bank wants them. Never log it, never put it where a page is cached."""

    name: str
    account: str

    @property
    def masked(self) -> str:
        """What may stand on a page without a purpose: 林*，尾号 0001."""
        return _("{name}*，尾号 {last}").format(name=self.name[0], last=self.account[-4:])


def _tidied(name: str, account: str) -> tuple[str, str]:
    return " ".join(name.split()), "".join(account.split())


def problems(name: str, account: str) -> list[Refused]:
    """What is wrong with what somebody typed: `payee_name` and `payee_account`, each at its field."""
    name, account = _tidied(name, account)
    found = []
    if not 0 < len(name) <= LONGEST_NAME:
        found.append(Refused("payee_name", _("请填写收款人姓名。"), field="payee_name"))
    if not (account.isascii() and account.isdigit() and SHORTEST <= len(account) <= LONGEST):
        sentence = _("请填写收款银行卡号，只有数字，12 到 24 位。")
        found.append(Refused("payee_account", sentence, field="payee_account"))
    return found


def payee(name: str, account: str) -> Payee:
    """What somebody typed, tidied. Refused with the first of its `problems`."""
    for problem in problems(name, account):
        raise problem
    return Payee(*_tidied(name, account))


def sealed(who: Payee) -> crypto.Plain:
    """The value to put into `Claim.payee_sealed`."""
    return crypto.Plain(f"{who.name}\n{who.account}")


def payee_of(claim: Claim) -> Payee:
    """The payee of a claim in clear: for the bank, and for masking."""
    name, account = crypto.unseal(claim, "payee_sealed").split("\n")
    return Payee(name, account)


def reveal(*, public_id: str, who: Who, purpose: str) -> Payee:
    """The payee in clear, to the fund's people who say what for; written to the access log first.

    Refused: `not_found` to everybody else (written to the log), `purpose_missing` (field purpose).
    """
    claim = Claim.objects.select_related("fund").filter(public_id=public_id).first()
    if claim is None:
        raise not_found()
    try:
        person = require(who, *FUND_ROLES, unit_id=claim.fund.keeper_id)
    except Refused as refused:
        access_log.refused("identity", who=who, subject=claim, purpose=purpose[:40])
        raise not_found() from refused
    if purpose not in PURPOSES:
        raise Refused("purpose_missing", _("请先选查看收款人的用途。"), field="purpose")
    access_log.read(person, claim, purpose=purpose, fields=FIELDS)
    return payee_of(claim)
