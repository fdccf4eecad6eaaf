"""Personal data that has a shape: numbers, addresses on the net, plates, and the end of a postal address."""

import re
from collections.abc import Callable, Iterator

from portal.kernel import identifiers
from portal.kernel.pii.spans import Kind, Span, fold, spelled_out

_GAP = r"[\s\-.]{0,2}"
_AFTER_LABEL = r"\s*[是为]?\s*[:=]?\s*"
_ID_BIRTH = r"(?:1[89]|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_HOUSE = r"(?:\d{1,4}[A-Za-z]?|[A-Za-z]\d{0,3}|[一二三四五六七八九十百]{1,4})"
_BUILDING = r"(?:号楼|号院|栋|幢|座|#楼?)"
_ROOM = r"(?:单元|门洞|室|号房(?!地)间?|房(?![间型价产屋源子东租贷地主客东内])|号(?![线楼院店馆文车门]))"
_STOREY = r"(?:层|楼)"

Check = Callable[[re.Match[str], str], bool]


def _digits(found: str) -> str:
    return re.sub(r"\D", "", found)


def _no_credit_code(match: re.Match[str], _text: str) -> bool:
    return not identifiers.is_credit_code(match["found"])


def _luhn(match: re.Match[str], text: str) -> bool:
    return identifiers.is_bank_card(_digits(match["found"])) and _no_credit_code(match, text)


def _has_figures(match: re.Match[str], _text: str) -> bool:
    return len(_digits(match["found"])) >= 3


def _said_or_shaped(match: re.Match[str], _text: str) -> bool:
    return bool(match["link"].strip()) or bool(re.search(r"[\d\-]", match["found"]))


