"""An appraisal or test stops D02 from the commission to the report (办法22), each with its evidence."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import rules as law
from mediation.models import Appraisal, Mediation
from mediation.services import messages
from mediation.services.holding import as_mediator, must_be, put_back
from mediation.services.telling import tell_all
from portal.kernel import calendars, clock, events
from portal.kernel.access import Who
from portal.kernel.calendars import PauseReason
from portal.kernel.errors import Refused
from publicity.services import facts


@transaction.atomic
def commission(
    *,
    mediation_id: int,
    body: str,
    item: str,
    cost_note: str,
    reference: str,
    commissioned_on: date,
    who: Who,
    version: int,
) -> Appraisal:
    """The mediator records who tests what, who pays and under which letter: D02 stands still from that day.

    Refused as in `holding.as_mediator`; `talks_moved_on`; with their field `body`, `item`, `cost_note`, `reference`,
    `commissioned_on`.
    """
    mediation, mediator = as_mediator(mediation_id, who, version, with_case=True)
    must_be(mediation, Mediation.State.IN_SESSION)
    appraisal = Appraisal(
        mediation=mediation,
        body=_needed(body, "body", 120),
        item=_needed(item, "item", 200),
        cost_note=_needed(cost_note, "cost_note", 200),
        commission_reference=_needed(reference, "reference", 80),
        commissioned_on=_past(commissioned_on, "commissioned_on"),
        commissioned_by=mediator,
    )
    _on_its_field("commissioned_on", mediation, commissioned_on)
    appraisal.save()
    if mediation.case.fact_id:
        facts.advance(fact_id=mediation.case.fact_id, mediation_due_on=None)
    mediation.commission_appraisal()
    put_back(mediation)
    day = commissioned_on.isoformat()
    events.record("appraisal.commissioned", mediation, actor=mediator, appraisal=appraisal.pk, on=day)
    messages.note(mediation, "appraisal.commissioned", by=mediator, about=day)
    tell_all(mediation, "appraisal.commissioned", day=commissioned_on)
    return appraisal


@transaction.atomic
def receive(*, mediation_id: int, reference: str, received_on: date, who: Who, version: int) -> Appraisal:
    """The report is here: D02 runs on from that day, its last day moves by the time that was lost.

    Refused as in `holding.as_mediator`; `talks_moved_on`; with their field `reference`, `received_on`.
    """
    mediation, mediator = as_mediator(mediation_id, who, version, with_case=True)
    must_be(mediation, Mediation.State.APPRAISAL)
    appraisal = mediation.appraisals.select_for_update().get(received_on=None)
    appraisal.report_reference = _needed(reference, "reference", 80)
    if _past(received_on, "received_on") < appraisal.commissioned_on:
        raise Refused("received_on", _("收到结果的日子不能早于委托的日子。"), field="received_on")
    appraisal.received_on = received_on
    appraisal.received_by = mediator
    appraisal.save()
    period = calendars.resume(mediation.case, law.MEDIATE, on=received_on)
    if mediation.case.fact_id:
        facts.advance(fact_id=mediation.case.fact_id, mediation_due_on=period.due_on)
    mediation.receive_appraisal()
    put_back(mediation)
    day, due_on = received_on.isoformat(), period.due_on.isoformat()
    events.record("appraisal.received", mediation, actor=mediator, appraisal=appraisal.pk, on=day, due_on=due_on)
    messages.note(mediation, "appraisal.received", by=mediator, about=day)
    tell_all(mediation, "appraisal.received", by=period.due_on)
    return appraisal


def _on_its_field(field: str, mediation: Mediation, on: date) -> None:
    try:
        calendars.pause(mediation.case, law.MEDIATE, on=on, reason=PauseReason.APPRAISAL)
    except Refused as refused:
        refused.field = field
        raise


def _needed(text: str, field: str, most: int) -> str:
    words = text.strip()
    if not words:
        raise Refused(field, _("请填写这一项。"), field=field)
    if len(words) > most:
        raise Refused(field, _("最多写 {most} 个字。").format(most=most), field=field)
    return words


def _past(day: date, field: str) -> date:
    if day > clock.today():
        raise Refused(field, _("日子不能晚于今天。"), field=field)
    return day
