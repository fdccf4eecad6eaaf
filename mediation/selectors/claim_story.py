"""What a first payout means on a case's timeline. Registered after the talks, so that it is asked before them."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.selectors import steps
from complaints.selectors.steps import Link, Side, Step, Turn, Whose
from mediation.models import Claim, Mediation
from mediation.payout_rules import OBJECT
from mediation.selectors.claim_words import headline_of, is_waiting_for_payee, state_of, tell
from portal.kernel import calendars

State = Claim.State


def subjects(case: Case) -> Iterable[models.Model]:
    """The claims whose events belong to the case's story."""
    return Claim.objects.filter(agreement__mediation__case=case).order_by("pk")


def turn(case: Case, side: Side) -> Turn | None:
    """Whose turn it is in the newest claim on the case; None while there is none or it changes nothing."""
    if case.state not in (Case.State.SETTLED, Case.State.CLOSED):
        return None
    claim = Claim.objects.filter(agreement__mediation__case=case).order_by("-pk").first()
    if claim is None or claim.state == State.WITHDRAWN:
        return None
    if side == Side.CONSUMER:
        return _for_consumer(claim)
    if claim.state == State.REFUSED or claim.checked_at is None:
        return None
    return _for_shop(claim) if side == Side.SHOP else _for_staff(claim, case)


def _link(claim: Claim) -> tuple[Link, ...]:
    return (Link(_("看先行赔付"), reverse("mediation:claim", args=[claim.public_id]), is_main=True),)


def _for_consumer(claim: Claim) -> Turn:
    headline, lead, tone = headline_of(claim, Side.CONSUMER)
    acts = is_waiting_for_payee(claim) or claim.state == State.REFUSED
    is_over = claim.paid_at is not None
    whose = Whose.CONSUMER if acts else Whose.NOBODY if is_over else Whose.ELSEWHERE
    return Turn(
        headline,
        lead,
        whose,
        now=Step(state_of(claim, Side.CONSUMER), when=_("现在")),
        links=_link(claim),
        tone=tone,
        routes=claim.state == State.REFUSED,
    )


def _for_shop(claim: Claim) -> Turn:
    headline, lead, tone = headline_of(claim, Side.SHOP)
    waiting = calendars.open_clocks(claim).filter(code=OBJECT).first()
    by = claim.recourse_due_on if claim.state == State.RECOURSE else waiting.due_on if waiting else None
    whose = Whose.SHOP if by else Whose.ELSEWHERE if claim.state in Claim.RESERVING else Whose.NOBODY
    now = Step(state_of(claim, Side.SHOP), when=_("现在"))
    return Turn(headline, lead, whose, by=by, now=now, links=_link(claim), tone=tone)


def _for_staff(claim: Claim, case: Case) -> Turn:
    mediation = Mediation.objects.get(case=case)
    bench = Link(_("去调解台"), reverse("mediation:bench", args=[mediation.public_id]), is_main=True)
    state = state_of(claim, Side.STAFF)
    return Turn(
        _("协议没有履行，先行赔付：{state}").format(state=state),
        "",
        Whose.SHOP if claim.state == State.RECOURSE else Whose.ELSEWHERE,
        by=claim.recourse_due_on,
        now=Step(_("先行赔付 {number}").format(number=claim.number), state, when=_("现在")),
        links=(bench,),
        tone="now",
    )


steps.contributes("claim.", tell, subjects=subjects)
steps.turns(turn)
