"""The public book of the fund: one month as a page, as a table for spreadsheets, and whole for checking."""

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mediation import charts
from mediation.payout_rules import terms, tracks
from mediation.selectors import claims as selectors
from mediation.selectors import statements
from mediation.selectors.statements import Statement
from portal.kernel import access, money
from portal.kernel.errors import not_found
from portal.kernel.templatetags.portal import zhmonth

BOM = "\ufeff"


@access.public
@require_safe
def fund(request: HttpRequest) -> HttpResponse:
    """What was paid and recovered in a month, where the money came from and went, and what is there today."""
    found = selectors.city_fund()
    month = statements.month_wanted(found, request.GET.get("m", "")) if found else None
    context: dict[str, Any] = {"nav": "statistics", "fund": found, "terms": terms(), "tracks": tracks()}
    if found is None or month is None:
        return render(request, "mediation/fund_none.html", context)
    shown = statements.statement(fund=found, month=month)
    context |= {
        "shown": shown,
        "months": statements.months(found),
        "fall": _fall(shown),
        "balances": {row.kind: row.balance_fen for row in found.accounts.all()},
        "is_balanced": statements.is_balanced(found),
    }
    return render(request, "mediation/fund.html", context)


def _fall(shown: Statement) -> charts.Waterfall:
    changes = [(_("进账"), shown.income.fen), (_("赔付"), -shown.paid.fen)]
    if shown.returned.fen:
        changes.append((_("退回"), shown.returned.fen))
    changes.append((_("追回"), shown.recovered.fen))
    end = _("今天") if shown.is_running else _("月末")
    return charts.waterfall((_("月初"), shown.opening_fen), changes, (end, shown.closing_fen))


def _statement(month: str) -> Statement:
    found = selectors.the_fund()
    wanted = statements.month_wanted(found, month)
    if wanted is None:
        raise not_found()
    return statements.statement(fund=found, month=wanted)


@access.public
@require_safe
def fund_csv(request: HttpRequest, month: str) -> HttpResponse:
    """The month's statement for spreadsheets, amounts in yuan."""
    shown = _statement(month)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("资金"), _("月份"), _("项目"), _("笔数"), _("金额（元）")])
    rows: tuple[tuple[str, int | str, int], ...] = (
        (_("月初结余"), "", shown.opening_fen),
        (_("进账"), shown.income.count, shown.income.fen),
        (_("赔付"), shown.paid.count, -shown.paid.fen),
        (_("银行退回"), shown.returned.count, shown.returned.fen),
        (_("追回"), shown.recovered.count, shown.recovered.fen),
        (_("月末结余"), "", shown.closing_fen),
    )
    for name, count, fen in rows:
        writer.writerow([shown.fund.name, zhmonth(shown.month), name, count, money.yuan(fen).replace(",", "")])
    answer = HttpResponse(BOM + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="fund-{shown.month:%Y-%m}.csv"'
    return answer


@access.public
@require_safe
def fund_json(request: HttpRequest, month: str) -> JsonResponse:
    """The month's figures with the entries from which they follow, and the fingerprint over both."""
    shown = _statement(month)
    return JsonResponse({"statement": shown.body, "sha256": shown.sha256}, json_dumps_params={"ensure_ascii": False})
