"""Builders for talks: everything is reached through the services of both sides and of the bureau."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from complaints.models import Case
from mediation.models import Agreement, Lane, Mediation, Message, Offer
from mediation.services import agreements, messages, offers, sessions
from portal.kernel import clock, crypto
from portal.kernel.access import Role
from portal.kernel.models import OutgoingMessage, User
from publicity.models import Shop
from tests import build


@dataclass
class Table:
    """Everyone at the table, and the rows as they were when the builder left them."""

    case: Case
    mediation: Mediation
    shop: Shop
    consumer: User
    merchant: User
    officer: User

    @property
    def lane(self) -> Lane:
        return Lane.objects.get(mediation=self.mediation, kind=Lane.Kind.JOINT)

    def now(self) -> Mediation:
        """The talks as they stand."""
        return Mediation.objects.select_related("case").get(pk=self.mediation.pk)


def an_invitation(**changes: Any) -> Table:
    """An accepted case whose sides have been asked whether they agree to mediate (no papers are made)."""
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    unit = build.a_unit()
    officer = build.staff(Role.OFFICER, unit)
    phone = build.a_phone()
    consumer = build.a_citizen(phone)
    case = build.an_accepted_case(unit=unit, officer=officer, who=consumer, shop=shop, phone=phone, **changes)
    mediation = sessions.invite(case_id=case.pk)
    assert mediation is not None
    return Table(case, mediation, shop, consumer, merchant, officer)


def a_room(**changes: Any) -> Table:
    """Both sides have agreed: the room is open."""
    table = an_invitation(**changes)
    sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)
    table.mediation = sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.merchant)
    return table


def an_offer(table: Table, who: User, **changes: Any) -> Offer:
    """An offer of 799 yuan with a return, to be answered in three days and paid in ten."""
    said: dict[str, Any] = {
        "amount_fen": 799_00,
        "terms": "消费者把商品交回店里。",
        "pay_by": clock.today() + timedelta(days=10),
        "answer_by": clock.today() + timedelta(days=3),
    }
    return offers.make(mediation_id=table.mediation.pk, who=who, **(said | changes))


def an_accepted_offer(table: Table, **changes: Any) -> Offer:
    """The consumer's offer, accepted by the shop."""
    return offers.accept(offer_id=an_offer(table, table.consumer, **changes).pk, who=table.merchant)


def a_drawn_agreement(table: Table, **changes: Any) -> Agreement:
    """The agreement written from the accepted offer; nobody has signed."""
    an_accepted_offer(table, **changes)
    return agreements.draw(mediation_id=table.mediation.pk, who=table.officer, version=table.now().version)


def a_code(agreement: Agreement, who: User) -> str:
    """Ask for a fresh code and read it from the message that carries it."""
    agreements.send_code(agreement_id=agreement.pk, who=who)
    sent = OutgoingMessage.objects.filter(name="code.sign").order_by("-created_at", "-pk")
    phone = crypto.unseal(who, "phone_sealed")
    mine = next(message for message in sent if crypto.unseal(message, "address_sealed") == phone)
    found = re.search(r"\d{6}", crypto.unseal(mine, "text_sealed"))
    assert found
    return found.group()


def signed_by(agreement: Agreement, who: User) -> Agreement:
    """The agreement after *who* signed it."""
    code = a_code(agreement, who)
    return agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=code, who=who)


def a_signed_agreement(table: Table, **changes: Any) -> Agreement:
    """Both sides have signed: the case is settled."""
    agreement = a_drawn_agreement(table, **changes)
    signed_by(agreement, table.consumer)
    return signed_by(agreement, table.merchant)


def said(table: Table, who: User, text: str = "您好。") -> Message:
    """A line in the joint lane."""
    return messages.post(lane_id=table.lane.pk, text=text, key=uuid4().hex, who=who)
