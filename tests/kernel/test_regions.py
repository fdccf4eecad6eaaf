"""The city pack: Tianjin as it is, and a broken pack as one sentence."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from portal.kernel import regions
from portal.kernel.models import Organisation

CITY = regions.load(regions.PACKS / "tianjin")


def test_sixteen_districts_that_add_up() -> None:
    assert len(CITY.districts) == 16
    assert sum(row.residents for row in CITY.districts) == 13_866_009
    assert sum(row.streets for row in CITY.districts) == 299
    assert {row.code[:4] for row in CITY.districts} == {"1201"}
    assert {row.name for row in CITY.districts if row.group == "outer"} == {
        "武清区",
        "宝坻区",
        "宁河区",
        "静海区",
        "蓟州区",
    }


def test_a_code_of_a_former_county_leads_to_its_district() -> None:
    assert CITY.district_by_code["120222"] == CITY.district_by_code["120114"] == "120114"
    assert len(CITY.district_by_code) == 16 + 8


def test_every_district_has_its_bureau_and_default_route() -> None:
    for district in CITY.districts:
        bureau = CITY.bureau_of(district.code)
        assert bureau.name == f"天津市{district.name}市场监督管理局"
        assert [route.unit for route in CITY.routes if route.district == district.code] == [bureau.code]
    assert CITY.hub.name == "天津市12315投诉举报中心"
    zones = [body for body in CITY.bureaus if body.is_zone]
    assert {body.district for body in zones} == {"120116"}
    assert {body.parent for body in zones} == {CITY.bureau_of("120116").code}


def test_a_matter_of_another_department_is_routed_there_with_its_hotline() -> None:
    answering = {row.body: row for row in CITY.departments}
    for topic in CITY.topics:
        routes = [route.unit for route in CITY.routes if route.topic == topic.code]
        assert routes == ([topic.department] if topic.department else [])
        assert not topic.department or answering[topic.department].hotline
    assert answering["tj-finance"].hotline == "12378"
    assert answering["tj-finance"].checked_on == date(2026, 11, 23)
    assert answering["tj-water"].checked_on is None


def test_bodies_can_become_organisations() -> None:
    for body in CITY.bodies:
        row = Organisation(
            code=body.code,
            name=body.name,
            short_name=body.short_name,
            document_prefix=body.document_prefix,
            kind=body.kind,
            district=body.district,
            phone=body.phone,
            address=body.address,
        )
        row.clean_fields()


def test_placeholder_numbers_are_recognisable() -> None:
    own = [body for body in CITY.bodies if body.kind != "department"]
    assert all(body.phone.startswith("022-0000-") for body in own)
    assert len({body.phone for body in own}) == len(own)


def test_classes_are_complete() -> None:
    assert [row.code for row in CITY.problems] == [*(f"P{number:02}" for number in range(1, 17)), "P99"]
    assert len(CITY.cca_classes) == 10
    assert [row.kind for row in CITY.objects].count("goods") == 10
    assert [row.kind for row in CITY.objects].count("service") == 13
    assert len(CITY.trades) == 11
    assert len(CITY.sections) == 20
    assert {row.code for row in CITY.schemes} == {"honest", "assured", "no_reason"}
    assert CITY.schemes[0].owners == ("tj-commerce", "tj-civilization")
    assert {row.code for row in CITY.claims if row.asks_money} == {"refund", "compensate"}


def test_fund_terms_and_number_forms() -> None:
    fund = CITY.funds[0]
    assert (fund.small_claim_fen, fund.ordinary_claim_fen, fund.consumer_year_fen) == (50_000, 1_000_000, 2_000_000)
    assert (fund.demand_wd, fund.repay_cd, fund.unperformed_wd) == (5, 15, 3)
    assert CITY.numbers.complaint.format(day=date(2026, 11, 24), number=7) == "TJ-TS-20261124-000007"
    prefix = CITY.bureau_of("120101").document_prefix
    written = CITY.numbers.document.format(prefix=prefix, day=date(2026, 11, 24), number=7)
    assert written == "津和平市监〔2026〕7号"


def test_names_are_official_and_labels_follow_the_reader() -> None:
    assert str(CITY.districts[0]) == "和平区"
    with translation.override("en"):
        assert regions.district_label("120101") == "Heping"
        assert regions.district_name("120101") == "和平区"
    assert regions.district_label("120101") == "和平区"
    assert regions.problem_name("P02") == "售后服务"
    assert regions.object_name("G01") == "家用电子电器类"
    assert regions.topic_name("prepaid") == "预付卡"
    assert regions.district_name("999999") == "999999"


def test_everything_has_an_english_label() -> None:
    for part in ("districts", "problems", "objects", "claims", "sale_modes", "channels", "topics", "trades", "schemes"):
        assert all(row.name_en for row in getattr(CITY, part)), part


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return shutil.copytree(regions.PACKS / "tianjin", tmp_path / "示例")


def change(pack: Path, name: str, edit: Callable[[dict[str, Any]], object]) -> None:
    path = pack / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


A_YEAR: dict[str, Any] = {"year": 2026, "off": ["2026-11-27"], "on": [], "source": "示例通知"}


def own_days(**changes: Any) -> Callable[[dict[str, Any]], object]:
    """The pack's own working days with one year of them, right but for *changes*."""
    return lambda content: content.update(workdays=[A_YEAR | changes])


