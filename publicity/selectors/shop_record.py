"""What the public register says of one shop: counts of its published records, rates only of enough of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.kernel import clock
from portal.kernel.access import Who
from publicity.models import CaseFact, Disclosure, Shop
from publicity.rules import FEWEST_FOR_A_RATE
from publicity.selectors.register import of_shop

Outcome = CaseFact.Outcome
MONTHS = 12
LATEST = 5


@dataclass(frozen=True)
class ShopRecord:
    """A shop's published complaints of the last year; every count opens its records, each of them public."""

    since: date
    until: date
    published: int
    settled: int
    ended: int
    self_settled: int
    monthly: Mapping[str, tuple[int, ...]]
    latest: tuple[Disclosure, ...]

    @property
    def has_rate(self) -> bool:
        """Whether there are enough mediated complaints for a rate to say anything."""
        return self.settled + self.ended >= FEWEST_FOR_A_RATE

    @property
    def success(self) -> float | None:
        """Successful mediations in per cent of successful and failed ones; None when they are too few."""
        return round(100 * self.settled / (self.settled + self.ended), 1) if self.has_rate else None

    @property
    def missing_for_a_rate(self) -> int:
        """How many more mediated complaints a rate would take."""
        return max(0, FEWEST_FOR_A_RATE - self.settled - self.ended)


def record_of_shop(*, who: Who, shop: Shop) -> ShopRecord:
    """The published complaints of one shop; the same for everybody."""
    rows = list(of_shop(who=who, shop=shop))
    today = clock.today()
    outcomes = Counter(row.outcome for row in rows)
    months: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        assert row.published_at is not None
        day = clock.day_of(row.published_at)
        back = (today.year - day.year) * 12 + today.month - day.month
        months["published"][back] += 1
        months[row.outcome][back] += 1
    try:
        since = today.replace(year=today.year - 1)
    except ValueError:
        since = today.replace(year=today.year - 1, day=28)
    return ShopRecord(
        since=since,
        until=today,
        published=len(rows),
        settled=outcomes[Outcome.SETTLED],
        ended=outcomes[Outcome.NOT_AGREED] + outcomes[Outcome.MERCHANT_REFUSED],
        self_settled=outcomes[Outcome.SELF_SETTLED],
        monthly={name: tuple(counts[back] for back in range(MONTHS - 1, -1, -1)) for name, counts in months.items()},
        latest=tuple(rows[:LATEST]),
    )
