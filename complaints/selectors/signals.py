"""What the machine noticed about a case. It only suggests: a person decides, and says why (个保法24)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.models import Case, Party
from portal.kernel import clock

LIMITATION_YEARS = 3
RECENT_DAYS = 90
OFTEN = 5


@dataclass(frozen=True)
class Check:
    """One thing that was compared, and whether it gives no reason to look closer."""

    is_fine: bool
    words: str


def checks(case: Case) -> list[Check]:
    """What an officer would compare by hand before deciding (办法10、13、16)."""
    return [_proof(case), _place(case), _repeat(case), _age(case), _frequency(case)]


def recent_filings(case: Case) -> int:
    """How many complaints came from this consumer's telephone in the last 90 days, this one included."""
    since = clock.now() - timedelta(days=RECENT_DAYS)
    return _of_the_same_phone(case).filter(case__submitted_at__gte=since).count()


def _of_the_same_phone(case: Case) -> "QuerySet[Party]":
    consumer = Party.objects.filter(case=case).first()
    return Party.objects.filter(phone_index=consumer.phone_index) if consumer else Party.objects.none()


def _proof(case: Case) -> Check:
    count = case.evidence.count()
    if count:
        return Check(is_fine=True, words=_("有 {count} 份凭证").format(count=count))
    return Check(is_fine=False, words=_("没有凭证，请问消费者有没有小票、订单或者付款记录"))


def _place(case: Case) -> Check:
    if case.shop is None:
        return Check(is_fine=False, words=_("还没有对上商家"))
    if case.unit is not None and case.unit.district and case.shop.district != case.unit.district:
        return Check(is_fine=False, words=_("商家登记的地址不在本区，请核对实际经营地"))
    if case.shop.state == case.shop.State.PROVISIONAL:
        return Check(is_fine=False, words=_("商家是消费者自己写的，还没有核实"))
    return Check(is_fine=True, words=_("商家明确，在本区经营"))


def _repeat(case: Case) -> Check:
    same = _of_the_same_phone(case).filter(case__shop=case.shop).exclude(case=case).count()
    if case.shop_id and same:
        words = _("这位消费者还投诉过这家商家 {count} 件，请核对是不是同一争议").format(count=same)
        return Check(is_fine=False, words=words)
    return Check(is_fine=True, words=_("没有处理过同一争议"))


def _age(case: Case) -> Check:
    day = case.purchased_on
    if day is None:
        return Check(is_fine=False, words=_("没有写消费的日期"))
    if _years_later(day, LIMITATION_YEARS) < clock.day_of(case.submitted_at):
        return Check(is_fine=False, words=_("消费日期距投诉超过三年，请核对何时知道权益受到侵害"))
    return Check(is_fine=True, words=_("没有超过三年"))


def _frequency(case: Case) -> Check:
    count = recent_filings(case)
    words = _("这个电话近 90 天投诉 {count} 件").format(count=max(1, count))
    return Check(is_fine=count < OFTEN, words=words)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
