"""A shop's pledge under a scheme: applied for, checked, approved by a second person, suspended, restored, delisted."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from portal.kernel import clock, events, jobs, notices, numbers, pii, regions
from portal.kernel.access import Role, Who, require, require_person
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User
from publicity import access, rules
from publicity.models import Pledge, Shop
from publicity.selectors.pledges import may_apply_again_on, scheme_of
from publicity.selectors.shops import contacts_of
from publicity.services.shops import reindex

BUSINESS_DATA = frozenset({pii.Kind.PHONE, pii.Kind.LANDLINE, pii.Kind.ADDRESS})


@transaction.atomic
def apply(*, shop_id: int, scheme: str, commitments: str, who: Who, trade: str = "") -> Pledge:
    """A verified contact asks for a place on the roll with promises of the shop's own, one a line.

    `trade` is needed when the shop's trade is not yet known. Refused: `not_found` to anybody who does not speak for the
    shop, `scheme`, `trade`, `commitments`, `personal_data` (each on its field), `shop_not_verified`, `already_applied`
    while a pledge of this scheme is open or valid, `must_wait` (with `until`) after delisting.
    """
    person = require_person(who)
    shop = Shop.objects.select_for_update().filter(pk=shop_id).first()
    if shop is None or not Shop.objects.filter(access.spoken_for_by(person), pk=shop.pk).exists():
        raise not_found()
    open_one = regions.city().open_scheme
    if scheme != open_one.code:
        raise Refused("scheme", _("现在只能申请{scheme}。").format(scheme=open_one.label), field="scheme")
    if shop.state != Shop.State.KNOWN:
        raise Refused("shop_not_verified", _("这家店还没有核实，不能申请。"), field="shop")
    commitments = _checked_commitments(commitments)
    _end_if_over(shop, scheme)
    until = may_apply_again_on(shop, scheme)
    if until is not None:
        sentence = _("摘牌以后要等一段时间才能再申请，您店最早 {until} 可以申请。").format(until=until)
        raise Refused("must_wait", sentence, until=str(until))
    _take_trade(shop, scheme, trade)
    pledge = Pledge(shop=shop, scheme=scheme, commitments=commitments, applied_by=person, applied_at=clock.now())
    try:
        with transaction.atomic():
            pledge.save(force_insert=True)
    except IntegrityError:
        raise Refused("already_applied", _("这家店已经有一份申请或者有效的牌子。")) from None
    events.record("pledge.applied", pledge, actor=person, shop=shop.public_id, scheme=scheme)
    _tell(pledge, "pledge.received")
    return pledge


def _checked_commitments(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    tidied = "\n".join(lines)
    if not rules.FEWEST_COMMITMENT_CHARS <= len(tidied) <= rules.MOST_COMMITMENT_CHARS:
        sentence = _("承诺写 {fewest} 到 {most} 个字，一行一条。").format(
            fewest=rules.FEWEST_COMMITMENT_CHARS, most=rules.MOST_COMMITMENT_CHARS
        )
        raise Refused("commitments", sentence, field="commitments")
    _refuse_personal_data(tidied, field="commitments")
    return tidied


def _refuse_personal_data(text: str, *, field: str) -> None:
    if any(span.is_sure and span.kind not in BUSINESS_DATA for span in pii.find(text)):
        raise Refused("personal_data", _("这段话会公开，请去掉里面的个人信息。"), field=field)


def _take_trade(shop: Shop, scheme: str, trade: str) -> None:
    trades = {row.code for row in regions.city().trades}
    wanted = shop.trade or trade
    its = scheme_of(scheme)
    if not its.all_trades and wanted not in trades:
        sentence = _("请选择行业。{scheme}只在列出的行业里评。").format(scheme=its.label)
        raise Refused("trade", sentence, field="trade")
    if wanted != shop.trade:
        shop.trade = wanted
        shop.save(update_fields=["trade"])
        events.record("shop.trade_set", shop, trade=wanted)


def _end_if_over(shop: Shop, scheme: str) -> None:
    over = Pledge.objects.filter(shop=shop, scheme=scheme, valid_until__lt=clock.today())
    for pledge in over.select_for_update().exclude(state__in=(Pledge.State.DELISTED, Pledge.State.EXPIRED)):
        _expire(pledge)


def _locked(pledge_id: int, version: int | None = None) -> Pledge:
    Shop.objects.select_for_update().filter(pledges=pledge_id).first()
    pledge = Pledge.objects.select_for_update().select_related("shop").get(pk=pledge_id)
    if version is not None:
        check_version(pledge, version)
    return pledge


def _moved_on() -> Refused:
    return Refused("pledge_moved_on", _("这份承诺已经到了下一步，请刷新页面。"))


def _needs_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("reason", _("请写明原因，会给商家看，摘牌和暂停的原因还会公开。"), field="reason")
    if len(reason) > rules.MOST_REASON_CHARS:
        raise Refused("reason", _("原因最多写 {most} 个字。").format(most=rules.MOST_REASON_CHARS), field="reason")
    _refuse_personal_data(reason, field="reason")
    return reason


def _finish(pledge: Pledge, event: str, who: User | None, *, notice: bool = True, **codes: Any) -> Pledge:
    pledge.version += 1
    pledge.save()
    events.record(event, pledge, actor=who, **codes)
    if notice:
        _tell(pledge, event)
    if pledge.serial:
        reindex([pledge.shop_id])
    return pledge


def _tell(pledge: Pledge, name: str) -> None:
    params = {"serial": pledge.serial, "valid_until": pledge.valid_until} if pledge.serial else {}
    for person in contacts_of(pledge.shop):
        notices.tell(person, name, subject=pledge, url_name="publicity:merchant_pledge", params=params)


@transaction.atomic
def check(*, pledge_id: int, who: Who, version: int) -> Pledge:
    """The first person of the scheme office finds the application in order. Refused: `stale`, `pledge_moved_on`."""
    pledge = _locked(pledge_id, version)
    officer = require(who, Role.SCHEME_OFFICER)
    if not can_proceed(pledge.check_off):
        raise _moved_on()
    pledge.check_off(by=officer.pk, at=clock.now())
    return _finish(pledge, "pledge.checked", officer, notice=False)


@transaction.atomic
def approve(*, pledge_id: int, who: Who, version: int) -> Pledge:
    """A second person puts the shop on the roll: a gap-free plate number, valid from today, told to the shop.

    Refused: `stale`, `pledge_moved_on`, `same_person` to whoever checked it.
    """
    pledge = _locked(pledge_id, version)
    approver = require(who, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.approve):
        raise _moved_on()
    if approver.pk == pledge.checked_by_id:
        raise Refused("same_person", _("初核和批准必须是两个不同的人。"), status=403)
    today = clock.today()
    scheme = scheme_of(pledge.scheme)
    letters = scheme.plate_letters
    number = numbers.next_number(f"plate.{letters}.{today:%Y}")
    valid_until = rules.years_after(today, scheme.valid_years)
    pledge.approve(
        by=approver.pk,
        at=clock.now(),
        serial=regions.city().numbers.plate.format(scheme=letters, day=today, number=number),
        valid_from=today,
        valid_until=valid_until,
    )
    day_after = datetime.combine(valid_until + timedelta(days=1), time.min, clock.SHANGHAI)
    jobs.owe("publicity.expire_pledge", due_at=day_after, about=pledge, pledge_id=pledge.pk)
    return _finish(pledge, "pledge.approved", approver, serial=pledge.serial, valid_until=valid_until.isoformat())


@transaction.atomic
def refuse(*, pledge_id: int, who: Who, version: int, reason: str) -> Pledge:
    """The office declines an application with a reason that the shop reads; it may mend it and apply again at once."""
    pledge = _locked(pledge_id, version)
    officer = require(who, *access.SCHEME_ROLES)
    if not can_proceed(pledge.refuse):
        raise _moved_on()
    pledge.refuse(reason=_needs_reason(reason))
    return _finish(pledge, "pledge.refused", officer)


@transaction.atomic
def suspend(*, pledge_id: int, who: Who, version: int, reason: str) -> Pledge:
    """The plate may not be used until restored; the public page says so at once, with the reason."""
    pledge = _locked(pledge_id, version)
    officer = require(who, *access.SCHEME_ROLES)
    if not can_proceed(pledge.suspend):
        raise _moved_on()
    pledge.suspend(reason=_needs_reason(reason), on=clock.today())
    return _finish(pledge, "pledge.suspended", officer, serial=pledge.serial)


@transaction.atomic
def restore(*, pledge_id: int, who: Who, version: int, reason: str = "") -> Pledge:
    """The approver gives a suspended plate back for the rest of its term. Refused: `pledge_over` once that is over."""
    pledge = _locked(pledge_id, version)
    approver = require(who, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.restore):
        raise _moved_on()
    if pledge.valid_until is not None and pledge.valid_until < clock.today():
        raise Refused("pledge_over", _("牌子的有效期已经过了，只能重新申请。"))
    pledge.restore(on=clock.today())
    return _finish(pledge, "pledge.restored", approver, serial=pledge.serial)


@transaction.atomic
def delist(*, pledge_id: int, who: Who, version: int, reason: str, was_fraud: bool = False) -> Pledge:
    """The approver takes the shop off the roll, in public, with the reason; applying again waits, longer for fraud."""
    pledge = _locked(pledge_id, version)
    approver = require(who, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.delist):
        raise _moved_on()
    pledge.delist(reason=_needs_reason(reason), on=clock.today(), was_fraud=was_fraud)
    return _finish(pledge, "pledge.delisted", approver, serial=pledge.serial, was_fraud=was_fraud)


@transaction.atomic
def expire(*, pledge_id: int) -> Pledge:
    """End a pledge whose term is over; one that is not, or has ended otherwise, stays as it is."""
    pledge = _locked(pledge_id)
    if can_proceed(pledge.expire) and pledge.valid_until is not None and pledge.valid_until < clock.today():
        _expire(pledge)
    return pledge


def _expire(pledge: Pledge) -> None:
    assert pledge.valid_until is not None
    pledge.expire(on=pledge.valid_until + timedelta(days=1))
    _finish(pledge, "pledge.expired", None, serial=pledge.serial)
