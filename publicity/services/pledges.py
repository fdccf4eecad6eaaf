"""诚信经营承诺店: apply, check, approve by a second person, suspend, restore, delist."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from portal.kernel import clock, events, jobs, notices, numbers, regions
from portal.kernel.access import Role, Who, require, require_person
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User
from publicity.models import Pledge, Shop
from publicity.shop_rules import SCHEME, scheme

LIVE = (Pledge.State.SUBMITTED, Pledge.State.CHECKED, Pledge.State.ACTIVE, Pledge.State.SUSPENDED)
FEWEST_COMMITMENT_CHARS = 20
MOST_COMMITMENT_CHARS = 2000


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _months_later(day: date, months: int) -> date:
    serial = day.year * 12 + day.month - 1 + months
    return date(serial // 12, serial % 12 + 1, min(day.day, 28))


@transaction.atomic
def apply(*, shop_id: int, commitments: str, who: Who, code: str = SCHEME) -> Pledge:
    """A shop's verified contact applies with the promises that will be public.

    Refuses `already_pledged` while an application or badge lives, `wait_after_delisting` inside the waiting time,
    `trade` for a trade outside the scheme, `commitments` (field) when they are too short or too long.
    """
    person = require_person(who)
    shop = Shop.objects.select_for_update().get(pk=shop_id)
    if not shop.contacts.filter(user=person, ended_at=None).exists():
        raise not_found()
    terms = scheme()
    if shop.state != Shop.State.KNOWN:
        raise Refused("shop_unverified", _("商家还没有核实，先到所在区市场监督管理局核实。"))
    trades = {row.code for row in regions.city().trades}
    if not terms.all_trades and shop.trade not in trades:
        raise Refused("trade", _("诚信经营承诺店目前只面向零售、餐饮等行业，您的行业还不能申请。"))
    if shop.pledges.filter(scheme=code, state__in=LIVE).exists():
        raise Refused("already_pledged", _("这家店已经申请过，或者已经在名录里。"))
    gone = shop.pledges.filter(scheme=code, state=Pledge.State.DELISTED).order_by("-ended_on").first()
    if gone is not None and gone.ended_on is not None:
        again = _months_later(gone.ended_on, terms.reapply_months)
        if clock.today() < again:
            raise Refused("wait_after_delisting", _("摘牌以后要等到 {day} 才能再申请。").format(day=again.isoformat()))
    text = commitments.strip()
    if not FEWEST_COMMITMENT_CHARS <= len(text) <= MOST_COMMITMENT_CHARS:
        raise Refused("commitments", _("承诺内容写 20 到 2,000 个字，会公开给消费者看。"), field="commitments")
    pledge = Pledge.objects.create(shop=shop, scheme=code, commitments=text, applied_by=person, applied_at=clock.now())
    events.record("pledge.applied", pledge, actor=person, shop=shop.public_id)
    return pledge


def _locked(pledge_id: int, version: int) -> Pledge:
    pledge = Pledge.objects.select_for_update().select_related("shop").get(pk=pledge_id)
    check_version(pledge, version)
    return pledge


def _moved_on() -> Refused:
    return Refused("pledge_moved_on", _("这份承诺已经到了下一步，请刷新页面。"))


def _needs(reason: str) -> str:
    if not reason.strip():
        raise Refused("reason", _("请写明原因，商家和公众会看到。"), field="reason")
    return reason.strip()[:200]


def _done(pledge: Pledge, event: str, actor: User) -> Pledge:
    pledge.version += 1
    pledge.save()
    events.record(event, pledge, actor=actor)
    jobs.owe("index_shop", key=f"shop-{pledge.shop_id}", shop_id=pledge.shop_id)
    for contact in pledge.shop.contacts.filter(ended_at=None).select_related("user"):
        notices.tell(
            contact.user,
            event,
            subject=pledge,
            url_name="publicity:merchant_pledge",
            url_args=[],
            params={"serial": pledge.serial or pledge.public_id},
        )
    return pledge


@transaction.atomic
def check(*, pledge_id: int, who: Who, version: int) -> Pledge:
    """The scheme office's first person finds the application and the credit record in order."""
    pledge = _locked(pledge_id, version)
    officer = require(who, Role.SCHEME_OFFICER)
    if not can_proceed(pledge.check_off):
        raise _moved_on()
    pledge.check_off(by=officer.pk, at=clock.now())
    return _done(pledge, "pledge.checked", officer)


@transaction.atomic
def approve(*, pledge_id: int, who: Who, version: int) -> Pledge:
    """A second person of the scheme office approves: the plate gets its number and its term begins today.

    Refuses `maker_is_approver` to whoever checked it.
    """
    pledge = _locked(pledge_id, version)
    approver = require(who, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.approve):
        raise _moved_on()
    if approver.pk == pledge.checked_by_id:
        raise Refused("maker_is_approver", _("初核人和批准人不能是同一个人。"))
    today = clock.today()
    serial = numbers.next_number(f"plate:{pledge.scheme}:{today.year}")
    pledge.approve(
        by=approver.pk,
        at=clock.now(),
        serial=f"CX-{today.year}-{serial:04d}",
        valid_from=today,
        valid_until=_years_later(today, scheme().valid_years),
    )
    return _done(pledge, "pledge.approved", approver)


@transaction.atomic
def refuse(*, pledge_id: int, who: Who, version: int, reason: str) -> Pledge:
    """The scheme office does not approve; the shop reads why and may apply again."""
    pledge = _locked(pledge_id, version)
    officer = require(who, Role.SCHEME_OFFICER, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.refuse):
        raise _moved_on()
    pledge.refuse(reason=_needs(reason))
    return _done(pledge, "pledge.refused", officer)


@transaction.atomic
def suspend(*, pledge_id: int, who: Who, version: int, reason: str) -> Pledge:
    """The plate may not be shown for now; its page says so at once."""
    pledge = _locked(pledge_id, version)
    officer = require(who, Role.SCHEME_OFFICER, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.suspend):
        raise _moved_on()
    pledge.suspend(reason=_needs(reason))
    return _done(pledge, "pledge.suspended", officer)


@transaction.atomic
def restore(*, pledge_id: int, who: Who, version: int) -> Pledge:
    """The plate may be shown again."""
    pledge = _locked(pledge_id, version)
    approver = require(who, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.restore):
        raise _moved_on()
    pledge.restore()
    return _done(pledge, "pledge.restored", approver)


@transaction.atomic
def delist(*, pledge_id: int, who: Who, version: int, reason: str) -> Pledge:
    """The shop leaves the roll (摘牌), with date and reason in public; applying again takes the waiting time."""
    pledge = _locked(pledge_id, version)
    approver = require(who, Role.SCHEME_APPROVER)
    if not can_proceed(pledge.delist):
        raise _moved_on()
    pledge.delist(reason=_needs(reason), on=clock.today())
    return _done(pledge, "pledge.delisted", approver)
