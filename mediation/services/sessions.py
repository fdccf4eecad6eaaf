"""From the invitation to the open room, and the end of talks that failed."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints import rules as law
from complaints.models import Case
from complaints.services import closing
from complaints.services import holding as cases
from mediation.access import PARTIES, TALK_ROLES, other
from mediation.models import Consent, Lane, Mediation, Offer, Side
from mediation.rules import CONSENT
from mediation.services import messages
from mediation.services.holding import as_mediator, at_table, lock, must_be, put_back
from mediation.services.telling import tell, tell_all
from portal.kernel import calendars, clock, events, ids, jobs
from portal.kernel.access import Who, require
from portal.kernel.calendars import Clock
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User

MORNING = time(8, tzinfo=clock.SHANGHAI)


@transaction.atomic
def invite(*, case_id: int) -> Mediation | None:
    """Ask both sides of an accepted case whether they agree to mediate (办法18); a second call changes nothing.

    The officer who accepted conducts the talks until a colleague takes over. None, with nothing done, for a case that
    has moved on in the meantime.
    """
    case = cases.lock(case_id)
    known = Mediation.objects.filter(case=case).first()
    if known is not None:
        return known
    if case.state != Case.State.ACCEPTED:
        return None
    mediation = Mediation.objects.create(
        public_id=ids.new_id(), case=case, mediator=case.handler, invited_at=clock.now()
    )
    Lane.objects.create(mediation=mediation, kind=Lane.Kind.JOINT)
    asked = calendars.start(mediation, CONSENT, unit=case.unit)
    events.record("mediation.invited", mediation, case=case.public_id, by=asked.due_on.isoformat())
    for side, name in ((Side.CONSUMER, "mediation.invited"), (Side.MERCHANT, "mediation.invited_shop")):
        tell(mediation, side, name, page="mediation:invite", by=asked.due_on, unit=case.unit)
    jobs.owe("mediation.remind", due_at=_morning_after(asked), about=mediation, mediation_id=mediation.pk)
    period = calendars.open_clocks(case).get(code=law.MEDIATE)
    last_morning = datetime.combine(period.due_on, MORNING)
    jobs.owe("mediation.watch_period", due_at=last_morning, about=mediation, mediation_id=mediation.pk)
    return mediation


@transaction.atomic
def consent(*, mediation_id: int, agrees: bool, who: Who) -> Mediation:
    """A party answers the invitation online; the second yes opens the room.

    The same answer again changes nothing; a party may change its mind until the talks begin. Refused: `not_found` to
    strangers, `forbidden` to staff, `talks_moved_on`.
    """
    mediation, person, side = at_table(mediation_id, who, with_case=True)
    return _answer(mediation, side, agrees=agrees, way=Consent.Way.ONLINE, by=person)


@transaction.atomic
def record_consent(*, mediation_id: int, side: str, agrees: bool, who: Who, version: int) -> Mediation:
    """The mediator writes down what a party answered on the telephone, after reading it back.

    Refused as in `holding.as_mediator`; `unknown_side` (field side); `answered_online` where that party already
    answered for itself.
    """
    mediation, mediator = as_mediator(mediation_id, who, version, with_case=True)
    if side not in PARTIES:
        raise Refused("unknown_side", _("请选是哪一方的答复。"), field="side")
    if mediation.consents.filter(side=side, way=Consent.Way.ONLINE).exists():
        raise Refused("answered_online", _("这一方已经在网上答复过，不能用电话记录代替。"), field="side")
    return _answer(mediation, Side(side), agrees=agrees, way=Consent.Way.PHONE, by=mediator)


@transaction.atomic
def take(*, mediation_id: int, who: Who, version: int) -> Mediation:
    """A mediator of the bureau takes the talks over; from now on only they conduct them."""
    mediation = lock(mediation_id)
    _must_know_of(mediation, who)
    person = require(who, *TALK_ROLES, unit_id=mediation.case.unit_id or 0)
    check_version(mediation, version)
    if mediation.mediator_id == person.pk:
        return mediation
    mediation.mediator = person
    put_back(mediation)
    events.record("mediation.taken", mediation, actor=person)
    return mediation


@transaction.atomic
def remind(*, mediation_id: int) -> None:
    """The second contact: whoever has not answered is asked again, and the mediator is told to call."""
    mediation = lock(mediation_id)
    if mediation.state != Mediation.State.INVITED:
        return
    answered = set(mediation.consents.values_list("side", flat=True))
    silent = [side for side in PARTIES if side not in answered]
    for side in silent:
        tell(mediation, side, "mediation.reminded", page="mediation:invite")
    if silent:
        events.record("mediation.reminded", mediation, sides=[side.value for side in silent])
        tell(mediation, Side.MEDIATOR, "mediation.unanswered")


@transaction.atomic
def watch_period(*, mediation_id: int) -> None:
    """On the last day of D02, put ground T5 before the mediator. A person proposes and another decides; nothing closes.

    While D02 is paused or due later, the job is owed for another morning.
    """
    mediation = lock(mediation_id)
    period = calendars.open_clocks(mediation.case).filter(code=law.MEDIATE).first()
    if period is None:
        return
    if period.paused_on or clock.today() < period.due_on:
        later = calendars.add_working_days(clock.today(), 1) if period.paused_on else period.due_on
        last_morning = datetime.combine(later, MORNING)
        jobs.owe("mediation.watch_period", due_at=last_morning, about=mediation, mediation_id=mediation.pk)
        return
    events.record("mediation.lapsed", mediation, due_on=period.due_on.isoformat())
    tell(mediation, Side.MEDIATOR, "mediation.lapsed")


@transaction.atomic
def end(*, case_id: int) -> None:
    """The case's mediation was terminated (办法23): the talks end, an open offer lapses, the lane closes."""
    mediation_id = Mediation.objects.filter(case_id=case_id).values_list("pk", flat=True).first()
    if mediation_id is None:
        return
    mediation = lock(mediation_id)
    if not can_proceed(mediation.end):
        return
    mediation.end(at=clock.now())
    mediation.offers.filter(state=Offer.State.OPEN).update(state=Offer.State.EXPIRED, answered_at=clock.now())
    if calendars.open_clocks(mediation).filter(code=CONSENT).exists():
        calendars.stop(mediation, CONSENT)
    put_back(mediation)
    events.record("mediation.ended", mediation)
    messages.note(mediation, "ended")


