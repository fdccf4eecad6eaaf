"""The live badge: what a shop's plate is worth at this moment, whatever hangs on its wall."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from portal.kernel import clock, regions
from portal.kernel.access import Who
from portal.kernel.errors import not_found
from publicity.models import Pledge, Shop
from publicity.selectors.pledges import scheme_of


class BadgeState(StrEnum):
    """What a plate is worth; a term that has run out counts from the next day on, before any job says so."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELISTED = "delisted"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Badge:
    """A plate as the public may see it: its number, its term, since when it stands as it does and, if taken, why."""

    scheme: str
    serial: str
    state: BadgeState
    valid_from: date
    valid_until: date
    since: date
    reason: str
    commitments: tuple[str, ...]

    @property
    def terms(self) -> regions.Scheme:
        """The scheme that it was given under."""
        return scheme_of(self.scheme)

    @property
    def is_live(self) -> bool:
        """Whether the shop may show the plate today."""
        return self.state is BadgeState.ACTIVE

    @property
    def word(self) -> str:
        """The state as the public reads it."""
        return {
            BadgeState.ACTIVE: _("在期"),
            BadgeState.SUSPENDED: _("暂停使用"),
            BadgeState.DELISTED: _("已摘牌"),
            BadgeState.EXPIRED: _("已到期"),
        }[self.state]


def lines_of(commitments: str) -> tuple[str, ...]:
    """The promises one by one, as written: a line each."""
    return tuple(line.strip(" 　·•-、") for line in commitments.splitlines() if line.strip(" 　·•-、"))


def _badge(pledge: Pledge, today: date) -> Badge:
    assert pledge.valid_from is not None
    assert pledge.valid_until is not None
    assert pledge.since is not None
    state, since = BadgeState(pledge.state), pledge.since
    if state in (BadgeState.ACTIVE, BadgeState.SUSPENDED) and pledge.valid_until < today:
        state, since = BadgeState.EXPIRED, pledge.valid_until + timedelta(days=1)
    return Badge(
        scheme=pledge.scheme,
        serial=pledge.serial,
        state=state,
        valid_from=pledge.valid_from,
        valid_until=pledge.valid_until,
        since=since,
        reason=pledge.reason if state in (BadgeState.SUSPENDED, BadgeState.DELISTED) else "",
        commitments=lines_of(pledge.commitments),
    )


def badges_of(shops: Collection[Shop]) -> Mapping[int, Badge]:
    """By shop, the newest plate it was ever given, in one query; a shop that never had one is not in the answer."""
    today = clock.today()
    plates = Pledge.objects.filter(shop__in=[shop.pk for shop in shops]).exclude(serial="").order_by("valid_from", "pk")
    return {pledge.shop_id: _badge(pledge, today) for pledge in plates}


def badge_of(shop: Shop) -> Badge | None:
    """The shop's plate as it stands at this moment, or None when it never had one."""
    return badges_of([shop]).get(shop.pk)


def plate(*, who: Who, serial: str) -> tuple[Shop, Badge]:
    """The shop and the state behind a plate number; not found when no such plate was ever given."""
    pledge = Pledge.objects.select_related("shop").filter(serial=serial.strip().upper()).exclude(serial="").first()
    if pledge is None:
        raise not_found()
    return pledge.shop, _badge(pledge, clock.today())
