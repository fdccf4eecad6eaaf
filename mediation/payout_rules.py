"""The numbers of first payout (先行赔付). No law fixes them in this city: they come from the fund terms of the city pack."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.kernel import calendars, regions

SINCE = date(2020, 1, 1)
OURS = "先行赔付基金规则（参考值）"


@dataclass(frozen=True)
class Track:
    """How a claim up to `cap_fen` is decided: by how many approvers and whether the shop's objection time comes first."""

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
        Track("small", found.small_claim_fen, found.small_approvers, waits_for_objection=False, clock="PAY_SMALL"),
        Track(
            "ordinary",
            found.ordinary_claim_fen,
            found.ordinary_approvers,
            waits_for_objection=True,
            clock="PAY_ORDINARY",
        ),
    )


def track_for(amount_fen: int) -> Track:
    """The track of a claim of that amount; above the last cap there is none (ValueError)."""
    for track in tracks():
        if amount_fen <= track.cap_fen:
            return track
    raise ValueError(f"no track for {amount_fen} fen")


def clocks() -> tuple[calendars.Rule, ...]:
    """The periods of first payout."""
    found = terms()

    def working(code: str, days: int, title: object) -> calendars.Rule:
        return calendars.Rule(code, calendars.WD, days, OURS, str(title), calendars.STANDING, SINCE)

    return (
        working("PAY_CHECK", found.formal_check_wd, _("先行赔付形式审查")),
        working("PAY_OBJECT", found.merchant_answer_wd, _("商家付款或者提出异议")),
        working("PAY_SMALL", found.small_decision_wd, _("小额先行赔付决定")),
        working("PAY_ORDINARY", found.ordinary_decision_wd, _("先行赔付决定")),
        calendars.Rule(
            "PAY_RECOURSE", calendars.CD, found.repay_cd, OURS, _("商家归还先行赔付款"), calendars.STANDING, SINCE
        ),
    )
