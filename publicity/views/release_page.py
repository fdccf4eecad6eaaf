"""One release laid out for reading: figures with definitions, trend, bars, tiles."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext as _

from portal.kernel import money, regions
from publicity import charts, labels, rates
from publicity.models import Release

OTHER_PROBLEM = "P99"
OTHER_OBJECT = "Z99"


@dataclass(frozen=True)
class Figure:
    """One public number: its code in the data, its name, its value in words, its unit and its definition."""

    code: str
    name: str
    value: str
    unit: str
    definition: str


@dataclass(frozen=True)
class TrendRow:
    """One month of the trend's table; `change` against the month before is empty where either is hidden."""

    at: date
    value: int | None
    change: str


def _count(value: int | None) -> tuple[str, str]:
    return (rates.HIDDEN, "") if value is None else (f"{value:,}", _("件"))


def _money(fen: int | None) -> tuple[str, str]:
    return (rates.HIDDEN, "") if fen is None else (money.yuan(fen), _("元"))


def figures(tables: dict[str, Any]) -> list[Figure]:
    """The national series by their names, each with its formula."""
    found = tables["indicators"]

    def count(code: str, name: str, definition: str) -> Figure:
        return Figure(code, name, *_count(found[code]), definition)

    def rate(code: str, name: str, definition: str) -> Figure:
        return Figure(code, name, *rates.in_words(found[code]), definition)

    return [
        count("received", _("接收量"), _("本月收到并登记的投诉，同一件只算一次。")),
        count("accepted", _("受理量"), _("本月依法决定受理的投诉。")),
        count("closed", _("办结量"), _("本月办结的投诉，不论结果。")),
        rate(
            "on_time_decision",
            _("按时初查率"),
            _("7 个工作日内决定是否受理的 ÷ 本月应当决定的；期限内撤回、移送的不算。"),
        ),
        rate(
            "on_time_closing",
            _("按期办结率"),
            _("期限内办结的 ÷ 本月期限届满的；期限是受理后 60 日，鉴定时间不算。"),
        ),
        rate("success", _("调解成功率"), _("调解成功 ÷（调解成功 + 受理后终止）；撤回、自行和解都不计。")),
        count("self_settled", _("自行和解"), _("本月办结的投诉中双方自己谈成的；不计入调解成功率，单独列出。")),
        rate("overdue_open", _("在办逾期"), _("月末超过期限还没有办结的 ÷ 月末在办的。")),
        count("became_enforcement", _("诉转案"), _("本月办结的投诉中，到定稿时已经立案查处的。")),
        Figure(
            "recovered_fen",
            _("挽回经济损失"),
            *_money(found["recovered_fen"]),
            _("本月办结的投诉中退回、赔付给消费者的钱。"),
        ),
        Figure(
            "reports_received",
            _("举报接收量"),
            *_count(tables["reports_received"]),
            _("本月收到的举报；只计数，内容保密。"),
        ),
        Figure(
            "on_time_verification",
            _("按期核查率"),
            *rates.in_words(tables["on_time_verification"]),
            _("期限内核查完的举报 ÷ 本月应当核查完的；期限是 15 个工作日，经批准可以再加 15 个。"),
        ),
    ]


def _finding(rows: list[TrendRow]) -> str:
    """What the trend shows, as its heading."""
    last, before, year_ago = rows[-1], rows[-2], rows[0]
    if last.value is None:
        return _("每月接收量，最近十三个月")
    told = {"month": last.at.month, "n": f"{last.value:,}"}
    for other, more, fewer, same in (
        (
            year_ago,
            _("{month} 月接收 {n} 件，比上年同月多 {d} 件"),
            _("{month} 月接收 {n} 件，比上年同月少 {d} 件"),
            _("{month} 月接收 {n} 件，和上年同月一样"),
        ),
        (
            before,
            _("{month} 月接收 {n} 件，比上月多 {d} 件"),
            _("{month} 月接收 {n} 件，比上月少 {d} 件"),
            _("{month} 月接收 {n} 件，和上月一样"),
        ),
    ):
        if other.value:
            difference = last.value - other.value
            sentence = more if difference > 0 else fewer if difference < 0 else same
            return sentence.format(**told, d=f"{abs(difference):,}")
    return _("{month} 月接收 {n} 件").format(**told)


def _rows(trend: list[tuple[date, int | None]]) -> list[TrendRow]:
    values = [None, *(value for _at, value in trend)]
    return [
        TrendRow(at, value, f"{100 * (value - before) / before:+.1f}%".replace("-", "−") if value and before else "")
        for (at, value), before in zip(trend, values, strict=False)
    ]


@dataclass(frozen=True)
class ReleasePage:
    """What the template needs of one release."""

    figures: list[Figure]
    finding: str
    trend: charts.Trend
    trend_rows: list[TrendRow]
    year_change: str
    problems: tuple[charts.Bar, ...]
    objects: tuple[charts.Bar, ...]
    channels: tuple[charts.Bar, ...]
    sale_modes: tuple[charts.Bar, ...]
    tiles: tuple[charts.Tile, ...]
    extent: tuple[int, int]
    shades: tuple[charts.Shade, ...]
    has_hidden_tiles: bool
    districts: tuple[charts.Bar, ...]

    @classmethod
    def of(cls, release: Release) -> Self:
        tables, words = release.tables, labels.words()
        total = tables["indicators"]["received"]
        trend = [(date.fromisoformat(at), value) for at, value in tables["trend"]]

        def bars(key: str, facet: str, rest: str = "") -> tuple[charts.Bar, ...]:
            cells = [(words[facet].get(code, code or _("未填")), value) for code, value in tables[key].items()]
            return charts.bars(cells, total=total, rest=words[facet].get(rest, rest))

        districts = [(row, tables["by_district"].get(row.code, 0)) for row in regions.city().districts]
        rows = _rows(trend)
        values = [value for _district, value in districts]
        ends = [rows[0].value, rows[-1].value]
        return cls(
            figures=figures(tables),
            finding=_finding(rows),
            trend=charts.trend(trend),
            trend_rows=rows,
            year_change=_rows([(rows[0].at, ends[0]), (rows[-1].at, ends[1])])[-1].change,
            problems=bars("by_problem", "problem", OTHER_PROBLEM),
            objects=bars("by_object", "object_class", OTHER_OBJECT),
            channels=bars("by_channel", "channel"),
            sale_modes=bars("by_sale_mode", "sale_mode"),
            tiles=charts.tiles(districts),
            extent=charts.extent(regions.city().districts),
            shades=charts.shades(values),
            has_hidden_tiles=None in values,
            districts=charts.bars([(row.label, value) for row, value in districts], total=total),
        )
