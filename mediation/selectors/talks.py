"""The one way to get at talks, lanes, offers and agreements: every read says who asks."""

from django.db.models import QuerySet

from mediation.access import side_of, talks_of
from mediation.models import Agreement, Lane, Mediation, Offer, Side
from portal.kernel.access import Who
from portal.kernel.errors import forbidden, not_found

_WITH = ("case__shop", "case__unit", "case__respondent", "case__consumer", "mediator")


def mediations_open_to(who: Who) -> QuerySet[Mediation]:
    """The talks that *who* may know of, each once and in no particular order."""
    allowed = talks_of(who)
    return Mediation.objects.none() if allowed is None else Mediation.objects.filter(allowed).distinct()


def mediation_open_to(*, who: Who, public_id: str) -> Mediation:
    """The talks of that public id; those that are not for *who* are as absent as those that do not exist."""
    mediation = mediations_open_to(who).select_related(*_WITH).filter(public_id=public_id).first()
    if mediation is None:
        raise not_found()
    return mediation


def lane_open_to(*, who: Who, public_id: str) -> Lane:
    """The joint lane of that public id; lanes of other kinds are absent for everybody."""
    lane = (
        Lane.objects.filter(public_id=public_id, kind=Lane.Kind.JOINT, mediation__in=mediations_open_to(who))
        .select_related(*(f"mediation__{path}" for path in _WITH))
        .first()
    )
    if lane is None:
        raise not_found()
    return lane


def offer_open_to(*, who: Who, public_id: str) -> Offer:
    """The offer of that public id, or not found."""
    found = Offer.objects.filter(public_id=public_id, mediation__in=mediations_open_to(who))
    offer = found.select_related(*(f"mediation__{path}" for path in _WITH)).first()
    if offer is None:
        raise not_found()
    return offer


def agreement_open_to(*, who: Who, public_id: str) -> Agreement:
    """The agreement of that public id, or not found."""
    found = Agreement.objects.filter(public_id=public_id, mediation__in=mediations_open_to(who))
    agreement = found.select_related("document", *(f"mediation__{path}" for path in _WITH)).first()
    if agreement is None:
        raise not_found()
    return agreement


def side_at(who: Who, mediation: Mediation) -> Side:
    """For whom *who* reads these talks, which the caller got from this module."""
    side = side_of(who, mediation)
    if side is None:
        raise not_found()
    return side


def party_at(who: Who, mediation: Mediation) -> Side:
    """The party for whom *who* reads; staff, who speak for none, are refused (403)."""
    side = side_at(who, mediation)
    if side == Side.MEDIATOR:
        raise forbidden()
    return side
