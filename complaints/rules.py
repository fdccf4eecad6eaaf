"""The law of complaints and reports: each ground and condition once, with its article; its periods stand beside it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.kernel.calendars import ORDER20, ORDER121, laws
from portal.kernel.errors import Refused, Sentence

ORDER121_FROM = laws.COMPLAINTS.from_date

DECIDE = "D01"
MEDIATE = "D02"
TELL_TERMINATION = "D03"
VERIFY_LEAD = "D06"
VERIFY_REPORT = "D07"
COUNTED_PERIODS = {
    DECIDE: "decision_due_on",
    MEDIATE: "mediation_due_on",
    VERIFY_LEAD: "decision_due_on",
    VERIFY_REPORT: "decision_due_on",
}
"""Which milestone of a fact holds the last day of a period."""
DISPATCH = "HUB"
COMPLETE = "FILL"


@dataclass(frozen=True)
class Ground:
    """One ground of a closed list: its number in the article and the words that are printed."""

    code: str
    number: int
    text: Sentence
    article: Sentence


def _grounds(prefix: str, article: Sentence, *texts: Sentence) -> tuple[Ground, ...]:
    return tuple(Ground(f"{prefix}{number}", number, text, article) for number, text in enumerate(texts, 1))


REJECTION_GROUNDS = _grounds(
    "R16_",
    _("《市场监督管理投诉举报处理办法》第十六条"),
    _("投诉事项不属于市场监督管理部门职责，或者本行政机关不具有处理权限的"),
    _("法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会已经受理或者处理过同一消费者权益争议的"),
    _("不是为生活消费需要购买、使用商品或者接受服务，或者不能证明与被投诉人之间存在消费者权益争议的"),
    _("除法律另有规定外，投诉人知道或者应当知道自己的权益受到被投诉人侵害之日起超过三年的"),
    _("未提供《市场监督管理投诉举报处理办法》第十条第一款、第十一条规定的材料，或者提供虚假材料的"),
    _("冒用他人名义或者拒不配合市场监督管理部门核验真实身份信息的"),
    _("法律、法规、规章规定不予受理的其他情形"),
)

TERMINATION_GROUNDS = _grounds(
    "T",
    _("《市场监督管理投诉举报处理办法》第二十三条第一款"),
    _("投诉人撤回投诉或者双方自行和解的"),
    _("投诉人、被投诉人无正当理由不参加调解，或者明确拒绝调解的"),
    _("经组织调解，投诉人或者被投诉人明确表示无法达成调解协议的"),
    _("投诉人与被投诉人对鉴定、检测费用承担无法协商一致的"),
    _("自投诉受理之日起六十日内投诉人和被投诉人未能达成调解协议的"),
    _("市场监督管理部门受理投诉后，发现存在本办法第十六条、第四十二条规定情形的"),
    _("投诉人、被投诉人死亡或者主体资格灭失的"),
    _("法律、法规、规章规定的应当终止调解的其他情形"),
)
PERIOD_RAN_OUT = 5


@dataclass(frozen=True)
class Termination:
    """What an officer may choose: a ground of 办法23, told apart where statistics need it, and its outcome."""

    code: str
    ground: Ground
    label: Sentence
    outcome: str


def _terminations() -> tuple[Termination, ...]:
    told_apart: dict[int, tuple[tuple[str, Sentence, str], ...]] = {
        1: (("_WITHDRAWN", _("投诉人撤回投诉"), "withdrawn"), ("_SETTLED", _("双方自行和解"), "self_settled")),
        2: (
            ("_CONSUMER", _("投诉人不参加或者拒绝调解"), "consumer_refused"),
            ("_MERCHANT", _("被投诉人不参加或者拒绝调解"), "merchant_refused"),
        ),
    }
    not_agreed = {3, 4, 5}
    found: list[Termination] = []
    for ground in TERMINATION_GROUNDS:
        outcome = "not_agreed" if ground.number in not_agreed else "other"
        for suffix, label, own in told_apart.get(ground.number, (("", ground.text, outcome),)):
            found.append(Termination(ground.code + suffix, ground, label, own))
    return tuple(found)


TERMINATIONS = _terminations()

OTHER_ROUTES = (
    _("与经营者协商和解"),
    _("请求消费者协会或者依法成立的其他调解组织调解"),
    _("向有关行政部门投诉"),
    _("根据与经营者达成的仲裁协议提请仲裁机构仲裁"),
    _("向人民法院提起诉讼"),
)
OTHER_ROUTES_ARTICLE = _("《中华人民共和国消费者权益保护法》第三十九条")
ROUTES_AFTER_TERMINATION = _(
    "不服本决定的，可以按照《中华人民共和国消费者权益保护法》第三十九条规定，通过民事诉讼、仲裁等其他途径解决消费者权益争议。"
)

CLAIMS: dict[str, Sentence] = {
    "repair": _("修理"),
    "redo": _("重作"),
    "replace": _("更换"),
    "return": _("退货"),
    "supply": _("补足商品数量"),
    "refund": _("退还货款和服务费用"),
    "compensate": _("赔偿损失"),
    "apologize": _("停止侵害、赔礼道歉"),
}

PURPOSES: dict[str, Sentence] = {
    "contact": _("联系消费者"),
    "verify": _("核验身份"),
    "document": _("制作文书"),
}

SERVICE_METHODS: dict[str, Sentence] = {
    "electronic": _("站内消息和短信"),
    "phone": _("电话告知并记录"),
    "letter": _("邮寄"),
    "in_person": _("当面送达"),
}

FILING_ARTICLE = _("《市场监督管理行政处罚程序规定》第十九条")
FILING_CONDITIONS: dict[str, Sentence] = {
    "evidence": _("有证据初步证明存在违反市场监督管理法律、法规、规章的行为"),
    "punishable": _("依据市场监督管理法律、法规、规章应当给予行政处罚"),
    "competent": _("属于本部门管辖"),
    "in_time": _("在给予行政处罚的法定期限内"),
}

NOT_FILING_ARTICLE = _("《市场监督管理行政处罚程序规定》第二十条")
NOT_FILING_GROUNDS: dict[str, Sentence] = {
    "P20_1": _("违法行为轻微并及时改正，没有造成危害后果"),
    "P20_2": _("初次违法且危害后果轻微并及时改正"),
    "P20_3": _("当事人有证据足以证明没有主观过错，但法律、行政法规另有规定的除外"),
    "P20_4": _("依法可以不予立案的其他情形"),
}
NOT_COMPETENT_ARTICLE = _("《市场监督管理投诉举报处理办法》第三十四条")


def rejection_ground(code: str) -> Ground:
    """The ground of 办法16 called *code*; Refused (`unknown_ground`) when the closed list has none."""
    return _one(REJECTION_GROUNDS, code)


def termination(code: str) -> Termination:
    """The choice of 办法23 called *code* (T1 and T2 need their suffix); Refused when the closed list has none."""
    found = [choice for choice in TERMINATIONS if choice.code == code]
    if not found:
        raise _unknown_ground()
    return found[0]


def _one(grounds: tuple[Ground, ...], code: str) -> Ground:
    found = [ground for ground in grounds if ground.code == code]
    if not found:
        raise _unknown_ground()
    return found[0]


def _unknown_ground() -> Refused:
    return Refused("unknown_ground", _("请从法定情形中选一项。"), field="ground")


def regime_on(day: date) -> str:
    """The procedure in force on *day*: the acceptance date decides for mediation limits."""
    return ORDER121 if day >= ORDER121_FROM else ORDER20