def test_another_city_is_another_folder(pack: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    change(pack, "city", lambda content: content.update(name="示例市"))
    monkeypatch.setattr(regions, "PACKS", pack.parent)
    settings.CITY = pack.name
    assert regions.city().name == "示例市"
    assert regions.district_name("120101") == "和平区"


@pytest.mark.parametrize(
    ("name", "edit", "sentence"),
    [
        ("city", lambda c: c.pop("area_code"), "示例/city.json 的 city.area_code：没有填写。"),
        ("city", lambda c: c.update(mayor="x"), "示例/city.json 的 city.mayor：没有这一项。"),
        (
            "city",
            lambda c: c["numbers"].update(complaint="TJ-{year}"),
            "示例/city.json 的 numbers.complaint：格式不对。",
        ),
        ("city", lambda c: c["numbers"].update(claim="TJ"), "示例/city.json 的 numbers.claim：里面没有 {number}。"),
        ("districts", lambda c: c.pop("districts"), "示例/districts.json 的 districts：没有填写。"),
        ("districts", lambda c: c.update(groups=[]), "示例/districts.json 的 groups：应是一个不空的列表。"),
        (
            "districts",
            lambda c: c["districts"][3].update(residents="x"),
            "示例/districts.json 的 districts[3].residents：应是不小于零的整数。",
        ),
        (
            "districts",
            lambda c: c["districts"][3].update(code="120101"),
            "示例/districts.json 的 districts[3].code：120101 重复或没有填写。",
        ),
        (
            "districts",
            lambda c: c["districts"][3].update(group="moon"),
            "示例/districts.json 的 districts[3].group：没有代码为 moon 的分组。",
        ),
        (
            "districts",
            lambda c: c["districts"][3].update(tile=c["districts"][2]["tile"]),
            "示例/districts.json 的 districts[3].tile：应是两个数，且不与别的区重叠。",
        ),
        (
            "districts",
            lambda c: c["districts"][3].update(former_codes=["120101"]),
            "示例/districts.json 的 districts[3].former_codes：120101 已是别的区的代码。",
        ),
        ("bodies", lambda c: c["bodies"].pop(2), "示例/bodies.json 的 bodies：和平区应有且只有一个市场监管局。"),
        (
            "bodies",
            lambda c: c["bodies"][5].update(district="990000"),
            "示例/bodies.json 的 bodies[5].district：没有代码为 990000 的区。",
        ),
        (
            "bodies",
            lambda c: c["bodies"][5].update(kind="castle"),
            "示例/bodies.json 的 bodies[5].kind：没有代码为 castle 的机构类别。",
        ),
        (
            "bodies",
            lambda c: c["bodies"][5].update(document_prefix=""),
            "示例/bodies.json 的 bodies[5].document_prefix：市场监管局要有文号前缀。",
        ),
        (
            "bodies",
            lambda c: c["bodies"][5].update(is_zone="no"),
            "示例/bodies.json 的 bodies[5].is_zone：应是 true 或 false。",
        ),
        (
            "departments",
            lambda c: c["departments"][0].update(checked_on="昨天"),
            "示例/departments.json 的 departments[0].checked_on：应是 2026-04-15 这样的日期。",
        ),
        (
            "departments",
            lambda c: c["topics"][20].update(department="tj-nobody"),
            "示例/departments.json 的 topics[20].department：没有代码为 tj-nobody 的负责部门。",
        ),
        (
            "routing",
            lambda c: c["routes"][1].update(topic="weather"),
            "示例/routing.json 的 routes[1].topic：没有代码为 weather 的事项。",
        ),
        (
            "routing",
            lambda c: c["routes"].append(c["routes"][1]),
            "示例/routing.json 的 routes[30]：同一区、同一事项、同一天已有一条规则。",
        ),
        (
            "classes",
            lambda c: c["problems"][0].update(cca_class="none"),
            "示例/classes.json 的 problems[0].cca_class：没有代码为 none 的消协分类。",
        ),
        (
            "classes",
            lambda c: c["problems"][0].update(name=" 质量"),
            "示例/classes.json 的 problems[0].name：应是文字，前后不留空格。",
        ),
        (
            "schemes",
            lambda c: c["schemes"][0].update(owners=["x"]),
            "示例/schemes.json 的 schemes[0].owners[0]：没有代码为 x 的机构。",
        ),
        (
            "departments",
            lambda c: c["departments"][0].update(body="tj-nobody"),
            "示例/departments.json 的 departments[0].body：没有代码为 tj-nobody 的机构。",
        ),
        (
            "schemes",
            lambda c: c["schemes"][1].update(plate_letters="CX"),
            "示例/schemes.json 的 schemes[1].plate_letters：CX 重复或没有填写。",
        ),
        (
            "schemes",
            lambda c: c["schemes"][0].update(plate_title="诚信经营承诺"),
            "示例/schemes.json 的 schemes[0].plate_title：牌面上只放得下 1 至 5 个字。",
        ),
        (
            "schemes",
            lambda c: c["schemes"][1].update(is_open=True),
            "示例/schemes.json 的 schemes：开放申请（is_open）的应有且只有一个。",
        ),
        ("workdays", lambda c: c.clear(), "示例/workdays.json 的 workdays：没有填写。"),
        ("workdays", lambda c: c.update(workdays={}), "示例/workdays.json 的 workdays：应是一个列表。"),
        ("workdays", own_days(holiday=[]), "示例/workdays.json 的 workdays[0].holiday：没有这一项。"),
        (
            "workdays",
            own_days(off=["2026-11-27", "2025-11-27"]),
            "示例/workdays.json 的 workdays[0].off[1]：2025-11-27 不在 2026 年。",
        ),
        ("workdays", own_days(off=["立冬"]), "示例/workdays.json 的 workdays[0].off[0]：应是 2026-04-15 这样的日期。"),
        (
            "workdays",
            own_days(off=["2026-11-27", "2026-11-27"]),
            "示例/workdays.json 的 workdays[0].off[1]：2026-11-27 已经写过。",
        ),
        (
            "workdays",
            own_days(on=["2027-12-05"]),
            "示例/workdays.json 的 workdays[0].on[0]：2027-12-05 不在 2026 年。",
        ),
        (
            "workdays",
            own_days(on=["2026-11-27"]),
            "示例/workdays.json 的 workdays[0].on[0]：2026-11-27 不能既放假又上班。",
        ),
        (
            "workdays",
            own_days(on=["2026-12-07"]),
            "示例/workdays.json 的 workdays[0].on[0]：2026-12-07 是周一至周五，不是调休上班日。",
        ),
        ("workdays", own_days(source=""), "示例/workdays.json 的 workdays[0].source：没有填写。"),
        ("workdays", own_days(off=[]), "示例/workdays.json 的 workdays[0].off：这一年没有写任何一天。"),
        (
            "workdays",
            lambda c: c.update(workdays=[A_YEAR, A_YEAR]),
            "示例/workdays.json 的 workdays[1].year：2026 年已经写过。",
        ),
        (
            "funds",
            lambda c: c["funds"][0].update(ordinary_claim_fen=1),
            "示例/funds.json 的 funds[0].ordinary_claim_fen：应不小于小额上限，不大于每人每年上限。",
        ),
    ],
)
def test_a_broken_pack_stops_with_one_sentence(
    pack: Path, name: str, edit: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    change(pack, name, edit)
    with pytest.raises(regions.BadPack) as bad:
        regions.load(pack)
    assert str(bad.value) == f"城市包 {sentence}"


def test_a_missing_or_unreadable_file_is_named(pack: Path) -> None:
    whole = (pack / "funds.json").read_text(encoding="utf-8")
    (pack / "funds.json").write_text("{", encoding="utf-8")
    with pytest.raises(regions.BadPack, match=r"funds\.json：不是正确的 JSON"):
        regions.load(pack)
    (pack / "funds.json").write_text("[]", encoding="utf-8")
    with pytest.raises(regions.BadPack, match=r"funds\.json：最外层应是一个对象"):
        regions.load(pack)
    (pack / "funds.json").write_text(whole, encoding="utf-8")
    for name in ("funds", "workdays"):
        (pack / f"{name}.json").rename(pack / "away")
        with pytest.raises(regions.BadPack, match=rf"^城市包 示例/{name}\.json：没有这个文件。$"):
            regions.load(pack)
        (pack / "away").rename(pack / f"{name}.json")
