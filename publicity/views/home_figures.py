"""Four figures of the newest signed release, with the course of the releases before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel import money
from publicity import rates
from publicity.models import Release
from publicity.sparks import spark

FEN_PER_WAN = 1_000_000


@dataclass(frozen=True)
class HomeFigure:
    """One number, its unit, its definition and, where enough months have it, its course as an SVG path."""

    name: str
    value: str
    unit: str
    definition: str
    spark: str


def _recovered(fen: float | None) -> tuple[str, str]:
    if fen is None:
        return rates.HIDDEN, ""
    if fen >= FEN_PER_WAN:
        return f"{fen / FEN_PER_WAN:,.1f}", _("万元")
    return money.yuan(int(fen)), _("元")


def _count(value: float | None) -> tuple[str, str]:
    return (rates.HIDDEN, "") if value is None else (f"{value:,.0f}", _("件"))


def home_figures(signed: Sequence[Release]) -> list[HomeFigure]:
    """The figures of the first of these releases (newest first); nothing when there is none."""
    if not signed:
        return []
    found = [release.tables["indicators"] for release in signed]

    def figure(
        name: str, read: Callable[[Any], float | None], say: Callable[[float | None], tuple[str, str]], defined: str
    ) -> HomeFigure:
        series = [read(one) for one in reversed(found)]
        value, unit = say(series[-1])
        words = defined if value != rates.HIDDEN else _("数量太少，为保护个人信息不显示")
        return HomeFigure(name, value, unit, words, spark(series))

    return [
        figure(_("接收量"), lambda row: row["received"], _count, _("这个月收到并登记的投诉")),
        figure(
            _("按时初查率"),
            lambda row: rates.percent_of(row["on_time_decision"]),
            lambda _value: rates.in_words(found[0]["on_time_decision"]),
            _("7 个工作日内决定 ÷ 应当决定"),
        ),
        figure(
            _("调解成功率"),
            lambda row: rates.percent_of(row["success"]),
            lambda _value: rates.in_words(found[0]["success"]),
            _("成功 ÷（成功 + 终止），撤回不计"),
        ),
        figure(_("挽回经济损失"), lambda row: row["recovered_fen"], _recovered, _("退回到消费者手里的钱")),
    ]
