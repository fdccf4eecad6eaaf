"""A sign of a breach found inside a complaint: it becomes the enforcement unit's matter and the case keeps no trace."""

from django.db import transaction

from complaints import rules
from complaints.models import LeadLink, Report
from complaints.services import report_numbers
from complaints.services.holding import at_bureau, needs_words
from portal.kernel import calendars, clock, crypto, events, ids
from portal.kernel.access import Role, Who

LONGEST_FACTS = 2000


@transaction.atomic
def found(*, case_id: int, facts: str, who: Who) -> None:
    """Hand a lead to the enforcement people of the case's bureau; D06 runs from today (办法27).

    Answers nothing and leaves nothing on the case: whoever found it cannot see what becomes of it. Refused:
    `reason_missing` (field lead_facts), `forbidden` to all but the case's officer or mediator.
    """
    case, finder = at_bureau(Role.OFFICER, Role.MEDIATOR, case_id=case_id, who=who, version=None)
    words = needs_words(facts, field="lead_facts", most=LONGEST_FACTS)
    assert case.unit is not None
    public_id = ids.new_id()
    now = clock.now()
    lead = Report(
        public_id=public_id,
        number=report_numbers.next_number(Report.Kind.LEAD),
        kind=Report.Kind.LEAD,
        unit=case.unit,
        shop=case.shop,
        district=case.district,
        target_name=crypto.Plain(case.respondent.name),
        target_address=crypto.Plain(case.respondent.address),
        facts=crypto.Plain(words),
        received_at=now,
        receipt_index=crypto.blind_index("report.receipt", public_id),
    )
    lead.save(force_insert=True)
    LeadLink.objects.create(report=lead, case=case, found_by=finder, found_at=now)
    calendars.start(lead, rules.VERIFY_LEAD, unit=case.unit, at=now)
    events.record("report.received", lead, actor=finder, kind=lead.kind)
