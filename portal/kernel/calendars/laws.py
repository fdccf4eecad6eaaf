"""The laws that periods come from, and how one of their articles is cited."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NAME_IN_A_CITE = re.compile(r"《[^》]+》")
PLACE = re.compile(r"第([零〇一二三四五六七八九十百]+)(条|款|项)")
DIGITS = "零一二三四五六七八九"
ARTICLE = _("第%(n)s条")
OURS = _("，期限为本市目标")
"""What follows a cite whose law sets the duty and whose number is this house's."""


@dataclass(frozen=True)
class Law:
    """A source of periods: its official name, what the house calls it for short, and the day from which it holds.

    `name` and `short` are Chinese in every language, as papers print them; `words` is the name in the reader's.
    `from_date` is that of the text whose articles are cited here.
    """

    name: str
    short: str
    from_date: date

    def at(self, article: str = "") -> "Cite":
        """The article 第十五条 (第二十三条第一款第五项; several joined by 、) of this law; empty for the whole."""
        return Cite(self, article)

    @property
    def words(self) -> str:
        return gettext(self.name)


@dataclass(frozen=True)
class Cite:
    """One place in a law."""

    law: Law
    article: str

    @property
    def text(self) -> str:
        """As papers print it: 《市场监督管理投诉举报处理办法》第十五条."""
        return f"{self.law.name}{self.article}"

    @property
    def short(self) -> str:
        """As the house says it: 办法第十五条."""
        return f"{self.law.short}{self.article}"

    @property
    def words(self) -> str:
        """In the reader's language."""
        return in_words(self.text)


def in_words(cited: str) -> str:
    """A printed cite in the reader's language: the law by its translated name, 第二十三条第一款 as a number.

    Chinese stays as it is.
    """
    if gettext(ARTICLE) == ARTICLE:
        return cited
    said, ours, _nothing = cited.partition(OURS)
    named = NAME_IN_A_CITE.sub(lambda found: f"{gettext(found[0])}, ", said) if "《" in said else gettext(said)
    placed = PLACE.sub(_place, named).replace("、", ", ")
    return placed.strip(", ") + (gettext(ours) if ours else "")


def _place(found: re.Match[str]) -> str:
    number = numeral_value(found[1])
    if found[2] == "条":
        return gettext(ARTICLE) % {"n": number}
    return f"({number})"


def numeral(number: int) -> str:
    """15 as 十五, 60 as 六十, 365 as 三百六十五: how statutory papers write a period. From 0 to 999."""
    if number < 10:
        return DIGITS[number]
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (DIGITS[ones] if ones else "")


def numeral_value(written: str) -> int:
    """What `numeral` wrote, as a number."""
    total, digit = 0, 0
    for char in written.replace("〇", "零"):
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = DIGITS.index(char)
    return total + digit


COMPLAINTS = Law(_("《市场监督管理投诉举报处理办法》"), "办法", date(2026, 4, 15))
COMPLAINTS_BEFORE = Law(_("《市场监督管理投诉举报处理暂行办法》"), "旧办法", date(2020, 1, 1))
CONSUMERS = Law(_("《中华人民共和国消费者权益保护法》"), "消法", date(2014, 3, 15))
CONSUMERS_RULES = Law(_("《中华人民共和国消费者权益保护法实施条例》"), "消法条例", date(2024, 7, 1))
PENALTY_PROCEDURE = Law(_("《市场监督管理行政处罚程序规定》"), "处罚程序规定", date(2021, 7, 15))
PENALTY_PUBLICITY = Law(_("《市场监督管理行政处罚信息公示规定》"), "处罚公示规定", date(2021, 9, 1))
PENALTIES = Law(_("《中华人民共和国行政处罚法》"), "行政处罚法", date(2021, 7, 15))
ADVERTISING = Law(_("《中华人民共和国广告法》"), "广告法", date(2015, 9, 1))
CRIME_REFERRAL = Law(_("《行政执法机关移送涉嫌犯罪案件的规定》"), "移送规定", date(2020, 8, 7))
PEOPLES_MEDIATION = Law(_("《中华人民共和国人民调解法》"), "调解法", date(2011, 1, 1))
CIVIL_PROCEDURE = Law(_("《中华人民共和国民事诉讼法》"), "民诉法", date(2024, 1, 1))
CONFIRMATION = Law(_("《最高人民法院关于人民调解协议司法确认程序的若干规定》"), "司法确认规定", date(2011, 3, 30))
SEVEN_DAYS = Law(_("《网络购买商品七日无理由退货暂行办法》"), "七日退货办法", date(2017, 3, 15))
CONSUMER_WRONGS = Law(_("《侵害消费者权益行为处罚办法》"), "侵消处罚办法", date(2015, 3, 15))
CARS = Law(_("《家用汽车产品修理更换退货责任规定》"), "汽车三包规定", date(2022, 1, 1))
RECALLS = Law(_("《消费品召回管理暂行规定》"), "召回规定", date(2020, 1, 1))
OPEN_GOVERNMENT = Law(_("《中华人民共和国政府信息公开条例》"), "公开条例", date(2019, 5, 15))
PROCURATORS = Law(
    _("《最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干问题的解释》"),
    "检察公益诉讼解释",
    date(2021, 1, 1),
)
CONSUMER_SUITS = Law(
    _("《最高人民法院关于审理消费民事公益诉讼案件适用法律若干问题的解释》"),
    "消费公益诉讼解释",
    date(2021, 1, 1),
)
TOURISM = Law(_("《中华人民共和国旅游法》"), "旅游法", date(2013, 10, 1))
PLATFORM = Law(_("全国12315平台在线消费纠纷解决的做法"), "12315平台做法", date(2020, 1, 1))
NATIONAL_REGISTER = Law(_("全国12315消费投诉信息公示平台的做法"), "公示平台做法", date(2020, 1, 1))
HOTLINE = Law(_("本市12345热线的规定"), "12345规定", date(2020, 1, 1))
FUND_RULES = Law(_("先行赔付基金规则（参考值）"), "先行赔付基金规则", date(2020, 1, 1))
HOUSE = Law(_("本市目标"), "本市目标", date(2020, 1, 1))
