"""An agreement as one party or the mediator sees it; its words come from `services.agreements.open_text`."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.selectors import steps
from complaints.selectors.steps import said_day
from mediation.access import PARTIES, other
from mediation.models import Agreement, Claim, Mediation, Side
from mediation.rules import RECORD_ARTICLE
from mediation.selectors.claim_words import state_of
from mediation.selectors.claims import claim_known_to, live_claim_on
from mediation.selectors.rooms import back_url
from mediation.selectors.talks import agreement_open_to, party_at
from mediation.selectors.words import called, frame_of, nav_of
from portal.kernel import crypto, phones
from portal.kernel.access import Who, require_person
from portal.kernel.errors import Sentence


@dataclass(frozen=True)
class Signed:
    """Whether a side signed, when and how."""

    name: str
    at: datetime | None
    method: str


@dataclass(frozen=True)
class Page:
    """The agreement page of one party."""

    agreement: Agreement
    mediation: Mediation
    side: Side
    signatures: tuple[Signed, ...]
    headline: str
    lead: str
    tone: str
    state: str
    may_sign: bool
    may_say_performed: bool
    may_claim: bool
    claim: Claim | None
    phone: str
    back_url: str

    @property
    def claim_state(self) -> str:
        """Where the claim stands, to this side."""
        side = steps.Side.CONSUMER if self.side == Side.CONSUMER else steps.Side.SHOP
        return state_of(self.claim, side) if self.claim is not None else ""

    @property
    def nav(self) -> str:
        return nav_of(self.side)

    @property
    def base(self) -> str:
        return frame_of(self.side)

    @property
    def article(self) -> Sentence:
        return RECORD_ARTICLE

    @property
    def first_half(self) -> str:
        """The hash in two halves, for a line each."""
        return self.agreement.sha256[:32]

    @property
    def second_half(self) -> str:
        return self.agreement.sha256[32:]


def page_open_to(*, who: Who, public_id: str) -> Page:
    """The agreement page of a party; not found for strangers, 403 for staff."""
    agreement = agreement_open_to(who=who, public_id=public_id)
    mediation = agreement.mediation
    side = party_at(who, mediation)
    signatures = signatures_of(agreement, reader=side)
    has_signed = agreement.signatures.filter(side=side).exists()
    may_sign = mediation.state == Mediation.State.IN_SESSION and not has_signed
    headline, lead, tone, state = _heading(agreement, side, has_signed)
    is_unkept = mediation.state == Mediation.State.BREACHED
    is_claimed = live_claim_on(agreement) is not None
    return Page(
        agreement=agreement,
        mediation=mediation,
        side=side,
        signatures=signatures,
        headline=headline,
        lead=lead,
        tone=tone,
        state=state,
        may_sign=may_sign,
        may_say_performed=side == Side.CONSUMER
        and mediation.state in (Mediation.State.AGREED, Mediation.State.BREACHED)
        and not is_claimed,
        may_claim=side == Side.CONSUMER and is_unkept and not is_claimed,
        claim=claim_known_to(who, agreement),
        phone=phones.mask(crypto.unseal(require_person(who), "phone_sealed")) if may_sign else "",
        back_url=back_url(mediation, side),
    )


def signatures_of(agreement: Agreement, *, reader: Side) -> tuple[Signed, ...]:
    """Both sides in a fixed order, signed or not."""
    rows = {row.side: row for row in agreement.signatures.all()}
    return tuple(
        Signed(called(side, reader=reader), rows[side].at if side in rows else None, _("短信验证码"))
        for side in PARTIES
    )


def _heading(agreement: Agreement, side: Side, has_signed: bool) -> tuple[str, str, str, str]:
    state = agreement.mediation.state
    day = said_day(agreement.pay_by)
    if state == Mediation.State.ENDED:
        return _("调解已经终止，这份协议没有生效。"), "", "bad", _("没有生效")
    if agreement.signed_at is None and not has_signed:
        lead = _("请一条一条看清楚。签名要用您手机上的验证码，对方签的是同一份。")
        return _("协议写好了，轮到您签名。"), lead, "now", _("等您签名")
    if agreement.signed_at is None:
        waits_for = called(other(side), reader=side)
        headline = _("您已经签了，等{who}签名。").format(who=waits_for)
        return headline, _("对方一签，马上通知您。您现在不用做什么。"), "", _("等对方签名")
    if state == Mediation.State.PERFORMED:
        return _("协议已经履行完毕。"), "", "ok", _("已履行")
    if state == Mediation.State.BREACHED:
        return _breached(agreement, side), _("约定的日子过了三个工作日，没有登记履行。"), "bad", _("未履行")
    if side == Side.CONSUMER:
        lead = _("商家要在{day}前做到。做到了，请您在这里确认。").format(day=day)
        return _("双方都签了，等商家履行。"), lead, "ok", _("已生效")
    lead = _("做到以后由消费者或者调解员登记。过了三个工作日还没有登记，就算没有履行。")
    return _("双方都签了，请在{day}前履行。").format(day=day), lead, "now", _("等您履行")


def _breached(agreement: Agreement, side: Side) -> str:
    if side == Side.CONSUMER and live_claim_on(agreement) is not None:
        return _("商家没有按协议做到，先行赔付在办。")
    if side == Side.CONSUMER:
        return _("商家没有按协议做到，您可以申请先行赔付。")
    return _("协议到期没有履行，请马上履行。")
