"""The one door to a consumer's identity: staff give a purpose first, and the look stays on record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import BUREAU_ROLES, HUB_ROLES
from complaints.models import Case, Party
from complaints.selectors.cases import cases_open_to
from portal.kernel import access_log, crypto, phones
from portal.kernel.access import Who, require
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import User

FIELDS = ["name", "phone", "address", "id_type", "id_number"]


@dataclass(frozen=True)
class Identity:
    """Who a consumer is, in clear. Never log it, never put it where a page is cached."""

    name: str
    phone: str
    address: str
    id_type: str
    id_number: str
    is_verified: bool


@dataclass(frozen=True)
class Masked:
    """What of a consumer may stand on a desk page without a purpose."""

    name: str
    phone: str


def reveal(*, public_id: str, who: Who, purpose: str) -> Identity:
    """The consumer of a case in clear, to staff who work on it and say what for; written to the access log first.

    Refused: `not_found` to those who may not know of the case, `forbidden` without a role at its desk (both are
    written to the log), `purpose_missing` (field purpose).
    """
    case = Case.objects.filter(public_id=public_id).first()
    try:
        person = _at_its_desk(case, who)
    except Refused:
        access_log.refused("identity", who=who, subject=case, purpose=purpose[:40])
        raise
    if purpose not in rules.PURPOSES:
        raise Refused("purpose_missing", _("请先选查看身份的用途。"), field="purpose")
    party = Party.objects.filter(case=case).first()
    if party is None:
        raise Refused("no_identity", _("这件工单还没有登记消费者的身份。"))
    access_log.read(person, party, purpose=purpose, fields=FIELDS)
    return _clear(party)


def _at_its_desk(case: Case | None, who: Who) -> User:
    if case is None or not cases_open_to(who).filter(pk=case.pk).exists():
        raise not_found()
    if isinstance(who, User) and case.unit_id in who.unit_ids(*BUREAU_ROLES):
        return who
    return require(who, *HUB_ROLES, unit_id=case.hub_id)


def masked(case: Case) -> Masked | None:
    """The consumer's masked name and telephone; None while an incomplete order has no consumer."""
    party = Party.objects.filter(case=case).first()
    if party is None:
        return None
    return Masked(_masked_name(crypto.unseal(party, "name")), phones.mask(crypto.unseal(party, "phone")))


def _masked_name(name: str) -> str:
    return f"{name[0]}{'*' * min(2, len(name) - 1)}"


def _clear(party: Party) -> Identity:
    return Identity(
        name=crypto.unseal(party, "name"),
        phone=crypto.unseal(party, "phone"),
        address=crypto.unseal(party, "address"),
        id_type=party.id_type,
        id_number=crypto.unseal(party, "id_number"),
        is_verified=party.verification == Party.Verification.VERIFIED,
    )
