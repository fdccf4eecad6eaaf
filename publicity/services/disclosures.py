"""A complaint on its way to the public register: proposed, read twice by other people, published, expired."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from portal.kernel import calendars, clock, events, jobs, pii
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, check_version
from publicity.disclosure_rules import DISCLOSABLE_OUTCOMES, VISIBLE_DAYS
from publicity.models import CaseFact, Disclosure
from publicity.services import transparency


def may_be_disclosed(fact: CaseFact) -> bool:
    """Whether the law and the consumer let this fact become a public record."""
    return (
        fact.kind == CaseFact.Kind.COMPLAINT
        and fact.agrees_to_disclosure
        and fact.closed_on is not None
        and fact.outcome in DISCLOSABLE_OUTCOMES
        and fact.shop_id is not None
    )


@transaction.atomic
def propose(
    *,
    fact_id: int,
    shop_id: int,
    unit_id: int,
    handler_id: int,
    proposed_summary: str,
    outcome: str,
    closed_on: date,
) -> Disclosure | None:
    """Put a closed complaint before its first reviewer; None when it may not be disclosed.

    Starts D41 (working days from closing). Proposing the same fact again answers the first proposal.
    """
    fact = CaseFact.objects.select_for_update().get(pk=fact_id)
    existing = Disclosure.objects.filter(fact=fact).first()
    if existing is not None or not may_be_disclosed(fact):
        return existing
    due = calendars.due("WD", 7, closed_on)
    disclosure = Disclosure.objects.create(
        fact=fact,
        shop_id=shop_id,
        unit_id=unit_id,
        handler_id=handler_id,
        proposed_summary=pii.mask(proposed_summary),
        outcome=outcome,
        district=fact.district,
        problem=fact.problem,
        object_class=fact.object_class,
        sale_mode=fact.sale_mode,
        closed_on=closed_on,
        due_on=due.date,
    )
    calendars.start(disclosure, "D41", on=closed_on, unit=disclosure.unit)
    events.record("disclosure.proposed", disclosure)
    return disclosure


def _locked(disclosure_id: int, version: int) -> Disclosure:
    disclosure = Disclosure.objects.select_for_update().select_related("shop", "unit").get(pk=disclosure_id)
    check_version(disclosure, version)
    return disclosure


def _moved_on() -> Refused:
    return Refused("disclosure_moved_on", _("这条公示已经到了下一步，请刷新页面。"))


def _not_yours() -> Refused:
    return Refused("same_person", _("承办人、初审人和复审人必须是三个不同的人。"))


def _finish(disclosure: Disclosure) -> None:
    disclosure.version += 1
    disclosure.save()


@transaction.atomic
def pass_first(*, disclosure_id: int, who: Who, version: int, summary: str) -> Disclosure:
    """The handling bureau's first reviewer approves the text, as proposed or as edited.

    Refuses `personal_data` (field summary) while `pii` still finds personal data in it, `same_person` to the handler.
    """
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER, Role.REVIEWER, unit_id=disclosure.unit_id)
    if not can_proceed(disclosure.pass_first):
        raise _moved_on()
    if reviewer.pk == disclosure.handler_id:
        raise _not_yours()
    text = summary.strip()
    if not 10 <= len(text) <= 300:
        raise Refused("summary_length", _("公示的话写 10 到 300 个字。"), field="summary")
    found = [span for span in pii.find(text) if span.kind != "name"]
    if found:
        words = "、".join(text[span.start : span.end] for span in found)
        raise Refused("personal_data", _("还有个人信息没有去掉：{words}").format(words=words), field="summary")
    disclosure.pass_first(by=reviewer.pk, at=clock.now(), summary=text)
    events.record("disclosure.reviewed", disclosure, actor=reviewer)
    _finish(disclosure)
    return disclosure


@transaction.atomic
def send_back(*, disclosure_id: int, who: Who, version: int, reason: str) -> Disclosure:
    """The second reviewer returns the text to the first review with a reason."""
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER)
    if not can_proceed(disclosure.send_back):
        raise _moved_on()
    if reviewer.pk in (disclosure.handler_id, disclosure.first_by_id):
        raise _not_yours()
    _needs_reason(reason)
    disclosure.send_back(reason=reason.strip()[:200])
    events.record("disclosure.sent_back", disclosure, actor=reviewer)
    _finish(disclosure)
    return disclosure


@transaction.atomic
def publish(*, disclosure_id: int, who: Who, version: int) -> Disclosure:
    """The second reviewer publishes: a place in the transparency log, the public index by a job, gone after a year.

    Refuses `same_person` to the handler and to the first reviewer.
    """
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER)
    if not can_proceed(disclosure.publish):
        raise _moved_on()
    if reviewer.pk in (disclosure.handler_id, disclosure.first_by_id):
        raise _not_yours()
    if not may_be_disclosed(disclosure.fact):
        raise Refused("consent_withdrawn", _("消费者已经撤回同意，不能公示。请选择“不公示”。"))
    disclosure.publish(by=reviewer.pk, at=clock.now(), expires_on=clock.today() + timedelta(days=VISIBLE_DAYS))
    leaf = transparency.append(disclosure, "published")
    calendars.meet(disclosure, "D41", on=clock.today())
    events.record("disclosure.published", disclosure, actor=reviewer, leaf=leaf.leaf_hash)
    _finish(disclosure)
    _reindex(disclosure)
    return disclosure


@transaction.atomic
def withhold(*, disclosure_id: int, who: Who, version: int, reason: str) -> Disclosure:
    """A reviewer who is not the handler decides that this complaint stays out of the register; the fact stays counted."""
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER, Role.REVIEWER)
    if not can_proceed(disclosure.withhold):
        raise _moved_on()
    if reviewer.pk == disclosure.handler_id:
        raise _not_yours()
    _needs_reason(reason)
    disclosure.withhold(reason=reason.strip()[:200])
    _stop_clock(disclosure)
    events.record("disclosure.withheld", disclosure, actor=reviewer)
    _finish(disclosure)
    return disclosure


@transaction.atomic
def remove(*, disclosure_id: int, who: Who, version: int, reason: str) -> Disclosure:
    """A reviewer takes a published record down with a reason; the log says that it was taken down."""
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER)
    if not can_proceed(disclosure.remove):
        raise _moved_on()
    _needs_reason(reason)
    disclosure.remove(reason=reason.strip()[:200])
    transparency.append(disclosure, "removed")
    events.record("disclosure.removed", disclosure, actor=reviewer)
    _finish(disclosure)
    _reindex(disclosure)
    return disclosure


@transaction.atomic
def withdraw_consent(*, fact_id: int) -> None:
    """The consumer no longer agrees to disclosure (个保法15): a public record is taken down, a pending one withheld."""
    fact = CaseFact.objects.select_for_update().get(pk=fact_id)
    fact.agrees_to_disclosure = False
    fact.save(update_fields=["agrees_to_disclosure"])
    disclosure = Disclosure.objects.select_for_update().select_related("shop", "unit").filter(fact=fact).first()
    if disclosure is None:
        return
    reason = _("消费者撤回同意")
    if can_proceed(disclosure.remove):
        disclosure.remove(reason=reason)
        transparency.append(disclosure, "removed")
        events.record("disclosure.removed", disclosure)
    elif can_proceed(disclosure.withhold):
        disclosure.withhold(reason=reason)
        _stop_clock(disclosure)
        events.record("disclosure.withheld", disclosure)
    else:
        return
    _finish(disclosure)
    _reindex(disclosure)


def expire_due(*, limit: int = 500) -> int:
    """Take records off the register whose year is over; answers how many, at most *limit* a call."""
    ids = Disclosure.objects.filter(state=Disclosure.State.PUBLISHED, expires_on__lt=clock.today())
    expired = 0
    for pk in list(ids.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            disclosure = Disclosure.objects.select_for_update().select_related("shop", "unit").get(pk=pk)
            if not can_proceed(disclosure.expire):
                continue
            disclosure.expire()
            transparency.append(disclosure, "expired")
            events.record("disclosure.expired", disclosure)
            _finish(disclosure)
            _reindex(disclosure)
            expired += 1
    return expired


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason", _("请写明理由。"), field="reason")


def _stop_clock(disclosure: Disclosure) -> None:
    calendars.stop(disclosure, "D41", on=clock.today(), ended_as="void")


def _reindex(disclosure: Disclosure) -> None:
    jobs.owe("index_disclosure", priority=jobs.Priority.NORMAL, disclosure_id=disclosure.pk)
