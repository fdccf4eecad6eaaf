"""The agreement: written from the accepted offer, signed by both over one hash, and settled by the second signature."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Party
from complaints.services import closing
from complaints.services.holding import void_open_proposal
from mediation.access import PARTIES, other, side_of
from mediation.models import Agreement, Mediation, Offer, Side, Signature
from mediation.services import agreement_papers, agreement_text, messages, performance
from mediation.services.holding import as_mediator, at_table, must_be, put_back
from mediation.services.telling import tell, tell_all
from portal.kernel import access_log, clock, codes, crypto, events, ids
from portal.kernel.access import Who
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User

PURPOSE = "sign"
METHOD = "phone_code"


def hash_of(text: str) -> str:
    """SHA-256 of exactly the bytes that are shown, in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def draw(*, mediation_id: int, who: Who, version: int) -> Agreement:
    """The mediator writes the agreement from the accepted offer; from now on its text never changes.

    Refused as in `holding.as_mediator`; `talks_moved_on`; `nothing_accepted` while no offer was accepted. Pressed
    twice, the second gives the agreement that stands.
    """
    mediation, mediator = as_mediator(mediation_id, who, None)
    standing = Agreement.objects.filter(mediation=mediation).first()
    if standing is not None:
        return standing
    check_version(mediation, version)
    must_be(mediation, Mediation.State.IN_SESSION)
    offer = mediation.offers.filter(state=Offer.State.ACCEPTED).first()
    if offer is None:
        raise Refused("nothing_accepted", _("还没有被接受的方案，不能生成协议。"))
    access_log.read(mediator, Party.objects.get(case=mediation.case), purpose="document", fields=["name"])
    text = agreement_text.compose(mediation, offer)
    agreement = Agreement(
        public_id=ids.new_id(),
        mediation=mediation,
        offer=offer,
        text_sealed=crypto.Plain(text),
        sha256=hash_of(text),
        amount_fen=offer.amount_fen,
        pay_by=offer.pay_by,
        made_at=clock.now(),
    )
    agreement.save(force_insert=True)
    put_back(mediation)
    events.record("agreement.drawn", agreement, actor=mediator, sha256=agreement.sha256, fen=agreement.amount_fen)
    messages.note(mediation, "agreement.drawn", by=mediator)
    for side in PARTIES:
        tell(mediation, side, "agreement.drawn", page="mediation:agreement", target=agreement.public_id)
    return agreement


@transaction.atomic
def open_text(*, agreement_id: int, who: Who) -> str:
    """The words of the agreement, to those at the table; who is not its consumer is written to the access log first."""
    agreement = Agreement.objects.select_related("mediation__case").filter(pk=agreement_id).first()
    side = side_of(who, agreement.mediation) if agreement is not None else None
    if agreement is None or side is None or not isinstance(who, User):
        raise not_found()
    if side != Side.CONSUMER:
        party = Party.objects.get(case=agreement.mediation.case)
        access_log.read(who, party, purpose="document", fields=["name"])
    return crypto.unseal(agreement, "text_sealed")


def send_code(*, agreement_id: int, who: Who) -> None:
    """Send the party a fresh code that signs this very text and nothing else.

    Refused: `not_found`, `forbidden`, `signed_already`, `talks_moved_on`, and what `codes.issue` refuses.
    """
    agreement, person = _about_to_sign(agreement_id, who)
    codes.issue(crypto.unseal(person, "phone_sealed"), PURPOSE, agreement.sha256, use=_("在调解协议上签名"))


def sign(*, agreement_id: int, sha256: str, code: str, who: Who) -> Agreement:
    """A party signs the text whose hash it was shown, with a fresh phone code; method, time and hash are kept.

    The second signature settles the case in the same transaction: D02 is met and form 九 is issued. Refused:
    `not_found`, `forbidden`, `signed_already`, `talks_moved_on`, `text_changed` when *sha256* is not the hash of the
    text, and what `codes.verify` refuses (field code).
    """
    agreement, person = _about_to_sign(agreement_id, who)
    if sha256 != agreement.sha256:
        raise Refused("text_changed", _("您看到的协议和要签的不是同一份，请刷新页面再看一遍。"))
    codes.verify(crypto.unseal(person, "phone_sealed"), PURPOSE, agreement.sha256, code)
    return _sign(agreement_id, person)


def _about_to_sign(agreement_id: int, who: Who) -> tuple[Agreement, User]:
    with transaction.atomic():
        agreement, person, _side = _at_agreement(agreement_id, who)
    return agreement, person


def _at_agreement(agreement_id: int, who: Who, *, with_case: bool = False) -> tuple[Agreement, User, Side]:
    mediation_id = Agreement.objects.filter(pk=agreement_id).values_list("mediation_id", flat=True).first()
    if mediation_id is None:
        raise not_found()
    mediation, person, side = at_table(mediation_id, who, with_case=with_case)
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.mediation = mediation
    if agreement.signatures.filter(side=side).exists():
        raise Refused("signed_already", _("您这一方已经签过名了。"))
    must_be(mediation, Mediation.State.IN_SESSION)
    return agreement, person, side


@transaction.atomic
def _sign(agreement_id: int, person: User) -> Agreement:
    agreement, person, side = _at_agreement(agreement_id, person, with_case=True)
    if hash_of(crypto.unseal(agreement, "text_sealed")) != agreement.sha256:
        raise crypto.CannotOpen("the text is not the one that was hashed")
    Signature.objects.create(
        agreement=agreement, side=side, by=person, method=METHOD, sha256=agreement.sha256, at=clock.now()
    )
    events.record("agreement.signed", agreement, actor=person, side=side, sha256=agreement.sha256, method=METHOD)
    messages.note(agreement.mediation, "agreement.signed", side=side, by=person)
    if agreement.signatures.count() == len(PARTIES):
        _conclude(agreement, person)
    else:
        page, target = "mediation:agreement", agreement.public_id
        tell(agreement.mediation, other(side), "agreement.signed", page=page, target=target)
    put_back(agreement.mediation)
    return agreement


def _conclude(agreement: Agreement, last: User) -> None:
    mediation = agreement.mediation
    mediation.agree(at=clock.now())
    void_open_proposal(mediation.case)
    mediation.case = closing.settle(case_id=mediation.case_id, recovered_fen=agreement.amount_fen, who=last)
    agreement.signed_at = clock.now()
    agreement.document = agreement_papers.issue(agreement, actor=last)
    agreement.version += 1
    agreement.save()
    events.record(
        "agreement.concluded", agreement, actor=last, fen=agreement.amount_fen, by=agreement.pay_by.isoformat()
    )
    messages.note(mediation, "agreement.concluded")
    performance.watch(agreement)
    page, target = "mediation:agreement", agreement.public_id
    tell_all(mediation, "agreement.concluded", page=page, target=target, by=agreement.pay_by)
