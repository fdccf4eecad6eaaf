"""The live badge of a shop: what its plate says today."""

from dataclasses import dataclass
from datetime import date

from portal.kernel import clock
from publicity.models import Pledge, Shop


@dataclass(frozen=True)
class Badge:
    """What a plate (承诺店牌) says right now. `state` is active, suspended, delisted or expired."""

    state: str
    word: str
    serial: str
    valid_from: date | None
    valid_until: date | None
    reason: str
    ended_on: date | None

    @property
    def is_live(self) -> bool:
        """Whether the shop may show the plate today."""
        return self.state == Pledge.State.ACTIVE


EXPIRED = "expired"


def badge(pledge: Pledge) -> Badge:
    """The badge of one listed pledge; a term that ran out shows as expired whatever the row says."""
    state = str(pledge.state)
    word = str(Pledge.State(state).label)
    if state == Pledge.State.ACTIVE and pledge.valid_until is not None and pledge.valid_until < clock.today():
        state, word = EXPIRED, "已过期"
    return Badge(state, word, pledge.serial, pledge.valid_from, pledge.valid_until, pledge.reason, pledge.ended_on)


SHOWN = (Pledge.State.ACTIVE, Pledge.State.SUSPENDED, Pledge.State.DELISTED)


def badge_of(shop: Shop) -> Badge | None:
    """The newest badge of a shop, live or not; None when it never had one."""
    return badges_of([shop.pk]).get(shop.pk)


def badges_of(shop_ids: list[int]) -> dict[int, Badge]:
    """The newest badge of each of many shops, in one query."""
    rows = Pledge.objects.filter(shop_id__in=shop_ids, state__in=SHOWN).order_by("approved_at", "pk")
    return {row.shop_id: badge(row) for row in rows}
