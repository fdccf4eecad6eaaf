"""Monthly releases: computed from facts alone, frozen, signed by a second person."""

import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from portal.kernel import clock, events
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused
from publicity.models import CaseFact, Release
from publicity.suppression import suppress

TREND_MONTHS = 13
Outcome = CaseFact.Outcome


def first_of(day: date) -> date:
    """The first day of the month of *day*."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the following month."""
    return first_of(first_of(month) + timedelta(days=32))


def _months_back(month: date, count: int) -> date:
    serial = month.year * 12 + month.month - 1 - count
    return date(serial // 12, serial % 12 + 1, 1)


def _ratio(part: int, whole: int) -> dict[str, int | None]:
    """A ratio with its parts, or nothing at all when the whole is too small to be shown."""
    shown = suppress({"part": part, "rest": whole - part})
    if whole == 0 or None in shown.values():
        return {"part": None, "whole": None}
    return {"part": part, "whole": whole}


def _indicators(complaints: QuerySet[CaseFact], start: date, end: date) -> dict[str, Any]:
    def count(where: Q) -> int:
        return complaints.filter(where).count()

    decision_due = Q(decision_due_on__gte=start, decision_due_on__lt=end)
    closing_due = Q(mediation_due_on__gte=start, mediation_due_on__lt=end)
    closed = Q(closed_on__gte=start, closed_on__lt=end)
    settled = count(closed & Q(outcome=Outcome.SETTLED))
    ended = count(
        closed
        & Q(was_accepted=True)
        & Q(outcome__in=[Outcome.NOT_AGREED, Outcome.MERCHANT_REFUSED, Outcome.CONSUMER_REFUSED, Outcome.OTHER])
    )
    open_at_end = Q(received_on__lt=end) & (Q(closed_on=None) | Q(closed_on__gte=end))
    overdue = open_at_end & (
        (Q(decision_due_on__lt=end) & (Q(decided_on=None) | Q(decided_on__gte=end))) | Q(mediation_due_on__lt=end)
    )
    recovered = complaints.filter(closed).aggregate(fen=Sum("recovered_fen"))["fen"] or 0
    counts = {
        "received": count(Q(received_on__gte=start, received_on__lt=end)),
        "accepted": count(Q(decided_on__gte=start, decided_on__lt=end, was_accepted=True)),
        "closed": count(closed),
        "self_settled": count(closed & Q(outcome=Outcome.SELF_SETTLED)),
        "became_enforcement": count(closed & Q(became_enforcement=True)),
    }
    return {
        **{name: suppress({name: value})[name] for name, value in counts.items()},
        "on_time_decision": _ratio(count(decision_due & Q(decided_on__lte=F("decision_due_on"))), count(decision_due)),
        "on_time_closing": _ratio(count(closing_due & Q(closed_on__lte=F("mediation_due_on"))), count(closing_due)),
        "success": _ratio(settled, settled + ended),
        "overdue_open": _ratio(count(overdue), count(open_at_end)),
        "recovered_fen": recovered if counts["closed"] >= 5 else None,
    }


def _by(rows: QuerySet[CaseFact], field: str) -> dict[str, int | None]:
    counts = {row[field] or "": row["n"] for row in rows.values(field).annotate(n=Count("id")).order_by(field)}
    return suppress(counts)


def _tables(month: date) -> dict[str, Any]:
    start, end = month, month_after(month)
    facts = CaseFact.objects.filter(received_on__lt=end)
    complaints = facts.filter(kind=CaseFact.Kind.COMPLAINT)
    received = complaints.filter(received_on__gte=start)
    since = _months_back(month, TREND_MONTHS - 1)
    monthly: Counter[date] = Counter()
    for row in (
        complaints.filter(received_on__gte=since)
        .annotate(m=TruncMonth("received_on"))
        .values("m")
        .annotate(n=Count("id"))
    ):
        monthly[row["m"]] = row["n"]
    months = [_months_back(month, back) for back in range(TREND_MONTHS - 1, -1, -1)]
    reports = facts.filter(kind=CaseFact.Kind.REPORT, received_on__gte=start).count()
    return {
        "month": month.isoformat(),
        "indicators": _indicators(complaints, start, end),
        "reports_received": suppress({"reports": reports})["reports"],
        "trend": [[at.isoformat(), suppress({"n": monthly[at]})["n"]] for at in months],
        "by_district": _by(received, "district"),
        "by_problem": _by(received, "problem"),
        "by_object": _by(received, "object_class"),
        "by_channel": _by(received, "channel"),
        "by_regime": _by(received, "regime"),
    }


def fingerprint(tables: dict[str, Any]) -> str:
    """The SHA-256 of the canonical JSON of a release's tables: what its signer signs and anyone can recompute."""
    canonical = json.dumps(tables, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def compute(*, month: date, who: Who, note: str = "") -> Release:
    """Freeze the tables of a finished month as a draft; a month already signed gets a new edition with a note.

    Refuses `month_unfinished`, and `note_needed` for a correction without its reason.
    """
    analyst = require(who, Role.ANALYST)
    month = first_of(month)
    if month_after(month) > clock.today():
        raise Refused("month_unfinished", _("这个月还没有过完，不能定稿。"), field="month")
    latest = Release.objects.select_for_update().filter(month=month).order_by("-edition").first()
    if latest is not None and latest.state == Release.State.DRAFT:
        raise Refused("draft_exists", _("这个月已经有一份待签发的稿子。"), field="month")
    if latest is not None and not note.strip():
        raise Refused("note_needed", _("更正已发布的统计，请写明原因。"), field="note")
    tables = _tables(month)
    release = Release.objects.create(
        month=month,
        edition=latest.edition + 1 if latest else 1,
        tables=tables,
        sha256=fingerprint(tables),
        made_by=analyst,
        made_at=clock.now(),
        note=note.strip(),
    )
    events.record("release.computed", release, actor=analyst, sha256=release.sha256)
    return release


@transaction.atomic
def sign(*, release_id: int, who: Who) -> Release:
    """A second person signs the frozen tables; an earlier edition of the month is marked as superseded."""
    release = Release.objects.select_for_update().get(pk=release_id)
    signer = require(who, Role.STATISTICS_APPROVER)
    if release.state != Release.State.DRAFT:
        raise Refused("already_signed", _("这一期已经签发。"))
    if signer.pk == release.made_by_id:
        raise Refused("maker_is_approver", _("编制人和签发人不能是同一个人。"))
    if fingerprint(release.tables) != release.sha256:
        raise Refused("tables_changed", _("数据与定稿时的指纹不一致，请重新定稿。"))
    Release.objects.filter(month=release.month, state=Release.State.SIGNED).update(state=Release.State.SUPERSEDED)
    release.state = Release.State.SIGNED
    release.signed_by = signer
    release.signed_at = clock.now()
    release.save()
    events.record("release.signed", release, actor=signer, sha256=release.sha256)
    return release
