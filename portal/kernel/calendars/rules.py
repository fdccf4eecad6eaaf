"""The registry of clocks: each room names its periods once, with article, regime and the day from which they hold."""

from dataclasses import dataclass
from datetime import date

from portal.kernel.errors import Sentence
from portal.kernel.models.clock import Measure, PauseReason

ORDER20 = "ORDER20"
ORDER121 = "ORDER121"
STANDING = "STANDING"


@dataclass(frozen=True)
class Rule:
    """One dated version of one period.

    `unit` is WD (working days) or CD (calendar days). It holds for clocks that start on `from_date` or later, until a
    version with a later date takes over. `pauses` lists the only reasons for which it may stand still, `extension` the
    most days that may be added in all. `regime` is ORDER20, ORDER121 or STANDING (law or house rule that outlives
    both).
    """

    code: str
    unit: str
    length: int
    article: str
    title: Sentence
    regime: str
    from_date: date
    pauses: frozenset[PauseReason] = frozenset()
    extension: int = 0
    extension_article: str = ""

    def __post_init__(self) -> None:
        Measure(self.unit)
        if self.length < 1 or self.extension < 0:
            raise ValueError(f"{self.code}: a period has at least one day")
        if self.regime not in (ORDER20, ORDER121, STANDING):
            raise ValueError(f"{self.code}: {self.regime} is no regime")


_versions: dict[str, dict[date, Rule]] = {}


def register(*rules: Rule) -> None:
    """Add dated versions of clocks; the same version twice is harmless, two different ones for a day are not."""
    for rule in rules:
        known = _versions.setdefault(rule.code, {}).setdefault(rule.from_date, rule)
        if known != rule:
            raise ValueError(f"two versions of {rule.code} hold from {rule.from_date}")


def rule_on(code: str, day: date) -> Rule:
    """The version of *code* that holds for a clock starting on *day*; LookupError when there is none."""
    held = [rule for since, rule in _versions.get(code, {}).items() if since <= day]
    if not held:
        raise LookupError(f"no version of the clock {code} holds on {day}")
    return max(held, key=lambda rule: rule.from_date)


def versions(code: str) -> tuple[Rule, ...]:
    """Every registered version of *code*, oldest first."""
    return tuple(rule for _since, rule in sorted(_versions.get(code, {}).items()))


def codes() -> tuple[str, ...]:
    """The codes of all registered clocks."""
    return tuple(sorted(_versions))


def title_of(code: str) -> Sentence:
    """What the clock is called in its newest version; the code itself when nobody registered it."""
    known = versions(code)
    return known[-1].title if known else code
