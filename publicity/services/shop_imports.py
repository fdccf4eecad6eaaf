"""Businesses from a table of the register of companies: once per credit code, with a reason for every refusal."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import identifiers, regions
from portal.kernel.errors import Refused
from publicity.models import Shop
from publicity.services import shops

NAME, CODE, PROVINCE, PLACE, ADDRESS = "企业名称", "统一社会信用代码", "所在省份", "地区", "注册地址"
NEEDED = frozenset({NAME, CODE, PLACE, ADDRESS})
ABSENT = frozenset({"", "N/A", "NA", "无", "-"})
BATCH = 200


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken in: its line in the file, its code and why."""

    line: int
    code: str
    why: str


@dataclass
class Outcome:
    """What an import did, or in a dry run would do."""

    made: int = 0
    known: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


def import_shops(
    *,
    lines: Iterable[str],
    places: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Register every business of a CSV table; a second run finds them all known and changes nothing.

    *places* maps more words of the column 地区 to district codes. A batch is one transaction: an interrupted import
    keeps whole batches and is simply run again. A dry run reads and checks everything and writes nothing. Refused
    (`columns`) when the table lacks a column.
    """
    reader = csv.DictReader(lines)
    missing = NEEDED - set(reader.fieldnames or ())
    if missing:
        raise Refused("columns", _("表里缺少这些列：{names}").format(names="、".join(sorted(missing))), status=400)
    outcome = Outcome()
    seen: set[str] = set()
    batch: list[tuple[int, dict[str, str]]] = []
    for row in reader:
        batch.append((reader.line_num, {key: _tidy(value) for key, value in row.items() if isinstance(key, str)}))
        if len(batch) == BATCH:
            _take(batch, outcome, seen, places or {}, dry_run=dry_run)
            progress(reader.line_num)
            batch = []
    _take(batch, outcome, seen, places or {}, dry_run=dry_run)
    progress(reader.line_num)
    return outcome


def _tidy(value: object) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if text.upper() in ABSENT else text


def _take(
    batch: list[tuple[int, dict[str, str]]],
    outcome: Outcome,
    seen: set[str],
    places: Mapping[str, str],
    *,
    dry_run: bool,
) -> None:
    with transaction.atomic():
        codes = {identifiers.compact(row[CODE]) for _line, row in batch}
        known = set(Shop.objects.filter(uscc__in=codes, signboard="").values_list("uscc", flat=True))
        made: list[int] = []
        for line, row in batch:
            code = identifiers.compact(row[CODE])
            if code in known or code in seen:
                outcome.known += 1
                continue
            try:
                made.append(_enter(row, places).pk)
            except Refused as refused:
                outcome.refused.append(RefusedRow(line, code, str(refused.sentence)))
            else:
                seen.add(code)
                outcome.made += 1
        if dry_run:
            transaction.set_rollback(True)
        else:
            shops.reindex(made)


def _enter(row: Mapping[str, str], places: Mapping[str, str]) -> Shop:
    city = regions.city()
    province = row.get(PROVINCE, "")
    if province and province not in (city.name, city.short_name):
        raise Refused("elsewhere", _("不是本市的商家：{place}").format(place=province))
    code = identifiers.credit_code(row[CODE])
    district = district_of(place=row[PLACE], address=row[ADDRESS], region=code.region, places=places)
    return shops.enter(name=row[NAME], uscc=code.code, district=district, address=row[ADDRESS])


def district_of(*, place: str, address: str, region: str, places: Mapping[str, str]) -> str:
    """The district a row means: by the given places, its own column, a zone's office, its address or its code, which
    may be that of a county of old.

    Refused (`place`) when none of them says.
    """
    city = regions.city()
    if place in places:
        return places[place]
    for district in city.districts:
        if place and district.name.startswith(place):
            return district.code
    for zone in city.bodies:
        if zone.is_zone and len(place) > 1 and place in zone.name:
            return zone.district
    for district in city.districts:
        if district.name in address:
            return district.code
    if region in city.district_by_code:
        return city.district_by_code[region]
    raise Refused("place", _("看不出在哪个区：地区写的是“{place}”。").format(place=place or _("空")))
