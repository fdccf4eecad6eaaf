"""A release as one long table: which table, which code, its word, the number and what it means."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.templatetags.portal import zhday
from publicity import labels
from publicity.disclosure_rules import SMALLEST_CELL
from publicity.models import Release
from publicity.views.release_page import figures

Row = tuple[object, ...]


def rows_of(release: Release) -> Iterator[Row]:
    """The column names, what release this is, the indicators, the trend and every breakdown."""
    tables, words = release.tables, labels.words()
    yield (_("表"), _("代码"), _("名称"), _("数值"), _("分母"), _("说明"))
    yield (_("发布"), release.month.strftime("%Y-%m"), _("第几版"), release.edition, "", zhday(release.signed_at))
    yield (_("发布"), "sha256", _("指纹"), release.sha256, "", _("JSON 里 tables 的规范写法的 SHA-256"))
    yield from _indicators(tables)
    for at, value in tables["trend"]:
        yield (_("每月接收量"), at[:7], at[:7], *_number(value), _("按收到的日期归月，单位：件。"))
    for key, facet, title in (
        ("by_district", "district", _("区")),
        ("by_problem", "problem", _("问题")),
        ("by_object", "object_class", _("商品或服务")),
        ("by_channel", "channel", _("接收渠道")),
        ("by_sale_mode", "sale_mode", _("销售方式")),
        ("by_regime", "", _("适用的办法")),
    ):
        known = words.get(facet, {})
        for code, value in tables[key].items():
            yield (title, code, known.get(code, code or _("未填")), *_number(value), _("本月接收量，单位：件。"))


def _indicators(tables: Mapping[str, Any]) -> Iterator[Row]:
    values = {**tables["indicators"], **{key: tables[key] for key in ("reports_received", "on_time_verification")}}
    for figure in figures(dict(tables)):
        value = values[figure.code]
        if isinstance(value, dict):
            numbers = _ratio(value)
        elif figure.code == "recovered_fen" and value is not None:
            numbers = (f"{value // 100}.{value % 100:02d}", "")
        else:
            numbers = _number(value)
        yield (_("主要数字"), figure.code, figure.name, *numbers, figure.definition)


def _number(value: int | None) -> tuple[object, object]:
    return (_("不显示") if value is None else value, "")


def _ratio(value: Mapping[str, Any]) -> tuple[object, object]:
    """Part and whole; of a rate with a small side the part is a bound."""
    if value["whole"] is None:
        return (_("不显示"), "")
    most = SMALLEST_CELL - 1
    bounds = {"part": f"≤{most}", "rest": f"≥{value['whole'] - most}"}
    return (bounds.get(value["few"], value["part"]), value["whole"])
