"""What staff write down for people: complaints told by telephone or at the window, and orders that lack something."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints import rules
from complaints.access import HUB_ROLES
from complaints.models import Case, Supplement
from complaints.services import intake
from complaints.services.filing import Filing
from complaints.services.holding import at_hub, moved_on, needs_words, put_back
from portal.kernel import calendars, clock, crypto, events, ids
from portal.kernel.access import Who, require
from portal.kernel.errors import Refused
from portal.kernel.models import User

STAFF_CHANNELS = (Case.Channel.T12315, Case.Channel.WINDOW, Case.Channel.MAIL, Case.Channel.T12345)


@transaction.atomic
def enter(*, filing: Filing, channel: str, was_read_back: bool, who: Who, key: str) -> Case:
    """File what a consumer told the hub's staff; the same *key* gives the same case however often it is sent.

    Refused besides what `intake.file` refuses: `unknown_channel` (field channel), `not_read_back` (field
    was_read_back).
    """
    person = require(who, *HUB_ROLES, unit_id=intake.hub().pk)
    if channel not in STAFF_CHANNELS:
        raise Refused("unknown_channel", _("请选消费者是怎么找来的。"), field="channel", status=422)
    _must_be_read_back(was_read_back)
    return intake.file(filing=filing, channel=channel, who=person, key=key)


@transaction.atomic
def register_incomplete(
    *,
    title: str,
    text: str,
    channel: str,
    source_system: str = "",
    source_no: str = "",
    source_received_on: date | None = None,
    district: str = "",
    who: User | None,
) -> Case:
    """Keep an order that lacks something mandatory, whole as it came; the hub has three working days to complete it.

    It has no number, no consumer and no fact yet: it becomes a complaint when somebody completes it.
    """
    now = clock.now()
    case = Case(
        public_id=ids.new_id(),
        channel=Case.Channel(channel),
        state=Case.State.INCOMPLETE,
        hub=intake.hub(),
        title=title,
        facts_sealed=crypto.Plain(text),
        district=district,
        source_system=source_system,
        source_no=source_no,
        source_received_on=source_received_on,
        regime=rules.regime_on(now.date()),
        submitted_at=now,
        hub_received_at=now,
    )
    case.save(force_insert=True)
    calendars.start(case, rules.COMPLETE, unit=case.hub, at=now)
    events.record("case.registered", case, actor=who, channel=case.channel)
    return case


@transaction.atomic
def complete_incomplete(*, case_id: int, filing: Filing, was_read_back: bool, who: Who, version: int) -> Case:
    """Make an incomplete order a complaint, read back to the consumer; the text that came stays beside it, whole.

    Refused (422) with the field that still lacks, `not_read_back`, `case_moved_on` to the second who completes it.
    """
    case, person = at_hub(*HUB_ROLES, case_id=case_id, who=who, version=version)
    if not can_proceed(case.complete):
        raise moved_on()
    _must_be_read_back(was_read_back)
    came = crypto.unseal(case, "facts_sealed")
    if came.strip() != filing.facts.strip():
        Supplement(case=case, by=None, text=crypto.Plain(came), at=case.submitted_at).save(force_insert=True)
    calendars.meet(case, rules.COMPLETE)
    return intake.complete(case=case, filing=filing, who=person)


@transaction.atomic
def withdraw_incomplete(*, case_id: int, reason: str, who: Who, version: int) -> Case:
    """The consumer of an incomplete order gives it up, as they told the hub; *reason* says how and when."""
    case, person = at_hub(*HUB_ROLES, case_id=case_id, who=who, version=version)
    if case.state != Case.State.INCOMPLETE:
        raise moved_on()
    words = needs_words(reason)
    Supplement(case=case, by=person, text=crypto.Plain(words), at=clock.now()).save(force_insert=True)
    calendars.meet(case, rules.COMPLETE)
    case.withdraw(at=clock.now())
    put_back(case)
    events.record("case.withdrawn", case, actor=person, was_incomplete=True)
    return case


def _must_be_read_back(was_read_back: bool) -> None:
    if not was_read_back:
        raise Refused(
            "not_read_back", _("请把记下的内容读给消费者听，听到确认后再勾选。"), field="was_read_back", status=422
        )
