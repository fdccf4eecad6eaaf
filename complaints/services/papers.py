"""The papers of a complaint: forms 三, 五, 六 and 八, the receipt and the letter of transfer."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.models import Case, Party, Proposal
from portal.kernel import access_log, calendars, clock, crypto, documents
from portal.kernel.calendars import Clock
from portal.kernel.models import Document, Organisation, User

FORMS = Path(__file__).resolve().parent.parent / "documents"

RECEIPT, DISPATCH, ACCEPTANCE = "receipt", "form03", "form05"
REJECTION, TERMINATION, TRANSFER = "form06", "form08", "transfer"

documents.register(RECEIPT, template=FORMS / "receipt.typ", title=gettext_lazy("投诉登记回执"), numbered=False)
documents.register(DISPATCH, template=FORMS / "form03.typ", title=gettext_lazy("投诉分送通知书"), numbered=True)
documents.register(ACCEPTANCE, template=FORMS / "form05.typ", title=gettext_lazy("投诉受理决定书"), numbered=True)
documents.register(REJECTION, template=FORMS / "form06.typ", title=gettext_lazy("投诉不予受理决定书"), numbered=True)
documents.register(TERMINATION, template=FORMS / "form08.typ", title=gettext_lazy("投诉终止调解决定书"), numbered=True)
documents.register(TRANSFER, template=FORMS / "transfer.typ", title=gettext_lazy("投诉移送函"), numbered=True)


def issue_receipt(case: Case, *, who: User | None) -> Document:
    """The receipt of a filing, with what happens next."""
    data = {
        **_about(case),
        "addressee": _addressee(case, who),
        "respondent": case.respondent.name,
        "claims": _claims(case),
        "received_at": _minute(case),
        "channel": str(case.get_channel_display()),
        "hub_phone": case.hub.phone,
        "next_step": _(
            "本中心将把您的投诉分送有处理权限的市场监督管理局。该局收到后{within}内决定是否受理，并告知您。"
        ).format(within=calendars.words.on_paper(calendars.rule_on(rules.DECIDE, clock.today()))),
    }
    return documents.issue(RECEIPT, subject=case, data=data, unit=case.hub, actor=who)


def issue_dispatch(case: Case, *, decide: Clock, unit: Organisation, who: User) -> Document:
    """Form 三: the hub asks the competent bureau to handle the case and to report back by the last day of *decide*.

    While that day is provisional the form names the period instead.
    """
    within = calendars.words.written(decide.measure, decide.length)
    dispatch = calendars.rule_on(rules.DISPATCH, decide.started_on)
    data = {
        **_about(case),
        "addressee": unit.name,
        "respondent": case.respondent.name,
        "basis": dispatch.basis.text,
        "decide_within": within,
        "received_on": _hub_day(case),
        "report_back_by": (
            _("自收到之日起{within}内").format(within=within) if decide.provisional else _day(decide.due_on)
        ),
        "attachments": case.evidence.count(),
        "contact_phone": case.hub.phone,
    }
    return documents.issue(DISPATCH, subject=case, data=data, unit=case.hub, actor=who)


def issue_acceptance(case: Case, *, decided: Clock, who: User) -> Document:
    """Form 五, to the consumer, by the article that the *decided* clock began under.

    It names no day on which mediation ends: that day may still move.
    """
    data = {**_decided(case, who), "basis": decided.article}
    return documents.issue(ACCEPTANCE, subject=case, data=data, unit=case.unit, actor=who)


def issue_rejection(case: Case, proposal: Proposal, *, who: User) -> Document:
    """Form 六, to the consumer: all seven grounds with the chosen number, the reason, and the routes of 消法39."""
    ground = rules.rejection_ground(proposal.ground)
    data = {
        **_decided(case, who),
        "basis": str(ground.article),
        "ground": ground.number,
        "grounds": [str(one.text) for one in rules.REJECTION_GROUNDS],
        "reason": crypto.unseal(proposal, "reason_sealed"),
        "routes_article": str(rules.OTHER_ROUTES_ARTICLE),
        "routes": [str(route) for route in rules.OTHER_ROUTES],
    }
    return documents.issue(REJECTION, subject=case, data=data, unit=case.unit, actor=who)


def issue_termination(case: Case, proposal: Proposal, *, who: User) -> Document:
    """Form 八, to both sides: all eight grounds with the chosen number, and where to go from here."""
    ground = rules.termination(proposal.ground).ground
    data = {
        **_decided(case, who),
        "second_addressee": case.respondent.name,
        "basis": str(ground.article),
        "ground": ground.number,
        "grounds": [str(one.text) for one in rules.TERMINATION_GROUNDS],
        "remedy": str(rules.ROUTES_AFTER_TERMINATION),
    }
    return documents.issue(TERMINATION, subject=case, data=data, unit=case.unit, actor=who)


def issue_transfer(case: Case, *, receiver: Organisation, reason: str, who: User) -> Document:
    """The letter with which the hub hands a matter to another department: what, whose, against whom, and why."""
    consumer = Party.objects.filter(case=case).first()
    if consumer is not None:
        access_log.read(who, consumer, purpose="document", fields=["name", "phone"])
    respondent = getattr(case, "respondent", None)
    data = {
        **_about(case),
        "addressee": receiver.name,
        "reason": reason,
        "source": f"{case.source_system} {case.source_no}".strip(),
        "consumer": crypto.unseal(consumer, "name") if consumer else "",
        "consumer_phone": crypto.unseal(consumer, "phone") if consumer else "",
        "respondent": f"{respondent.name}，{respondent.address}" if respondent else "",
        "claims": _claims(case),
        "received_on": _hub_day(case),
        "attachments": case.evidence.count(),
        "contact_phone": case.hub.phone,
    }
    return documents.issue(TRANSFER, subject=case, data=data, unit=case.hub, actor=who)


def _about(case: Case) -> dict[str, Any]:
    return {"case_number": str(case), "matter": case.title}


def _decided(case: Case, who: User) -> dict[str, Any]:
    assert case.competent_received_at is not None
    assert case.unit is not None
    return {
        **_about(case),
        "addressee": _addressee(case, who),
        "respondent": case.respondent.name,
        "received_on": _day(clock.day_of(case.competent_received_at)),
        "contact": case.handler.display_name if case.handler else "",
        "contact_phone": case.unit.phone,
        "decided_on": _day(clock.today()),
    }


def _addressee(case: Case, who: User | None) -> str:
    party = Party.objects.get(case=case)
    if who is not None and who.is_staff:
        access_log.read(who, party, purpose="document", fields=["name"])
    return crypto.unseal(party, "name")


def _claims(case: Case) -> str:
    return "、".join(str(rules.CLAIMS[claim]) for claim in case.claims)


def _day(day: date) -> str:
    return _("{year} 年 {month} 月 {day} 日").format(year=day.year, month=day.month, day=day.day)


def _hub_day(case: Case) -> str:
    return _day(clock.day_of(case.hub_received_at or case.submitted_at))


def _minute(case: Case) -> str:
    moment = (case.hub_received_at or case.submitted_at).astimezone(clock.SHANGHAI)
    return f"{_day(moment.date())} {moment:%H:%M}"