def _must_know_of(mediation: Mediation, who: Who) -> None:
    if not isinstance(who, User) or mediation.case.unit_id not in who.unit_ids(*TALK_ROLES):
        raise not_found()


def _morning_after(asked: Clock) -> datetime:
    return datetime.combine(calendars.add_working_days(asked.due_on, 1), MORNING)


def _answer(mediation: Mediation, side: Side, *, agrees: bool, way: str, by: User) -> Mediation:
    must_be(mediation, Mediation.State.INVITED)
    known = mediation.consents.filter(side=side).first()
    if known is not None and known.agrees == agrees:
        return mediation
    answer = known or Consent(mediation=mediation, side=side)
    answer.agrees, answer.way, answer.by, answer.at = agrees, way, by, clock.now()
    answer.save()
    name = "mediation.consented" if agrees else "mediation.refused"
    events.record(name, mediation, actor=by, side=side, way=way)
    if not agrees:
        tell(mediation, Side.MEDIATOR, "mediation.refused")
    elif mediation.consents.filter(side=other(side), agrees=True).exists():
        _open(mediation, by)
    put_back(mediation)
    return mediation


def _open(mediation: Mediation, by: User) -> None:
    mediation.start(at=clock.now())
    calendars.meet(mediation, CONSENT)
    closing.start_mediation(case_id=mediation.case_id, who=by)
    events.record("mediation.opened", mediation, actor=by)
    messages.note(mediation, "opened")
    tell_all(mediation, "mediation.opened")
