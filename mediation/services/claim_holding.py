"""Take a claim in hand: lock it, be allowed to, see it as it is on the page, and put it back."""

from django.utils.translation import gettext as _

from mediation.models import Account, Claim, Entry
from mediation.services import ledger
from portal.kernel import calendars, crypto
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User

MOST_WORDS = 300


def release(claim: Claim, maker: User, approver: User | None) -> None:
    """Give the frozen amount of a claim back to the fund's free money."""
    ledger.post(
        fund_id=claim.fund_id,
        kind=Entry.Kind.RELEASE,
        debit=Account.Kind.CASH,
        credit=Account.Kind.RESERVED,
        amount_fen=claim.amount_fen,
        made_by=maker,
        approved_by=approver,
        document_sha256=claim.agreement.sha256,
        claim=claim,
    )


def locked(claim_id: int) -> Claim:
    """The claim, locked until the transaction ends; for callers that settle who may act."""
    claim = Claim.objects.select_for_update().filter(pk=claim_id).first()
    if claim is None:
        raise not_found()
    return claim


def in_hand(claim_id: int, who: Who, role: Role, version: int) -> tuple[Claim, User]:
    """The locked claim and *who* in *role* at its fund. Refused: `not_found`, `forbidden`, `stale`."""
    claim = locked(claim_id)
    person = require(who, role, unit_id=claim.fund.keeper_id)
    check_version(claim, version)
    return claim, person


def put_back(claim: Claim) -> Claim:
    """Save the claim under its next version, so that every older page is stale."""
    claim.version += 1
    claim.save()
    return claim


def stop_clocks(claim: Claim) -> None:
    """End whatever period of the claim still runs."""
    for running in calendars.open_clocks(claim):
        calendars.stop(claim, running.code)


def words(text: str, sentence: str) -> crypto.Plain:
    """What somebody wrote, to be sealed; refused (`reason`, with *sentence*) when it says nothing or too much."""
    found = text.strip()
    if len(found) < 2:
        raise Refused("reason", sentence, field="reason")
    if len(found) > MOST_WORDS:
        raise Refused("reason", _("最多写 {most} 个字。").format(most=MOST_WORDS), field="reason")
    return crypto.Plain(found)


def moved_on() -> Refused:
    """What the second of two people who press together is told."""
    return Refused("claim_moved_on", _("这笔先行赔付已经到了下一步，请刷新页面。"))
