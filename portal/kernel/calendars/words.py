"""A period in plain words: for the public page, for the console, and for the sentences of papers."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.kernel.calendars import laws
from portal.kernel.calendars.rules import Certainty, Rule, Shape, Unit

CHINESE_UNITS = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.CALENDAR_DAYS: "日",
    Unit.HOURS: "小时",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
}


def written(unit: str, count: int) -> str:
    """So many of a unit as statutory papers write it, in Chinese: 七个工作日, 六十日."""
    return laws.numeral(count) + CHINESE_UNITS[Unit(unit)]


def on_paper(rule: Rule) -> str:
    """The length of *rule* as statutory papers write it."""
    return written(rule.unit, rule.length)


def days_of(unit: str, count: int) -> str:
    """So many of a unit: 7 个工作日, 60 日, 3 个月."""
    match Unit(unit):
        case Unit.WORKING_DAYS:
            return ngettext("%(count)d 个工作日", "%(count)d 个工作日", count) % {"count": count}
        case Unit.CALENDAR_DAYS:
            return ngettext("%(count)d 日", "%(count)d 日", count) % {"count": count}
        case Unit.HOURS:
            return ngettext("%(count)d 小时", "%(count)d 小时", count) % {"count": count}
        case Unit.MONTHS:
            return ngettext("%(count)d 个月", "%(count)d 个月", count) % {"count": count}
        case Unit.YEARS:
            return ngettext("%(count)d 年", "%(count)d 年", count) % {"count": count}
    raise ValueError(f"{unit} is not counted")


def length_of(rule: Rule) -> str:
    """The length alone: 7 个工作日; 及时 and 按本市规定 where the law has no number."""
    if rule.unit == Unit.PROMPTLY:
        return _("及时")
    if rule.unit == Unit.LOCAL:
        return _("按本市规定")
    return days_of(rule.unit, rule.length)


def sentence_of(rule: Rule) -> str:
    """The whole period in one sentence."""
    said = {"starts": rule.starts, "length": length_of(rule), "duty": rule.duty}
    if rule.unit == Unit.PROMPTLY:
        return _("{starts}后，及时{duty}。").format(**said)
    if rule.unit == Unit.LOCAL:
        return _("{starts}后，按本市规定的时限{duty}。").format(**said)
    if rule.unit == Unit.HOURS:
        return _("{starts}后 {length}内，{duty}。").format(**said)
    return {
        Shape.WITHIN: _("自{starts}之日起 {length}内，{duty}。"),
        Shape.BEFORE: _("在{starts}之前至少 {length}，{duty}。"),
        Shape.EVERY: _("自{starts}之日起，每 {length}{duty}。"),
        Shape.LASTING: _("自{starts}之日起 {length}，{duty}。"),
    }[rule.shape].format(**said)


def pauses_of(rule: Rule) -> str:
    """What time is not counted; empty when nothing stops the period."""
    if not rule.pauses:
        return ""
    reasons = _("、").join(sorted(str(reason.label) for reason in rule.pauses))
    return _("{reasons}的时间不计算在内。").format(reasons=reasons)


def extension_of(rule: Rule) -> str:
    """By how much and with whose consent it may be made longer; empty when it may not."""
    if not rule.extension:
        return ""
    said = {"approver": rule.approver, "length": days_of(rule.unit, rule.extension)}
    return _("经{approver}批准，最多再延长 {length}。").format(**said)


def joined(*sentences: str) -> str:
    """Sentences one after another, as the reader's language sets them; empty ones are left out."""
    gap = "" if (get_language() or "zh").startswith("zh") else " "
    return gap.join(filter(None, sentences))


def certainty_of(rule: Rule) -> str:
    """A mark for numbers that the law does not give; empty for those that it does."""
    return {
        Certainty.TEXT: "",
        Certainty.PRACTICE: _("通行做法"),
        Certainty.HOUSE: _("本市目标，不是法律规定的期限"),
        Certainty.OPEN: _("还没有确定"),
    }[rule.certainty]


def cites_of(rule: Rule) -> str:
    """Where it is written, in the reader's language, each law once: first what papers cite, then the others."""
    places: dict[laws.Law, list[str]] = {}
    for cite in (rule.basis, *rule.also):
        places.setdefault(cite.law, []).append(cite.article)
    said = [laws.in_words(law.at("、".join(articles)).text) for law, articles in places.items()]
    ours = _(laws.OURS) if rule.article.endswith(laws.OURS) else ""
    return _("；").join(said) + ours
