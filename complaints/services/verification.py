"""Verify a report or lead and decide whether to file it: two officers, and a reviewer who is neither."""

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import report_units
from complaints.models import LeadLink, Report
from complaints.services.holding import needs_words
from portal.kernel import calendars, clock, crypto, events
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User
from publicity.services import facts

LONGEST_REASON = 2000


@transaction.atomic
def take(*, report_id: int, who: Who, version: int) -> Report:
    """An enforcement officer takes a report on and verifies it; a second taker is refused (`claimed_by_another`)."""
    report, officer = _held(report_id, who, version, Role.ENFORCER)
    if report.handler_id == officer.pk:
        return report
    if report.handler_id is not None:
        raise Refused("claimed_by_another", _("这件举报已经有人认领了。"))
    report.handler = officer
    _put_back(report)
    events.record("report.taken", report, actor=officer)
    return report


@transaction.atomic
def propose_filing(
    *, report_id: int, conditions: list[str], second_officer_id: int | None, reason: str, who: Who, version: int
) -> Report:
    """The handler proposes to file (立案): all four conditions of 处罚程序19 hold and a second officer is named.

    Refused: `conditions_missing` (field conditions), `second_officer` (field second_officer), `reason_missing`.
    """
    report, officer = _own(report_id, who, version)
    if set(conditions) != set(rules.FILING_CONDITIONS):
        raise Refused("conditions_missing", _("立案须同时符合四项条件，请逐项核对。"), field="conditions")
    second = _enforcer_of(report, second_officer_id)
    if second is None or second.pk == officer.pk:
        raise Refused("second_officer", _("办案人员不得少于两人，请另选一名执法员。"), field="second_officer")
    report.conditions = sorted(conditions)
    report.second_officer = second
    report.ground = ""
    return _propose(report, Report.Proposed.FILE, reason, officer)


@transaction.atomic
def propose_not_filing(*, report_id: int, ground: str, reason: str, who: Who, version: int) -> Report:
    """The handler proposes not to file, on one ground of 处罚程序20; `unknown_ground` (field ground) for any other."""
    report, officer = _own(report_id, who, version)
    if ground not in rules.NOT_FILING_GROUNDS:
        raise Refused("unknown_ground", _("请选不予立案的情形。"), field="ground")
    report.ground = ground
    report.conditions = []
    report.second_officer = None
    return _propose(report, Report.Proposed.DECLINE, reason, officer)


@transaction.atomic
def propose_hand_back(*, report_id: int, reason: str, who: Who, version: int) -> Report:
    """The handler proposes to tell the reporter that this bureau has no power (办法34); *reason* names who has."""
    report, officer = _own(report_id, who, version)
    if report.kind != Report.Kind.REPORT:
        raise Refused("not_a_report", _("本局自己发现的线索没有举报人可以告知。"))
    report.ground = ""
    return _propose(report, Report.Proposed.HAND_BACK, reason, officer)


@transaction.atomic
def propose_extension(*, report_id: int, reason: str, who: Who, version: int) -> Report:
    """The handler asks for 15 more working days of verification, once."""
    report, officer = _own(report_id, who, version)
    return _propose(report, Report.Proposed.EXTEND, reason, officer)


@transaction.atomic
def approve(*, report_id: int, who: Who, version: int) -> Report:
    """A reviewer who is neither handler nor second officer decides as proposed; the clock is met or extended.

    Refused: `same_person`, `nothing_proposed`.
    """
    report, reviewer = _held(report_id, who, version, Role.ENFORCEMENT_REVIEWER)
    _review(report, reviewer)
    match report.proposed:
        case Report.Proposed.EXTEND:
            _extend(report, reviewer)
        case Report.Proposed.FILE:
            report.file(at=clock.now(), approved_by=reviewer.pk)
            _decided(report, reviewer, "report.filed", became_enforcement=True)
        case Report.Proposed.DECLINE:
            report.decline(at=clock.now(), approved_by=reviewer.pk)
            _decided(report, reviewer, "report.not_filed", became_enforcement=False)
        case _:
            report.hand_back(at=clock.now(), approved_by=reviewer.pk)
            _decided(report, reviewer, "report.handed_back", became_enforcement=False)
    report.proposed = ""
    report.proposed_by = None
    _put_back(report)
    return report


