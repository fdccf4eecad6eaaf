"""The numbers of first payout (先行赔付). No law fixes them in this city: each is a parameter, marked as ours."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.kernel import calendars

SINCE = date(2026, 4, 15)


@dataclass(frozen=True)
class Track:
    """How a claim up to `cap_fen` is decided: by how many approvers and whether the shop's objection time comes first."""

    code: str
    cap_fen: int
    approvers: int
    waits_for_objection: bool
    clock: str


SMALL = Track("small", 500_00, 1, waits_for_objection=False, clock="PAY_SMALL")
ORDINARY = Track("ordinary", 10_000_00, 2, waits_for_objection=True, clock="PAY_ORDINARY")
TRACKS = (SMALL, ORDINARY)
MOST_PER_CLAIM_FEN = ORDINARY.cap_fen
MOST_PER_CONSUMER_A_YEAR_FEN = 20_000_00
APPLY_WITHIN_DAYS = 60
OBJECT_WITHIN_WORKING_DAYS = 2
REPAY_WITHIN_DAYS = 15
ALARM_PERCENT_OF_FLOOR = 20

OURS = _("本平台先行赔付规则（参考值，可由管理机构调整）")

CLOCKS = (
    calendars.Rule("PAY_CHECK", "WD", 1, str(OURS), _("先行赔付形式审查"), calendars.STANDING, SINCE),
    calendars.Rule(
        "PAY_OBJECT", "WD", OBJECT_WITHIN_WORKING_DAYS, str(OURS), _("商家付款或者提出异议"), calendars.STANDING, SINCE
    ),
    calendars.Rule("PAY_SMALL", "WD", 1, str(OURS), _("小额先行赔付决定"), calendars.STANDING, SINCE),
    calendars.Rule("PAY_ORDINARY", "WD", 5, str(OURS), _("先行赔付决定"), calendars.STANDING, SINCE),
    calendars.Rule(
        "PAY_RECOURSE", "CD", REPAY_WITHIN_DAYS, str(OURS), _("商家归还先行赔付款"), calendars.STANDING, SINCE
    ),
)


def track_for(amount_fen: int) -> Track:
    """The track of a claim of that amount; above the last cap there is none (ValueError)."""
    for track in TRACKS:
        if amount_fen <= track.cap_fen:
            return track
    raise ValueError(f"no track for {amount_fen} fen")
