"""Whether what was agreed is done: marked by those who know, and by a job when the days have passed."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mediation.access import side_of
from mediation.models import Agreement, Claim, Mediation, Side
from mediation.payout_rules import terms
from mediation.services.holding import as_mediator, lock, must_be, put_back
from mediation.services.telling import tell
from portal.kernel import calendars, clock, events, jobs
from portal.kernel.access import Who
from portal.kernel.errors import Refused, check_version, forbidden, not_found
from portal.kernel.models import User


def last_day(agreement: Agreement) -> date:
    """The last day on which performance is still awaited; the day after, the agreement is breached."""
    return calendars.add_working_days(agreement.pay_by, terms().unperformed_wd)


def watch(agreement: Agreement) -> None:
    """Owe the look at whether the agreement was performed."""
    night = _night_after(last_day(agreement))
    jobs.owe("mediation.check_performance", due_at=night, about=agreement, agreement_id=agreement.pk)


@transaction.atomic
def mark_performed(
    *, agreement_id: int, who: Who, performed_on: date | None = None, version: int | None = None
) -> Agreement:
    """The consumer, or the mediator after asking, records that the agreement was performed (today unless said).

    Late performance counts too, unless the consumer already asked the fund to pay (`already_claimed`). Refused:
    `not_found` to strangers, `forbidden` to the shop, `not_the_mediator`, `talks_moved_on`, `stale`, `performed_on`
    (field) for a day to come or before the signatures. Marked twice, the first stays.
    """
    agreement, person = _at_agreement(agreement_id, who)
    mediation = agreement.mediation
    if version is not None:
        check_version(agreement, version)
    if mediation.state == Mediation.State.PERFORMED:
        return agreement
    must_be(mediation, Mediation.State.AGREED, Mediation.State.BREACHED)
    if agreement.claims.exclude(state__in=Claim.UNPAID_ENDS).exists():
        raise Refused("already_claimed", _("消费者已经申请先行赔付，商家付款请在先行赔付里登记。"))
    on = performed_on or clock.today()
    if agreement.signed_at is None or not clock.day_of(agreement.signed_at) <= on <= clock.today():
        raise Refused("performed_on", _("履行的日子应当在签名以后、今天以前。"), field="performed_on")
    agreement.performed_on = on
    _save(agreement)
    mediation.perform()
    put_back(mediation)
    events.record("agreement.performed", agreement, actor=person, on=on.isoformat())
    tell(mediation, Side.MERCHANT, "agreement.performed")
    tell(mediation, Side.MEDIATOR if not person.is_staff else Side.CONSUMER, "agreement.performed")
    return agreement


@transaction.atomic
def check(*, agreement_id: int) -> None:
    """Mark the agreement breached once its last day has passed unperformed; before that, look again after it."""
    mediation_id = Agreement.objects.filter(pk=agreement_id).values_list("mediation_id", flat=True).get()
    mediation = lock(mediation_id)
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if mediation.state != Mediation.State.AGREED:
        return
    if clock.today() <= last_day(agreement):
        watch(agreement)
        return
    agreement.breached_on = clock.today()
    _save(agreement)
    mediation.breach()
    put_back(mediation)
    events.record("agreement.breached", agreement, fen=agreement.amount_fen, pay_by=agreement.pay_by.isoformat())
    page, target = "mediation:agreement", agreement.public_id
    tell(mediation, Side.CONSUMER, "agreement.breached", page=page, target=target)
    tell(mediation, Side.MERCHANT, "agreement.breached_shop", page=page, target=target)
    tell(mediation, Side.MEDIATOR, "agreement.breached_desk")


def _at_agreement(agreement_id: int, who: Who) -> tuple[Agreement, User]:
    mediation_id = Agreement.objects.filter(pk=agreement_id).values_list("mediation_id", flat=True).first()
    if mediation_id is None:
        raise not_found()
    mediation = lock(mediation_id)
    side = side_of(who, mediation)
    if side is None or not isinstance(who, User):
        raise not_found()
    if side == Side.MERCHANT:
        raise forbidden()
    if side == Side.MEDIATOR:
        as_mediator(mediation_id, who, None)
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.mediation = mediation
    return agreement, who


def _save(agreement: Agreement) -> None:
    agreement.version += 1
    agreement.save()


def _night_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0, 5, tzinfo=clock.SHANGHAI))