@transaction.atomic
def send_back(*, report_id: int, reason: str, who: Who, version: int) -> Report:
    """The reviewer returns the proposal with a reason; the handler goes on verifying."""
    report, reviewer = _held(report_id, who, version, Role.ENFORCEMENT_REVIEWER)
    _review(report, reviewer)
    report.reason = crypto.Plain(needs_words(reason, most=LONGEST_REASON))
    report.proposed = ""
    report.proposed_by = None
    report.second_officer = None
    _put_back(report)
    events.record("report.sent_back", report, actor=reviewer)
    return report


def _held(report_id: int, who: Who, version: int, role: Role) -> tuple[Report, User]:
    report = Report.objects.select_for_update().filter(pk=report_id, unit_id__in=report_units(who)).first()
    if report is None:
        raise not_found()
    person = require(who, role, unit_id=report.unit_id)
    check_version(report, version)
    if report.state != Report.State.VERIFYING:
        raise Refused("report_decided", _("这件举报已经作出决定，请刷新页面。"))
    return report, person


def _own(report_id: int, who: Who, version: int) -> tuple[Report, User]:
    report, officer = _held(report_id, who, version, Role.ENFORCER)
    if report.handler_id != officer.pk:
        raise Refused("not_the_handler", _("请先认领，再提出处理意见。"))
    if report.proposed:
        raise Refused("proposal_open", _("已有一份意见正等审核，请等审核完再办。"))
    return report, officer


def _enforcer_of(report: Report, user_id: int | None) -> User | None:
    if user_id is None:
        return None
    return User.objects.filter(
        pk=user_id, is_active=True, memberships__organisation=report.unit, memberships__role=Role.ENFORCER
    ).first()


def _propose(report: Report, kind: Report.Proposed, reason: str, officer: User) -> Report:
    report.reason = crypto.Plain(needs_words(reason, most=LONGEST_REASON))
    report.proposed = kind
    report.proposed_by = officer
    _put_back(report)
    events.record("report.proposed", report, actor=officer, kind=kind.value, ground=report.ground)
    return report


def _review(report: Report, reviewer: User) -> None:
    if not report.proposed:
        raise Refused("nothing_proposed", _("没有等待审核的意见，请刷新页面。"))
    if reviewer.pk in (report.handler_id, report.proposed_by_id, report.second_officer_id):
        raise Refused("same_person", _("办案人员不能审核自己办理的举报。"), status=403)


def _clock_of(report: Report) -> str:
    return rules.VERIFY_REPORT if report.kind == Report.Kind.REPORT else rules.VERIFY_LEAD


def _extend(report: Report, reviewer: User) -> None:
    assert report.proposed_by is not None
    code = _clock_of(report)
    running = calendars.open_clocks(report).get(code=code)
    extended = calendars.extend(
        report,
        code,
        days=calendars.longest_extension(running),
        requested_by=report.proposed_by,
        approved_by=reviewer,
        reason=crypto.unseal(report, "reason"),
    )
    if report.fact_id:
        facts.advance(fact_id=report.fact_id, decision_due_on=extended.due_on)
    events.record("report.extended", report, actor=reviewer, due_on=extended.due_on.isoformat())


def _decided(report: Report, reviewer: User, name: str, *, became_enforcement: bool) -> None:
    calendars.meet(report, _clock_of(report))
    if report.fact_id:
        facts.advance(
            fact_id=report.fact_id,
            decided_on=clock.today(),
            was_accepted=became_enforcement,
            became_enforcement=became_enforcement,
        )
    link = LeadLink.objects.filter(report=report).select_related("case").first()
    if became_enforcement and link is not None and link.case.fact_id:
        facts.advance(fact_id=link.case.fact_id, became_enforcement=True)
    events.record(name, report, actor=reviewer, ground=report.ground)


def _put_back(report: Report) -> None:
    report.version += 1
    report.save()
