"""Load a city pack and prove that its parts fit together."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import chain
from pathlib import Path

from portal.kernel.models.user import Organisation
from portal.kernel.regions import pack
from portal.kernel.regions.reader import DataFile

EVERY_DISTRICT = "*"
ITS_BUREAU = "@bureau"
SATURDAY = 5
MOST_PLATE_CHARS = {"plate_letters": 4, "plate_rim": 18, "plate_title": 5, "plate_subtitle": 5}
MARKS = frozenset("VPM")
FILES = ("city", "districts", "bodies", "departments", "routing", "classes", "schemes", "funds", "workdays")
OBJECT_KINDS = frozenset({"goods", "service", "other"})


def load(folder: Path) -> pack.City:
    """The city in *folder*; BadPack with one sentence that names file and key when anything in it is wrong."""
    city, districts, bodies, departments, routing, classes, schemes, funds, workdays = (
        DataFile(folder / f"{name}.json") for name in FILES
    )
    found = city.row(
        "city",
        {key: value for key, value in city.content.items() if key != "numbers"},
        pack.City,
        numbers=city.object("numbers", pack.NumberForms),
        groups=districts.rows("groups", pack.Named),
        districts=districts.rows("districts", pack.District),
        bodies=bodies.rows("bodies", pack.Body),
        departments=departments.rows("departments", pack.Department),
        topics=departments.rows("topics", pack.Topic),
        routes=routing.rows("routes", pack.Route),
        cca_classes=classes.rows("cca_classes", pack.Named),
        problems=classes.rows("problems", pack.Problem),
        objects=classes.rows("objects", pack.ObjectClass),
        claims=classes.rows("claims", pack.ClaimKind),
        sale_modes=classes.rows("sale_modes", pack.Named),
        channels=classes.rows("channels", pack.Named),
        sections=classes.rows("sections", pack.Section),
        trades=schemes.rows("trades", pack.Trade),
        schemes=schemes.rows("schemes", pack.Scheme),
        funds=funds.rows("funds", pack.FundTerms),
        workdays=workdays.rows("workdays", pack.CityDays, may_be_empty=True),
    )
    _check_numbers(city, found.numbers)
    _check_codes(districts, found, "groups", "districts")
    _check_codes(bodies, found, "bodies")
    _check_codes(departments, found, "topics")
    _check_codes(classes, found, "cca_classes", "problems", "objects", "claims", "sale_modes", "channels", "sections")
    _check_codes(schemes, found, "trades", "schemes")
    _check_codes(funds, found, "funds")
    _check_places(districts, found)
    _check_bodies(bodies, found)
    _check_departments(departments, found)
    _check_routes(routing, found)
    _check_classes(classes, found)
    _check_schemes(schemes, found)
    _check_funds(funds, found)
    _check_workdays(workdays, found)
    return replace(found, routes=tuple(chain.from_iterable(_spread(route, found) for route in found.routes)))


def _spread(route: pack.Route, city: pack.City) -> Iterable[pack.Route]:
    if route.district != EVERY_DISTRICT:
        yield route
        return
    for district in city.districts:
        unit = city.bureau_of(district.code).code if route.unit == ITS_BUREAU else route.unit
        yield replace(route, district=district.code, unit=unit)


def _known(file: DataFile, key: str, code: str, codes: Iterable[str], what: str) -> None:
    if code not in codes:
        raise file.bad(key, f"没有代码为 {code or '（空）'} 的{what}")


def _codes(rows: Sequence[pack.Named | pack.Section]) -> frozenset[str]:
    return frozenset(row.code for row in rows)


def _check_codes(file: DataFile, city: pack.City, *keys: str) -> None:
    for key in keys:
        seen: set[str] = set()
        for place, row in enumerate(getattr(city, key)):
            if not row.code or row.code in seen:
                raise file.bad(f"{key}[{place}].code", f"{row.code or '（空）'} 重复或没有填写")
            if not row.name:
                raise file.bad(f"{key}[{place}].name", "没有填写")
            seen.add(row.code)


def _check_numbers(file: DataFile, forms: pack.NumberForms) -> None:
    sample = {"day": date(2026, 1, 2), "number": 3, "prefix": "示", "scheme": "示例"}
    for field in fields(forms):
        try:
            written = getattr(forms, field.name).format(**sample)
        except (KeyError, ValueError, IndexError):
            raise file.bad(f"numbers.{field.name}", "格式不对") from None
        if "3" not in written:
            raise file.bad(f"numbers.{field.name}", "里面没有 {number}")


def _check_places(file: DataFile, city: pack.City) -> None:
    tiles: set[tuple[int, ...]] = set()
    former = set(city.district_codes)
    for place, row in enumerate(city.districts):
        _known(file, f"districts[{place}].group", row.group, _codes(city.groups), "分组")
        if len(row.tile) != 2 or row.tile in tiles:
            raise file.bad(f"districts[{place}].tile", "应是两个数，且不与别的区重叠")
        tiles.add(row.tile)
        for code in row.former_codes:
            if code in former:
                raise file.bad(f"districts[{place}].former_codes", f"{code} 已是别的区的代码")
            former.add(code)


def _check_bodies(file: DataFile, city: pack.City) -> None:
    prefixes: set[str] = set()
    for place, row in enumerate(city.bodies):
        key = f"bodies[{place}]"
        _known(file, f"{key}.kind", row.kind, Organisation.Kind.values, "机构类别")
        if row.district:
            _known(file, f"{key}.district", row.district, city.district_codes, "区")
        if row.parent:
            _known(file, f"{key}.parent", row.parent, _codes(city.bodies), "机构")
        if row.kind == "bureau" and not row.document_prefix:
            raise file.bad(f"{key}.document_prefix", "市场监管局要有文号前缀")
        if row.document_prefix and row.document_prefix in prefixes:
            raise file.bad(f"{key}.document_prefix", f"{row.document_prefix} 已被别的机构使用")
        prefixes.add(row.document_prefix)
    if [row.kind for row in city.bodies].count("hub") != 1:
        raise file.bad("bodies", "统一受理机构（hub）应有且只有一个")
    for district in city.districts:
        if sum(body.district == district.code and not body.is_zone for body in city.bureaus) != 1:
            raise file.bad("bodies", f"{district.name}应有且只有一个市场监管局")


def _check_departments(file: DataFile, city: pack.City) -> None:
    for place, row in enumerate(city.departments):
        _known(file, f"departments[{place}].body", row.body, _codes(city.bodies), "机构")
        if row.mark not in MARKS:
            raise file.bad(f"departments[{place}].mark", "应是 V、P 或 M")
        if not row.hotline.isdigit():
            raise file.bad(f"departments[{place}].hotline", "应是电话号码")
    answering = {row.body for row in city.departments}
    for place, topic in enumerate(city.topics):
        if topic.department:
            _known(file, f"topics[{place}].department", topic.department, answering, "负责部门")


def _check_routes(file: DataFile, city: pack.City) -> None:
    seen: set[tuple[str, str, date]] = set()
    for place, row in enumerate(city.routes):
        key = f"routes[{place}]"
        if row.district and row.district != EVERY_DISTRICT:
            _known(file, f"{key}.district", row.district, city.district_codes, "区")
        if row.topic:
            _known(file, f"{key}.topic", row.topic, city.topic_codes, "事项")
        if row.unit != ITS_BUREAU or row.district != EVERY_DISTRICT:
            _known(file, f"{key}.unit", row.unit, _codes(city.bodies), "机构")
        if (row.district, row.topic, row.from_date) in seen:
            raise file.bad(key, "同一区、同一事项、同一天已有一条规则")
        seen.add((row.district, row.topic, row.from_date))


def _check_classes(file: DataFile, city: pack.City) -> None:
    for place, problem in enumerate(city.problems):
        _known(file, f"problems[{place}].cca_class", problem.cca_class, _codes(city.cca_classes), "消协分类")
    for place, row in enumerate(city.objects):
        _known(file, f"objects[{place}].kind", row.kind, OBJECT_KINDS, "客体种类")


def _check_schemes(file: DataFile, city: pack.City) -> None:
    for place, trade in enumerate(city.trades):
        _known(file, f"trades[{place}].section", trade.section, _codes(city.sections), "行业门类")
    letters: set[str] = set()
    for place, scheme in enumerate(city.schemes):
        for number, owner in enumerate(scheme.owners):
            _known(file, f"schemes[{place}].owners[{number}]", owner, _codes(city.bodies), "机构")
        _known(file, f"schemes[{place}].office", scheme.office, _codes(city.bodies), "机构")
        if not scheme.plate_letters or scheme.plate_letters in letters:
            raise file.bad(f"schemes[{place}].plate_letters", f"{scheme.plate_letters or '（空）'} 重复或没有填写")
        letters.add(scheme.plate_letters)
        for name, most in MOST_PLATE_CHARS.items():
            if not 1 <= len(getattr(scheme, name)) <= most:
                raise file.bad(f"schemes[{place}].{name}", f"牌面上只放得下 1 至 {most} 个字")
    if [scheme.is_open for scheme in city.schemes].count(True) != 1:
        raise file.bad("schemes", "开放申请（is_open）的应有且只有一个")


def _check_funds(file: DataFile, city: pack.City) -> None:
    for place, fund in enumerate(city.funds):
        _known(file, f"funds[{place}].keeper", fund.keeper, _codes(city.bodies), "机构")
        if not fund.small_claim_fen <= fund.ordinary_claim_fen <= fund.consumer_year_fen:
            raise file.bad(f"funds[{place}].ordinary_claim_fen", "应不小于小额上限，不大于每人每年上限")


def _check_workdays(file: DataFile, city: pack.City) -> None:
    years: set[int] = set()
    for place, row in enumerate(city.workdays):
        key = f"workdays[{place}]"
        if row.year in years:
            raise file.bad(f"{key}.year", f"{row.year} 年已经写过")
        years.add(row.year)
        if not row.source:
            raise file.bad(f"{key}.source", "没有填写")
        if not row.off and not row.on:
            raise file.bad(f"{key}.off", "这一年没有写任何一天")
        _check_days(file, f"{key}.off", row.off, row.year)
        _check_days(file, f"{key}.on", row.on, row.year)
        for number, day in enumerate(row.on):
            if day in row.off:
                raise file.bad(f"{key}.on[{number}]", f"{day} 不能既放假又上班")
            if day.weekday() < SATURDAY:
                raise file.bad(f"{key}.on[{number}]", f"{day} 是周一至周五，不是调休上班日")


def _check_days(file: DataFile, key: str, days: Sequence[date], year: int) -> None:
    for number, day in enumerate(days):
        if day.year != year:
            raise file.bad(f"{key}[{number}]", f"{day} 不在 {year} 年")
        if day in days[:number]:
            raise file.bad(f"{key}[{number}]", f"{day} 已经写过")
