"""What every template may use: money, dates in Chinese prose, words behind codes, the clock chip."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel import access_log, calendars, clock, jobs, money, notices
from portal.kernel.access import Role
from portal.kernel.models import Clock, User

register = template.Library()
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


@register.filter
def yuan(fen: int | None) -> str:
    """1,299.00; nothing for an absent amount."""
    return "" if fen is None else money.yuan(fen)


@register.filter
def daxie(fen: int | None) -> str:
    """壹仟贰佰玖拾玖元整."""
    return "" if fen is None else money.daxie(fen)


@register.filter
def number(value: int | None) -> str:
    """1,284."""
    return "" if value is None else f"{value:,}"


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return clock.day_of(value)
    if isinstance(value, str) and value:
        return date.fromisoformat(value[:10])
    return value if isinstance(value, date) else None


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def zhdate(value: Any) -> str:
    """11 月 26 日（星期四）."""
    day = _day(value)
    if day is None:
        return ""
    if _is_english():
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day.month} 月 {day.day} 日（星期{WEEKDAYS[day.weekday()]}）"


@register.filter
def zhday(value: Any) -> str:
    """2026 年 11 月 2 日."""
    day = _day(value)
    if day is None:
        return ""
    return f"{day.day} {day:%B} {day.year}" if _is_english() else f"{day.year} 年 {day.month} 月 {day.day} 日"


@register.filter
def zhmonth(value: Any) -> str:
    """2026 年 11 月."""
    day = _day(value)
    if day is None:
        return ""
    return f"{day:%B} {day.year}" if _is_english() else f"{day.year} 年 {day.month} 月"


@register.filter
def shortday(value: Any) -> str:
    """11 月 2 日."""
    day = _day(value)
    if day is None:
        return ""
    return f"{day.day} {day:%b}" if _is_english() else f"{day.month} 月 {day.day} 日"


isoday = shortday
register.filter("isoday", shortday)


@register.filter
def zhtime(value: datetime | None) -> str:
    """11 月 9 日 20:14."""
    if value is None:
        return ""
    local = value.astimezone(clock.SHANGHAI)
    return f"{shortday(local)} {local:%H:%M}"


@register.filter
def get(words: Mapping[str, Any] | None, key: str) -> Any:
    """The word behind a code; the code itself where there is none."""
    return (words or {}).get(key, key)


@register.filter
def plus(value: int, other: int) -> int:
    return value + other


@register.filter
def minus(value: float, other: float) -> float:
    return round(value - other, 1)


@register.filter
def unlocalized(value: float | None) -> str:
    """A number as SVG wants it, whatever the reader's language."""
    return "" if value is None else f"{value:g}"


@register.filter
def short_district(name: str) -> str:
    """和平区 → 和平; 滨海新区 → 滨海; Binhai New Area → Binhai."""
    return name.removesuffix("新区").removesuffix("区").removesuffix(" New Area").removesuffix(" District") or name


@register.simple_tag
def progress(row: Clock) -> calendars.Progress:
    """How far a clock has run today, in words and per cent."""
    return calendars.progress(row, clock.today())


@register.simple_tag
def clock_title(row: Clock) -> str:
    """The name of the period."""
    return str(calendars.title_of(row.code))


@register.filter
def period_sentence(rule: calendars.Rule) -> str:
    """A period in one sentence."""
    return calendars.words.sentence_of(rule)


@register.filter
def period_length(rule: calendars.Rule) -> str:
    """The length of a period: 7 个工作日."""
    return calendars.words.length_of(rule)


@register.filter
def period_cites(rule: calendars.Rule) -> str:
    """Where a period is written."""
    return calendars.words.cites_of(rule)


@register.filter
def days_of(unit: str, count: int) -> str:
    """So many of a unit: 7 个工作日."""
    return calendars.words.days_of(unit, count)


@register.filter
def cite(printed: str) -> str:
    """The article that a clock keeps, in the reader's language."""
    return calendars.laws.in_words(printed)


@register.simple_tag
def period(code: str) -> str:
    """How long the period *code* is today: 7 个工作日."""
    return calendars.book.length_of(code)


@register.simple_tag
def period_cite(code: str) -> str:
    """Where the period *code* is written, as far as papers cite it."""
    return calendars.laws.in_words(calendars.book.entry(code).held.article)


@register.simple_tag
def period_extension(code: str) -> str:
    """By how much the period *code* may be made longer, in a sentence; empty when it may not."""
    return calendars.words.extension_of(calendars.book.entry(code).held)


@register.filter
def big_number(words: str) -> SafeString:
    """剩 3 天 with its number marked, so that it can stand out."""
    return mark_safe(re.sub(r"\s*(\d+)\s*", r"<b>\1</b>", conditional_escape(words), count=1))


@register.filter
def lane(place: int) -> str:
    """Which way the river bends after the step at *place* (from 0)."""
    return "left" if place % 2 else "right"


@register.filter
def yes_no(value: bool) -> str:
    return _("是") if value else _("否")


@register.simple_tag(takes_context=True)
def unread(context: dict[str, Any]) -> int:
    """How many messages the reader has not opened."""
    who = context["request"].user
    return notices.unread_count(who) if isinstance(who, User) else 0


@register.filter
def role_name(role: str) -> str:
    """The word for a role."""
    return str(Role(role).label) if role in Role.values else role


@register.filter
def full_stop(text: str) -> str:
    """*text* closed by a mark, so that another sentence can follow it."""
    return text if not text or text[-1] in "。！？；.!?;" else f"{text}。"


@register.filter
def access_word(code: str) -> str:
    """What a kind, purpose, subject or field of the access record is called."""
    return access_log.word_of(code)


@register.filter
def job_word(name: str) -> str:
    """What a kind of work is called."""
    return jobs.word_of(name)