_CAPS = re.IGNORECASE
PATTERNS: tuple[tuple[Kind, re.Pattern[str], Check | None], ...] = (
    (Kind.EMAIL, re.compile(r"(?P<found>[A-Za-z0-9][\w.+%\-]*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)", re.ASCII), None),
    (
        Kind.RESIDENT_ID,
        re.compile(rf"(?<!\d)(?P<found>[1-8]\d{{5}}[\s\-]?{_ID_BIRTH}[\s\-]?\d{{3}}[\dXx])(?![\dA-Za-z])"),
        _no_credit_code,
    ),
    (
        Kind.RESIDENT_ID,
        re.compile(r"(?<!\d)(?P<found>[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?!\d)"),
        None,
    ),
    (
        Kind.OTHER_ID,
        re.compile(
            rf"(?:护照|通行证|居留证|台胞证|回乡证)(?:号码?|编号)?{_AFTER_LABEL}(?P<found>[A-Z]{{0,3}}\d{{7,15}})",
            _CAPS,
        ),
        None,
    ),
    (
        Kind.BANK_CARD,
        re.compile(
            rf"(?:卡号|账号|帐号|银行卡|账户|帐户)(?:码|号)?{_AFTER_LABEL}(?P<found>\d(?:[\s\-]?\d){{11,24}})(?!\d)"
        ),
        None,
    ),
    (
        Kind.ORDER,
        re.compile(
            rf"(?:订单|运单|快递单|快递|单)(?:的?(?:编号|号码?|号)|(?<=订单))[#]?{_AFTER_LABEL}(?P<found>[A-Z0-9][A-Z0-9\-]{{7,31}})",
            _CAPS,
        ),
        _has_figures,
    ),
    (
        Kind.PHONE,
        re.compile(rf"(?<!\d)(?P<found>(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}})(?!\d)"),
        None,
    ),
    (Kind.BANK_CARD, re.compile(r"(?<![\dA-Za-z])(?P<found>\d(?:[\s\-]?\d){14,18})(?!\d)"), _luhn),
    (
        Kind.LANDLINE,
        re.compile(
            r"(?<!\d)(?P<found>(?:\(0\d{2,3}\)|0(?:10|2\d|[3-9]\d{2})[\s\-]{0,2}|\+86[\s\-]?\d{2,3}[\s\-]?)"
            r"[2-9]\d{3}[\s\-]?\d{3,4}(?:[\s\-转]{1,2}\d{1,5})?)(?!\d)"
        ),
        None,
    ),
    (
        Kind.LANDLINE,
        re.compile(
            rf"(?:电话|座机|固话|手机|联系方式|拨打|致电|tel|phone|打|拨)(?:号码|号)?{_AFTER_LABEL}(?P<found>[2-8]\d{{2,3}}[\s\-]?\d{{4}})(?!\d)",
            _CAPS,
        ),
        None,
    ),
    (
        Kind.PLATE,
        re.compile(
            r"(?<![A-Za-z])(?P<found>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
            r"[A-HJ-NP-Z][\s\-.]?(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[学警港澳挂领试超]))(?![A-Za-z0-9])",
            _CAPS,
        ),
        _has_figures,
    ),
    (
        Kind.WECHAT,
        re.compile(
            r"(?:微信|微號|微号|威信|薇信|v信|(?<![a-z])vx|(?<![a-z])wx|weixin|wechat)"
            r"(?P<link>\s*(?:账号|帐号|号码?|id)?\s*(?:是|为|[:=]|加)?\s*)"
            r"(?P<found>[A-Za-z][A-Za-z0-9\-]{5,19}|\d{5,11})(?![A-Za-z0-9])",
            _CAPS,
        ),
        _said_or_shaped,
    ),
    (
        Kind.QQ,
        re.compile(
            rf"(?:qq|扣扣|企鹅)(?:群|号|账号|帐号|号码){{0,2}}{_AFTER_LABEL}(?P<found>[1-9]\d{{4,11}})(?!\d)", _CAPS
        ),
        None,
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"(?:路|街|道|巷|胡同|弄|里|村|条)\s?(?P<found>{_HOUSE}(?:[\-之附]\d{{1,4}})?\s?号(?![线店馆文])"
            rf"(?:(?:增|附|旁|院内)?{_HOUSE}(?:{_BUILDING}|{_STOREY}|{_ROOM})|\-\d+)*(?:\d{{2,5}}(?!\d|[元年月日点人平米个万家]))?)"
        ),
        None,
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"(?<![A-Za-z0-9])(?P<found>{_HOUSE}\s?{_BUILDING}(?:[\s,，]?{_HOUSE}\s?(?:{_ROOM}|{_STOREY}))*"
            rf"(?:[\s,，]?{_HOUSE}\s?{_ROOM}|[\s\-]?\d{{3,4}}(?!\d|[元年月日点人平米个户万家栋幢])))"
        ),
        None,
    ),
    (
        Kind.ADDRESS,
        re.compile(rf"(?<![A-Za-z0-9])(?P<found>{_HOUSE}\s?单元(?:[\s,，]?{_HOUSE}\s?(?:{_ROOM}|{_STOREY}))+)"),
        None,
    ),
    (Kind.ADDRESS, re.compile(rf"(?P<found>第?{_HOUSE}(?:组|社|队|屯)\s?\d{{1,4}}\s?号(?![线楼院店馆文车门]))"), None),
    (Kind.ADDRESS, re.compile(r"(?<![A-Za-z0-9\-])(?P<found>\d{3,4}(?:室(?![内外温])|号房(?!地)间?))"), None),
    (
        Kind.ADDRESS,
        re.compile(rf"(?:村|社区|镇|乡)(?P<found>第?{_HOUSE}(?:组|社|队|屯)\s?(?:{_HOUSE}\s?号)?)"),
        None,
    ),
)
_SPELLED_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def patterned(text: str) -> list[Span]:
    """Everything in *text* that one of the patterns finds; what an earlier pattern took is not looked at again."""
    plain = list(fold(text))
    spans: list[Span] = []
    for kind, pattern, check in PATTERNS:
        for start, end in _matches(pattern, check, "".join(plain)):
            spans.append(Span(start, end, kind))
            plain[start:end] = "\0" * (end - start)
    spelled = _SPELLED_PHONE.finditer(spelled_out("".join(plain)))
    spans += [Span(match.start(), match.end(), Kind.PHONE) for match in spelled]
    return spans


def _matches(pattern: re.Pattern[str], check: Check | None, text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if check is None or check(match, text):
            yield match.span("found")
