"""The numbers of first payout (先行赔付). No law fixes them in this city: they are the fund terms of the city pack."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kernel import calendars, regions
from portal.kernel.access import Role
from portal.kernel.errors import Sentence

CHAPTER = calendars.Chapter("mediation", _("先行赔付"), 45)

FUND_ROLES = (Role.FUND_KEEPER, Role.FUND_APPROVER)

CHECK = "PAY_CHECK"
OBJECT = "PAY_OBJECT"
DECIDE_SMALL = "PAY_SMALL"
DECIDE_ORDINARY = "PAY_ORDINARY"
RECOURSE = "PAY_RECOURSE"

ALARM_PERCENT = 20
"""The alarm sounds when free money falls below this share of the fund's floor."""

RETURN_WATCH_DAYS = (1, 3, 7)
"""On which days after a payment the bank is asked whether the money came back."""

PENDING_MINUTES = 10
"""After how long the bank is asked again about a payment it is still working on."""

PURPOSES: dict[str, Sentence] = {
    "check": _("核对收款人"),
    "return": _("处理银行退回"),
}


@dataclass(frozen=True)
class Track:
    """How a claim up to `cap_fen` is decided: by how many approvers, and whether the shop's answer is awaited first."""

    code: str
    cap_fen: int
    approvers: int
    waits_for_objection: bool
    clock: str


def terms() -> regions.FundTerms:
    """The terms of this city's fund."""
    return regions.city().funds[0]


def tracks() -> tuple[Track, Track]:
    """The fast track 小额快速 and the ordinary track, by amount."""
    found = terms()
    return (
        Track("small", found.small_claim_fen, found.small_approvers, waits_for_objection=False, clock=DECIDE_SMALL),
        Track(
            "ordinary",
            found.ordinary_claim_fen,
            found.ordinary_approvers,
            waits_for_objection=True,
            clock=DECIDE_ORDINARY,
        ),
    )


def track_for(amount_fen: int) -> Track:
    """The track of a claim of that amount; above the last cap there is none (ValueError)."""
    for track in tracks():
        if amount_fen <= track.cap_fen:
            return track
    raise ValueError(f"no track for {amount_fen} fen")


def alarm_line(floor_fen: int) -> int:
    """Below how much free money the fund's people are warned."""
    return floor_fen * ALARM_PERCENT // 100


def clocks() -> tuple[calendars.Rule, ...]:
    """The periods of first payout."""
    found = terms()
    working, calendar = calendars.Unit.WORKING_DAYS, calendars.Unit.CALENDAR_DAYS
    frozen = _("先行赔付申请审查合格")
    decides = _("决定是否先行赔付，并告诉申请人")
    return (
        _rule(CHECK, working, found.formal_check_wd, _("先行赔付形式审查"), _("收到先行赔付申请"), _("看材料是否齐全")),
        _rule(
            OBJECT,
            working,
            found.merchant_answer_wd,
            _("商家付款或者提出异议"),
            frozen,
            _("商家可以付款或者提出异议"),
        ),
        _rule(DECIDE_SMALL, working, found.small_decision_wd, _("小额先行赔付决定"), frozen, decides),
        _rule(DECIDE_ORDINARY, working, found.ordinary_decision_wd, _("先行赔付决定"), frozen, decides),
        _rule(
            RECOURSE,
            calendar,
            found.repay_cd,
            _("商家归还先行赔付款"),
            _("基金代商家付款"),
            _("商家把这笔钱还给基金"),
        ),
    )


def _rule(
    code: str, unit: calendars.Unit, days: int, title: Sentence, starts: Sentence, duty: Sentence
) -> calendars.Rule:
    return calendars.Rule(
        code=code,
        title=title,
        starts=starts,
        duty=duty,
        unit=unit,
        length=days,
        basis=calendars.laws.FUND_RULES.at(),
        certainty=calendars.Certainty.HOUSE,
        regime=calendars.STANDING,
        from_date=calendars.laws.FUND_RULES.from_date,
    )
