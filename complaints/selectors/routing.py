"""Which unit a case should go to, and why: a dated rule proposes, a person decides."""

from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.models import Case, Movement, RoutingRule
from portal.kernel import clock
from portal.kernel.models import Organisation


@dataclass(frozen=True)
class Suggestion:
    """A proposed unit, the rule that proposes it and its reason in words; no unit when no rule fits.

    `given_back` is the case's latest movement where a bureau gave it back to the hub by it.
    """

    unit: Organisation | None
    rule: RoutingRule | None
    reason: str
    given_back: Movement | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the matter belongs to another department, so that it is transferred and not dispatched."""
        return self.unit is not None and self.unit.kind != Organisation.Kind.BUREAU


def suggest(*, district: str, topic: str) -> Suggestion:
    """The rule that fits best today: place and topic, then topic alone, then place alone."""
    today = clock.today()
    in_force = RoutingRule.objects.filter(Q(until_date=None) | Q(until_date__gte=today), from_date__lte=today)
    fitting = in_force.filter(district__in=("", district), topic__in=("", topic)).select_related("unit")
    rule = max(fitting, key=lambda row: (row.topic != "", row.district != "", row.from_date), default=None)
    if rule is None:
        return Suggestion(None, None, _("没有一条分送规则说到这个区和这个事项，请您选定。"))
    return Suggestion(rule.unit, rule, _("{reason}（{article}）").format(reason=rule.reason, article=rule.article))


def suggest_unit(case: Case) -> Suggestion:
    """The unit that the rules propose for *case*; none when that very unit has just given it back."""
    found = suggest(district=case.district, topic=case.topic)
    given_back = _given_back(case)
    if given_back is None or found.unit is None or found.unit.pk != given_back.from_unit_id:
        return replace(found, given_back=given_back)
    reason = _("规则说送{unit}，可是它刚刚退回，请另选一个局。").format(unit=found.unit.name)
    return Suggestion(None, None, reason, given_back)


def _given_back(case: Case) -> Movement | None:
    last = case.movements.select_related("from_unit", "by").order_by("-at", "-pk").first()
    return last if last is not None and last.kind == Movement.Kind.RETURN else None
