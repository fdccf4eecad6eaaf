"""The tables of one month, counted from facts alone. What they hold is safe to publish: small cells are hidden here."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from publicity.models import CaseFact
from publicity.suppression import count_of, is_small, ratio, suppress

TREND_MONTHS = 13
Outcome = CaseFact.Outcome
FAILED = (Outcome.NOT_AGREED, Outcome.MERCHANT_REFUSED, Outcome.CONSUMER_REFUSED, Outcome.OTHER)
BREAKDOWNS = {
    "by_district": "district",
    "by_problem": "problem",
    "by_object": "object_class",
    "by_channel": "channel",
    "by_sale_mode": "sale_mode",
    "by_regime": "regime",
}

FORMULAS = {
    "received": "complaints received_on in month",
    "accepted": "complaints decided_on in month and accepted",
    "closed": "complaints closed_on in month",
    "on_time_decision": "decided_on <= decision_due_on / decision_due_on in month, not closed undecided by then",
    "on_time_closing": "closed_on <= mediation_due_on / mediation_due_on in month",
    "success": "settled / (settled + ended after acceptance), closed_on in month, not withdrawn, not self-settled",
    "self_settled": "complaints closed_on in month as settled by the two sides themselves",
    "overdue_open": "open at month end and past decision_due_on or mediation_due_on / open at month end",
    "became_enforcement": "complaints closed_on in month that had become enforcement cases when frozen",
    "recovered_fen": "sum of recovered_fen of complaints closed_on in month",
    "reports_received": "reports received_on in month",
    "on_time_verification": "reports decided_on <= decision_due_on / decision_due_on in month",
}
"""How each series is counted, frozen with the numbers; dates are calendar days in Asia/Shanghai."""


def first_of(day: date) -> date:
    """The first day of the month of *day*."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the following month."""
    return first_of(first_of(month) + timedelta(days=32))


def months_back(month: date, count: int) -> date:
    """The first day of the month *count* months before."""
    serial = month.year * 12 + month.month - 1 - count
    return date(serial // 12, serial % 12 + 1, 1)


def tables_of(month: date) -> dict[str, Any]:
    """Everything a release of *month* (its first day) says."""
    end = month_after(month)
    facts = CaseFact.objects.filter(received_on__lt=end)
    complaints = facts.filter(kind=CaseFact.Kind.COMPLAINT)
    reports = facts.filter(kind=CaseFact.Kind.REPORT)
    received = complaints.filter(received_on__gte=month)
    return {
        "month": month.isoformat(),
        "indicators": _indicators(complaints, month, end),
        "reports_received": count_of(reports.filter(received_on__gte=month).count()),
        "on_time_verification": _on_time(
            reports, "decided_on", "decision_due_on", _within("decision_due_on", month, end)
        ),
        "trend": _trend(complaints, month),
        **{name: _by(received, field) for name, field in BREAKDOWNS.items()},
        "formulas": FORMULAS,
    }


def _within(field: str, start: date, end: date) -> Q:
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})


def _on_time(facts: QuerySet[CaseFact], done: str, due: str, where: Q) -> dict[str, int | str | None]:
    asked = facts.filter(where)
    return ratio(asked.filter(**{f"{done}__lte": F(due)}).count(), asked.count())


def _indicators(complaints: QuerySet[CaseFact], start: date, end: date) -> dict[str, Any]:
    closed = complaints.filter(_within("closed_on", start, end))
    decision_due = _within("decision_due_on", start, end) & (
        Q(decided_on__isnull=False) | Q(closed_on=None) | Q(closed_on__gt=F("decision_due_on"))
    )
    received = complaints.filter(received_on__gte=start).count()
    accepted = complaints.filter(_within("decided_on", start, end), was_accepted=True).count()
    return {
        "received": count_of(received),
        "accepted": count_of(accepted),
        "on_time_decision": _on_time(complaints, "decided_on", "decision_due_on", decision_due),
        "on_time_closing": _on_time(
            complaints, "closed_on", "mediation_due_on", _within("mediation_due_on", start, end)
        ),
        **_endings(closed),
        "overdue_open": _overdue(complaints, end),
        "recovered_fen": _recovered(closed),
    }


def _endings(closed: QuerySet[CaseFact]) -> dict[str, Any]:
    """How the complaints closed in the month ended: mediated, settled among themselves, the rest (not shown)."""
    total = closed.count()
    settled = closed.filter(outcome=Outcome.SETTLED).count()
    ended = closed.filter(was_accepted=True, outcome__in=FAILED).count()
    alone = closed.filter(outcome=Outcome.SELF_SETTLED).count()
    turned = closed.filter(became_enforcement=True).count()
    shown = suppress(
        {"mediated": settled + ended, "self_settled": alone, "rest": total - settled - ended - alone},
        unpublished=("rest",),
    )
    return {
        "closed": count_of(total),
        "self_settled": shown["self_settled"],
        "success": ratio(settled, 0 if shown["mediated"] is None else settled + ended),
        "became_enforcement": None if is_small(turned) or is_small(total - turned) else turned,
    }


def _overdue(complaints: QuerySet[CaseFact], end: date) -> dict[str, int | str | None]:
    open_then = complaints.filter(Q(closed_on=None) | Q(closed_on__gte=end))
    undecided = Q(decision_due_on__lt=end) & (Q(decided_on=None) | Q(decided_on__gte=end))
    return ratio(open_then.filter(undecided | Q(mediation_due_on__lt=end)).count(), open_then.count())


def _recovered(closed: QuerySet[CaseFact]) -> int | None:
    """The money that went back; hidden where so few got any that the sum would be theirs."""
    paid = closed.filter(recovered_fen__gt=0)
    return None if is_small(paid.count()) else paid.aggregate(fen=Sum("recovered_fen"))["fen"] or 0


def _trend(complaints: QuerySet[CaseFact], month: date) -> list[list[str | int | None]]:
    since = months_back(month, TREND_MONTHS - 1)
    rows = (
        complaints.filter(received_on__gte=since)
        .annotate(m=TruncMonth("received_on"))
        .values("m")
        .annotate(n=Count("id"))
    )
    monthly: Counter[date] = Counter({row["m"]: row["n"] for row in rows})
    months = [months_back(month, back) for back in range(TREND_MONTHS - 1, -1, -1)]
    return [[at.isoformat(), count_of(monthly[at])] for at in months]


def _by(rows: QuerySet[CaseFact], field: str) -> dict[str, int | None]:
    found = rows.values(field).annotate(n=Count("id")).order_by(field)
    return suppress({row[field] or "": row["n"] for row in found})
