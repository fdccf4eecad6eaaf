"""A complaint on its way to the public register: proposed, read twice by other people, published, expired."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from portal.kernel import calendars, clock, events, jobs, page_cache, pii
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, check_version
from portal.kernel.models import User
from publicity.disclosure_rules import (
    DISCLOSABLE_OUTCOMES,
    FEWEST_SUMMARY_CHARS,
    MOST_SUMMARY_CHARS,
    personal_data,
)
from publicity.models import CaseFact, Disclosure, Shop
from publicity.period_rules import PUBLISH, VISIBLE
from publicity.services import transparency


def _last_visible_day() -> date:
    today = clock.today()
    rule = calendars.rule_on(VISIBLE, today)
    return calendars.last_day(rule.unit, rule.length, today)


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
    rule = calendars.rule_on(PUBLISH, closed_on)
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
        due_on=calendars.due(rule.unit, rule.length, closed_on).date,
    )
    calendars.start(disclosure, PUBLISH, on=closed_on, unit=disclosure.unit)
    events.record("disclosure.proposed", disclosure)
    return disclosure


def _locked(disclosure_id: int, version: int) -> Disclosure:
    disclosure = _rows().get(pk=disclosure_id)
    check_version(disclosure, version)
    return disclosure


def _rows() -> QuerySet[Disclosure]:
    return Disclosure.objects.select_for_update(of=("self",)).select_related("shop", "unit", "fact")


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
    text = " ".join(summary.split())
    if not FEWEST_SUMMARY_CHARS <= len(text) <= MOST_SUMMARY_CHARS:
        raise Refused("summary_length", _("公示的话写 10 到 300 个字。"), field="summary")
    found = personal_data(text)
    if found:
        words = "、".join(found)
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

    Refuses `same_person` to the handler and to the first reviewer, `consent_withdrawn`, and `shop_unverified` while
    the shop is only what a consumer wrote: it may be a private person.
    """
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER)
    if not can_proceed(disclosure.publish):
        raise _moved_on()
    if reviewer.pk in (disclosure.handler_id, disclosure.first_by_id):
        raise _not_yours()
    if disclosure.shop.state != Shop.State.KNOWN:
        raise Refused("shop_unverified", _("这家店还没有核实，不能公示。先在商家登记里把它并入已核实的商家。"))
    if not may_be_disclosed(disclosure.fact):
        raise Refused("consent_withdrawn", _("消费者已经撤回同意，不能公示。请选择“不公示”。"))
    disclosure.publish(by=reviewer.pk, at=clock.now(), expires_on=_last_visible_day())
    leaf = transparency.append(disclosure, transparency.PUBLISHED)
    calendars.meet(disclosure, PUBLISH)
    events.record("disclosure.published", disclosure, actor=reviewer, leaf=leaf.leaf_hash)
    _finish(disclosure)
    _reindex(disclosure)
    return disclosure


@transaction.atomic
def withhold(*, disclosure_id: int, who: Who, version: int, reason: str) -> Disclosure:
    """Whoever has the review before them keeps this complaint out of the register; the fact stays counted.

    Refuses `same_person` to the handler and, at the second review, to the first reviewer.
    """
    disclosure = _locked(disclosure_id, version)
    if disclosure.state == Disclosure.State.FIRST_REVIEW:
        reviewer = require(who, Role.DISCLOSER, Role.REVIEWER, unit_id=disclosure.unit_id)
    else:
        reviewer = require(who, Role.DISCLOSER)
    if not can_proceed(disclosure.withhold):
        raise _moved_on()
    if reviewer.pk in (disclosure.handler_id, disclosure.first_by_id):
        raise _not_yours()
    _needs_reason(reason)
    disclosure.withhold(reason=reason.strip()[:200])
    _stop_clock(disclosure)
    events.record("disclosure.withheld", disclosure, actor=reviewer)
    _finish(disclosure)
    return disclosure


@transaction.atomic
def remove(*, disclosure_id: int, who: Who, version: int, reason: str) -> Disclosure:
    """A reviewer who did not handle it takes a published record down with a reason; the log says that it was."""
    disclosure = _locked(disclosure_id, version)
    reviewer = require(who, Role.DISCLOSER)
    if not can_proceed(disclosure.remove):
        raise _moved_on()
    if reviewer.pk == disclosure.handler_id:
        raise _not_yours()
    _needs_reason(reason)
    _take_down(disclosure, reason.strip()[:200], by=reviewer)
    return disclosure


@transaction.atomic
def withdraw_consent(*, fact_id: int) -> None:
    """The consumer no longer agrees to disclosure (个保法15): a public record is taken down, a pending one withheld.

    The salts of its leaves are destroyed, so that nobody can try a text against the log. Agreeing again later does not
    bring the record back.
    """
    fact = CaseFact.objects.select_for_update().get(pk=fact_id)
    fact.agrees_to_disclosure = False
    fact.save(update_fields=["agrees_to_disclosure"])
    disclosure = _rows().filter(fact=fact).first()
    if disclosure is None:
        return
    reason = _("消费者撤回同意")
    if can_proceed(disclosure.remove):
        _take_down(disclosure, reason, by=None)
    elif can_proceed(disclosure.withhold):
        disclosure.withhold(reason=reason)
        _stop_clock(disclosure)
        events.record("disclosure.withheld", disclosure)
        _finish(disclosure)
    transparency.erase(disclosure)


@transaction.atomic
def move_to_shop(*, disclosure_ids: Iterable[int], shop: Shop) -> None:
    """Two shops turned out to be one: their records name *shop* from now on, and the log says so for public ones."""
    for disclosure in _rows().filter(pk__in=list(disclosure_ids)).order_by("pk"):
        disclosure.shop = shop
        events.record("disclosure.moved", disclosure, shop=shop.public_id)
        _finish(disclosure)
        if disclosure.state == Disclosure.State.PUBLISHED:
            transparency.append(disclosure, transparency.MOVED)
            _reindex(disclosure)


def expire_due(*, limit: int = 500) -> int:
    """Take records off the register whose year is over; answers how many, at most *limit* a call."""
    ids = Disclosure.objects.filter(state=Disclosure.State.PUBLISHED, expires_on__lt=clock.today())
    expired = 0
    for pk in list(ids.order_by("pk").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            disclosure = _rows().get(pk=pk)
            if not can_proceed(disclosure.expire):
                continue
            disclosure.expire()
            transparency.append(disclosure, transparency.EXPIRED)
            events.record("disclosure.expired", disclosure)
            _finish(disclosure)
            _reindex(disclosure)
            expired += 1
    return expired


def _take_down(disclosure: Disclosure, reason: str, *, by: User | None) -> None:
    disclosure.remove(reason=reason)
    transparency.append(disclosure, transparency.REMOVED)
    events.record("disclosure.removed", disclosure, actor=by)
    _finish(disclosure)
    _reindex(disclosure)


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason", _("请写明理由。"), field="reason")


def _stop_clock(disclosure: Disclosure) -> None:
    calendars.stop(disclosure, PUBLISH)


def _reindex(disclosure: Disclosure) -> None:
    """Owe the index a fresh look; what leaves the register does not wait behind what enters it."""
    is_public = disclosure.state == Disclosure.State.PUBLISHED
    priority = jobs.Priority.NORMAL if is_public else jobs.Priority.CLOCK
    jobs.owe("index_disclosure", priority=priority, about=disclosure, disclosure_id=disclosure.pk)
    page_cache.changed()
