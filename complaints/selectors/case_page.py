"""Everything the desk's page of one case shows, and what its reader may do there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import BUREAU_ROLES
from complaints.models import Case, Party, Proposal
from complaints.selectors import signals, timeline
from complaints.selectors.desk_queue import Place, place_of
from complaints.selectors.routing import Suggestion, suggest_unit
from portal.kernel import access_log, calendars, clock, crypto, documents, files, money
from portal.kernel.access import Role
from portal.kernel.calendars import Due
from portal.kernel.models import Clock, Document, Upload, User
from publicity.selectors.badges import Badge, badge_of

TO_CLOSE = (Case.State.SETTLED, Case.State.TERMINATED, Case.State.REJECTED)
ENDED = (Case.State.CLOSED, Case.State.WITHDRAWN, Case.State.TRANSFERRED_OUT)


@dataclass(frozen=True)
class File:
    """One file of a case, by the name it came with."""

    upload: Upload
    name: str


@dataclass(frozen=True)
class Paper:
    """One issued paper."""

    document: Document
    title: str


@dataclass(frozen=True)
class Note:
    """Something that was added later, or that came with an order."""

    who: str
    at: object
    text: str


@dataclass(frozen=True)
class Look:
    """When the consumer's identity was last shown to somebody, to whom and what for."""

    at: datetime
    who: str
    purpose: str


@dataclass(frozen=True)
class CasePage:
    """The page of one case for one member of staff. `may` names what they can do now."""

    case: Case
    facts: str
    asked: str
    clocks: tuple[Clock, ...]
    mediation_due: Due | None
    files: tuple[File, ...]
    notes: tuple[Note, ...]
    papers: tuple[Paper, ...]
    badge: Badge | None
    recent_filings: int
    last_look: Look | None
    checks: tuple[signals.Check, ...]
    suggestion: Suggestion | None
    proposal: Proposal | None
    proposal_reason: str
    proposal_ground: str
    returned: Proposal | None
    story: timeline.Timeline
    place: Place | None
    may: frozenset[str]


def case_page(case: Case, who: User) -> CasePage:
    """The page of a case that `case_open_to` gave to *who*."""
    proposal = case.proposals.filter(state=Proposal.State.OPEN).select_related("proposed_by").first()
    is_undecided = case.state == Case.State.DISPATCHED
    consumer = getattr(case, "consumer", None)
    last_returned = case.proposals.filter(state=Proposal.State.RETURNED).order_by("-decided_at").first()
    return CasePage(
        case=case,
        facts=crypto.unseal(case, "facts_sealed"),
        asked=_asked(case),
        clocks=_clocks(case),
        mediation_due=_mediation_due() if is_undecided else None,
        files=tuple(File(upload, files.name_of(upload)) for upload in files.of(case)),
        notes=_notes(case),
        papers=tuple(Paper(paper, documents.title_of(paper)) for paper in documents.of(case)),
        badge=badge_of(case.shop) if case.shop else None,
        recent_filings=signals.recent_filings(case) if consumer else 0,
        last_look=_last_look(consumer) if consumer else None,
        checks=tuple(signals.checks(case)) if is_undecided and not proposal else (),
        suggestion=suggest_unit(case) if case.state in (Case.State.HUB_RECEIVED, Case.State.INCOMPLETE) else None,
        proposal=proposal,
        proposal_reason=crypto.unseal(proposal, "reason_sealed") if proposal else "",
        proposal_ground=_ground(proposal) if proposal else "",
        returned=last_returned if not proposal and case.state not in TO_CLOSE else None,
        story=timeline.timeline(who=who, case=case),
        place=place_of(case, who),
        may=_may(case, who, proposal),
    )


def _asked(case: Case) -> str:
    asked = "、".join(str(rules.CLAIMS[claim]) for claim in case.claims if claim in rules.CLAIMS)
    amount = _("{yuan} 元").format(yuan=money.yuan(case.claimed_fen))
    return f"{asked}，{amount}" if case.claimed_fen else asked


def _clocks(case: Case) -> tuple[Clock, ...]:
    newest = {row.code: row for row in calendars.clocks_of(case)}
    if case.state in (Case.State.INCOMPLETE, Case.State.HUB_RECEIVED):
        return tuple(newest[code] for code in (rules.COMPLETE, rules.DISPATCH) if code in newest)[-1:]
    shown = (rules.DECIDE, rules.MEDIATE, rules.TELL_TERMINATION)
    return tuple(newest[code] for code in shown if code in newest)


def _mediation_due() -> Due:
    rule = calendars.rule_on(rules.MEDIATE, clock.today())
    return calendars.due(rule.unit, rule.length, clock.today())


def _notes(case: Case) -> tuple[Note, ...]:
    rows = case.supplements.select_related("by").order_by("at", "pk")
    return tuple(Note(_writer(row.by), row.at, crypto.unseal(row, "text")) for row in rows)


def _last_look(consumer: Party) -> Look | None:
    record = access_log.shown(consumer).first()
    if record is None or record.actor is None:
        return None
    purpose = rules.PURPOSES.get(record.purpose, "") if record.actor.is_staff else _("看协议")
    return Look(record.at, _writer(record.actor), str(purpose))


def _writer(user: User | None) -> str:
    if user is None:
        return _("随工单来的")
    if user.is_staff:
        return user.display_name
    return _("消费者") if user.kind == User.Kind.CITIZEN else _("商家")


def _ground(proposal: Proposal) -> str:
    if proposal.kind == Proposal.Kind.REJECTION:
        ground = rules.rejection_ground(proposal.ground)
        return _("（{number}）{text}").format(number=ground.number, text=ground.text)
    choice = rules.termination(proposal.ground)
    return _("（{number}）{text}").format(number=choice.ground.number, text=choice.label)


def _may(case: Case, who: User, proposal: Proposal | None) -> frozenset[str]:
    at_hub = {role for role in (Role.INTAKE, Role.DISPATCHER) if case.hub_id in who.unit_ids(role)}
    at_bureau = {role for role in BUREAU_ROLES if case.unit_id in who.unit_ids(role)}
    is_handler = case.handler_id in (None, who.pk)
    is_officer = Role.OFFICER in at_bureau
    state = case.state
    may = {
        "dispatch": Role.DISPATCHER in at_hub and state == Case.State.HUB_RECEIVED,
        "transfer": Role.DISPATCHER in at_hub
        and state in (Case.State.INCOMPLETE, Case.State.HUB_RECEIVED, Case.State.DISPATCHED),
        "complete": bool(at_hub) and state == Case.State.INCOMPLETE,
        "claim": is_officer and case.handler_id is None and state in Case.OPEN_STATES,
        "decide": is_officer and is_handler and state == Case.State.DISPATCHED and proposal is None,
        "review": Role.REVIEWER in at_bureau
        and proposal is not None
        and who.pk not in (proposal.proposed_by_id, case.handler_id),
        "serve": bool(at_bureau & {Role.OFFICER, Role.MEDIATOR}) and _owes_telling(case),
        "close": is_officer and is_handler and state in TO_CLOSE,
        "lead": bool(at_bureau & {Role.OFFICER, Role.MEDIATOR}),
        "material": bool(at_hub or at_bureau) and state not in ENDED,
        "reveal": hasattr(case, "consumer"),
    }
    return frozenset(name for name, holds in may.items() if holds)


def _owes_telling(case: Case) -> bool:
    return calendars.open_clocks(case).filter(code=rules.TELL_TERMINATION).exists()
