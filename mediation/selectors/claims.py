"""Who sees which claim, fund and receipt."""

from django.db.models import Q, QuerySet

from complaints.models import Party
from mediation.models import Agreement, Claim, Fund, Voucher
from mediation.payout_rules import FUND_ROLES
from portal.kernel.access import Who
from portal.kernel.errors import not_found
from portal.kernel.models import User
from publicity.models import ShopContact


def claims_open_to(who: Who) -> QuerySet[Claim]:
    """A consumer's own claims, a shop's once it must answer them, and all of a fund to its keepers and approvers."""
    if not isinstance(who, User) or not who.is_active:
        return Claim.objects.none()
    claims = Claim.objects.select_related("fund__keeper", "agreement__mediation__case__shop", "agreement__document")
    if who.is_staff:
        return claims.filter(fund__keeper_id__in=who.unit_ids(*FUND_ROLES))
    speaks_for = ShopContact.objects.filter(user=who, ended_at=None).values("shop_id")
    answers = Q(agreement__mediation__case__shop_id__in=speaks_for, checked_at__isnull=False)
    return claims.filter(Q(applied_by=who) | answers)


def claim_open_to(*, who: Who, public_id: str) -> Claim:
    """One claim, or not found."""
    claim = claims_open_to(who).filter(public_id=public_id).first()
    if claim is None:
        raise not_found()
    return claim


def claimable_agreement(*, who: Who, public_id: str) -> Agreement:
    """The person's own agreement that was not performed, or not found."""
    unkept = Agreement.objects.filter(public_id=public_id, breached_on__isnull=False, performed_on=None)
    agreement = unkept.select_related("mediation__case__shop", "document").first()
    if agreement is None or not isinstance(who, User):
        raise not_found()
    if not Party.objects.filter(case=agreement.mediation.case, user=who).exists():
        raise not_found()
    return agreement


def live_claim_on(agreement: Agreement) -> Claim | None:
    """The claim on an agreement that was neither refused nor withdrawn."""
    return agreement.claims.exclude(state__in=Claim.UNPAID_ENDS).first()


def claim_known_to(who: Who, agreement: Agreement) -> Claim | None:
    """The newest claim on an agreement that *who* may know of, however it ended."""
    return claims_open_to(who).filter(agreement=agreement).order_by("-pk").first()


def city_fund() -> Fund | None:
    """The fund of this city (one for now); None before it is opened."""
    return Fund.objects.order_by("pk").first()


def the_fund() -> Fund:
    """The fund of this city, or not found before it is opened."""
    fund = city_fund()
    if fund is None:
        raise not_found()
    return fund


def fund_kept_by(who: Who) -> Fund:
    """The fund at which *who* works, or not found."""
    units = who.unit_ids(*FUND_ROLES) if isinstance(who, User) else frozenset()
    fund = Fund.objects.filter(keeper_id__in=units).order_by("pk").first()
    if fund is None:
        raise not_found()
    return fund


def open_vouchers(who: Who) -> QuerySet[Voucher]:
    """Receipts written down and neither booked nor voided, in the funds of *who*, oldest first."""
    units = who.unit_ids(*FUND_ROLES) if isinstance(who, User) else frozenset()
    mine = Voucher.objects.filter(fund__keeper_id__in=units, approved_by=None, voided_by=None)
    return mine.select_related("fund", "claim", "made_by").order_by("made_at", "pk")


def voucher_open_to(*, who: Who, public_id: str) -> Voucher:
    """One receipt of the person's funds, or not found."""
    units = who.unit_ids(*FUND_ROLES) if isinstance(who, User) else frozenset()
    voucher = Voucher.objects.select_related("claim").filter(fund__keeper_id__in=units, public_id=public_id).first()
    if voucher is None:
        raise not_found()
    return voucher
