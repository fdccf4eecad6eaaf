"""Registered businesses come in from a table, once per credit code, with a reason for every refused row."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.kernel import jobs
from portal.kernel.errors import Refused
from portal.kernel.models import Event, Job
from publicity.models import Shop
from publicity.selectors import shops
from publicity.services.shop_imports import district_of, import_shops
from tests import build

pytestmark = pytest.mark.django_db
HEAD = "企业名称,统一社会信用代码,注册日期,经营范围,所在省份,地区,注册地址"


def a_table(*rows: str) -> list[str]:
    return [HEAD, *rows]


def three_good_rows() -> list[str]:
    return [
        f'天津示例百货商店,{build.a_credit_code()},1979-05-01,"百货,零售",天津,和平,天津市和平区华中路2号',
        f"天津示例药店,{build.a_credit_code()},1979-05-01,药品,天津,滨海,N/A",
        f"天津示例商行,{build.a_credit_code()},1979-05-01,日用,天津市,保税区,海滨示例路 8 号",
    ]


def test_a_table_comes_in_and_a_second_time_changes_nothing() -> None:
    table = a_table(*three_good_rows())

    first = import_shops(lines=table)
    again = import_shops(lines=table)
    jobs.drain()

    assert (first.made, first.known, first.refused) == (3, 0, [])
    assert (again.made, again.known, again.refused) == (0, 3, [])
    assert [(row.name, row.district, row.address) for row in Shop.objects.order_by("pk")] == [
        ("天津示例百货商店", "120101", "天津市和平区华中路2号"),
        ("天津示例药店", "120116", ""),
        ("天津示例商行", "120116", "海滨示例路 8 号"),
    ]
    assert Event.objects.filter(name="shop.registered").count() == 3
    assert [str(hit.shop) for hit in shops.look_up(who=build.a_citizen(), text="示例药店").hits] == ["天津示例药店"]


def test_a_dry_run_reads_everything_and_writes_nothing() -> None:
    outcome = import_shops(lines=a_table(*three_good_rows()), dry_run=True)

    assert outcome.made == 3
    assert (Shop.objects.count(), Event.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_refused_rows_are_told_with_line_and_reason_and_the_others_come_in() -> None:
    good = build.a_credit_code()
    table = a_table(
        f"天津示例一店,{good},,,天津,南开,N/A",
        "天津示例二店,120104000012345,,,天津,南开,N/A",
        "天津示例三店,N/A,,,天津,南开,N/A",
        f"石家庄示例店,{build.a_credit_code()},,,河北省,桥西,N/A",
        f"N/A,{build.a_credit_code()},,,天津,南开,N/A",
        f"天津示例一店,{good},,,天津,南开,N/A",
    )

    outcome = import_shops(lines=table)

    assert (outcome.made, outcome.known) == (1, 1)
    assert [(row.line, row.why[:11]) for row in outcome.refused] == [
        (3, "这是旧的 15 位注册"),
        (4, "请填写统一社会信用代码"),
        (5, "不是本市的商家：河北省"),
        (6, "请写商家的名称。"),
    ]
    assert Shop.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "address", "region", "district"),
    [
        ("南开", "", "120000", "120104"),
        ("滨海新区", "", "120000", "120116"),
        ("", "天津市河东区示例路 1 号", "120000", "120102"),
        ("", "", "120111", "120111"),
        ("塘沽", "", "120000", "120116"),
        ("", "杨村大桥东路", "120222", "120114"),
        ("", "", "120107", "120116"),
    ],
)
def test_the_district_is_read_from_what_there_is(place: str, address: str, region: str, district: str) -> None:
    assert district_of(place=place, address=address, region=region, places={"塘沽": "120116"}) == district


def test_a_place_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="place"):
        district_of(place="别处", address="", region="110101", places={})


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        import_shops(lines=["name,code", "a,b"])

    assert "注册地址" in str(refusal.value.sentence)


def test_the_command_reports_and_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    file, out = tmp_path / "shops.csv", StringIO()
    file.write_text("\n".join(a_table(*three_good_rows(), "坏行,1,,,天津,南开,N/A")), encoding="utf-8-sig")

    call_command("import_shops", file, "--dry-run", stdout=out)
    assert "可以登记 3 家，原来就有 0 家，没有收 1 行。" in out.getvalue()
    call_command("import_shops", file, stdout=out)
    assert "已登记 3 家" in out.getvalue()
    assert "第 5 行 1：统一社会信用代码应是 18 位，请核对。" in out.getvalue()
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("import_shops", tmp_path / "absent.csv")


def test_more_than_one_batch_comes_in_whole() -> None:
    rows = [f"天津示例{number}号店,{build.a_credit_code()},,,天津,南开,N/A" for number in range(205)]

    assert import_shops(lines=a_table(*rows)).made == 205
    assert Job.objects.filter(name="publicity.index_shops").count() == 2
