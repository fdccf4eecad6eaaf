"""One release laid out for reading: figures with definitions, trend, bars, tiles."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext as _

from portal.kernel import money, regions
from publicity import charts, labels
from publicity.models import Release


@dataclass(frozen=True)
class Figure:
    """One public number: its name, its value in words (— where suppressed), its unit and its definition."""

    name: str
    value: str
    unit: str
    definition: str


HIDDEN = "—"


def _count(value: int | None) -> str:
    return HIDDEN if value is None else f"{value:,}"


def _percent(ratio: dict[str, Any]) -> str:
    return HIDDEN if not ratio["whole"] else f"{100 * ratio['part'] / ratio['whole']:.1f}"


def figures(found: dict[str, Any]) -> list[Figure]:
    """The national series by their names, each with its formula."""
    piece, percent = _("件"), "%"
    recovered = found["recovered_fen"]
    return [
        Figure(_("接收量"), _count(found["received"]), piece, _("本月收到并登记的投诉，同一件只算一次。")),
        Figure(_("受理量"), _count(found["accepted"]), piece, _("本月依法决定受理的投诉。")),
        Figure(_("办结量"), _count(found["closed"]), piece, _("本月办结的投诉，不论结果。")),
        Figure(
            _("按时初查率"),
            _percent(found["on_time_decision"]),
            percent,
            _("7 个工作日内作出受理决定的 ÷ 本月应当决定的。"),
        ),
        Figure(
            _("按期办结率"),
            _percent(found["on_time_closing"]),
            percent,
            _("期限内办结的 ÷ 本月调解期限届满的；期限是受理后 60 日，鉴定时间不算。"),
        ),
        Figure(
            _("调解成功率"),
            _percent(found["success"]),
            percent,
            _("调解成功 ÷（调解成功 + 受理后终止），撤回和自行和解不计。"),
        ),
        Figure(_("自行和解"), _count(found["self_settled"]), piece, _("双方自己谈成的，不计入调解成功率，单独列出。")),
        Figure(_("在办逾期"), _percent(found["overdue_open"]), percent, _("月末超过期限还没有办结的 ÷ 月末在办的。")),
        Figure(_("诉转案"), _count(found["became_enforcement"]), piece, _("由投诉发现线索并立案的。")),
        Figure(
            _("挽回经济损失"),
            HIDDEN if recovered is None else money.yuan(recovered),
            _("元"),
            _("本月办结的投诉中退回、赔付给消费者的钱。"),
        ),
    ]


@dataclass(frozen=True)
class ReleasePage:
    """What the template needs of one release."""

    month: date
    figures: list[Figure]
    trend: charts.Trend
    trend_rows: list[tuple[date, int | None]]
    problems: tuple[charts.Bar, ...]
    objects: tuple[charts.Bar, ...]
    channels: tuple[charts.Bar, ...]
    tiles: tuple[charts.Tile, ...]
    reports: str

    @classmethod
    def of(cls, release: Release) -> Self:
        tables, words = release.tables, labels.words()
        trend_rows = [(date.fromisoformat(at), value) for at, value in tables["trend"]]

        def named(key: str, facet: str) -> list[tuple[str, int | None]]:
            return [(words[facet].get(code, code or _("未填")), value) for code, value in tables[key].items()]

        districts = [(row, tables["by_district"].get(row.code, 0)) for row in regions.city().districts]
        return cls(
            month=release.month,
            figures=figures(tables["indicators"]),
            trend=charts.trend([(str(at.month), value) for at, value in trend_rows]),
            trend_rows=trend_rows,
            problems=charts.bars(named("by_problem", "problem")),
            objects=charts.bars(named("by_object", "object_class")),
            channels=charts.bars(named("by_channel", "channel")),
            tiles=charts.tiles(districts),
            reports=_count(tables["reports_received"]),
        )
