"""Who sees which claim and which fund."""

from django.db.models import Q, QuerySet

from complaints.models import Party
from mediation.models import Agreement, Claim, Fund, Voucher
from portal.kernel.access import Role, Who
from portal.kernel.errors import not_found
from portal.kernel.models import User

FUND_ROLES = (Role.FUND_KEEPER, Role.FUND_APPROVER)


def claims_open_to(who: Who) -> QuerySet[Claim]:
    """A consumer's own claims, a shop's as far as it must answer them, and all of a fund to its keepers and approvers."""
    if not isinstance(who, User):
        return Claim.objects.none()
    claims = Claim.objects.select_related("fund__keeper", "agreement__mediation__case__shop", "agreement__document")
    if who.is_staff:
        return claims.filter(fund__keeper_id__in=who.unit_ids(*FUND_ROLES))
    own = Q(applied_by=who)
    answers = Q(
        agreement__mediation__case__shop__contacts__user=who,
        agreement__mediation__case__shop__contacts__ended_at=None,
    ) & ~Q(state=Claim.State.APPLIED)
    return claims.filter(own | answers).distinct()


def claim_open_to(*, who: Who, public_id: str) -> Claim:
    """One claim, or not found."""
    claim = claims_open_to(who).filter(public_id=public_id).first()
    if claim is None:
        raise not_found()
    return claim


def claimable_agreement(*, who: Who, public_id: str) -> Agreement:
    """The person's own agreement that was not performed and has no living claim, or not found."""
    agreement = (
        Agreement.objects.select_related("mediation__case__shop", "document")
        .filter(public_id=public_id, breached_on__isnull=False, performed_on=None)
        .first()
    )
    if agreement is None or not isinstance(who, User):
        raise not_found()
    if not Party.objects.filter(case=agreement.mediation.case, user=who).exists():
        raise not_found()
    return agreement


def the_fund() -> Fund:
    """The fund of this city (one for now), or not found before it is opened."""
    fund = Fund.objects.order_by("pk").first()
    if fund is None:
        raise not_found()
    return fund


def open_vouchers(who: Who) -> QuerySet[Voucher]:
    """Receipts written down and not yet booked, in the funds of *who*."""
    units = who.unit_ids(*FUND_ROLES) if isinstance(who, User) else frozenset()
    return Voucher.objects.filter(fund__keeper_id__in=units, approved_by=None).select_related(
        "fund", "claim", "made_by"
    )


def voucher_open_to(*, who: Who, public_id: str) -> Voucher:
    """One receipt of the person's funds, or not found."""
    units = who.unit_ids(*FUND_ROLES) if isinstance(who, User) else frozenset()
    voucher = Voucher.objects.filter(fund__keeper_id__in=units, public_id=public_id).first()
    if voucher is None:
        raise not_found()
    return voucher
