"""The main job in the invented city: its own names, numbers, days and money, and nothing of Tianjin."""

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Case
from complaints.services import reports
from mediation.models import Claim
from mediation.services import claims, performance
from portal.kernel import calendars, clock, crypto, documents, jobs, notices, phones, regions
from portal.kernel.errors import Refused
from portal.kernel.models import Document, Notice, OutgoingMessage, User
from publicity.rules import core_of
from publicity.services import pledges, releases
from tests import build, build_money
from tests.build_desk import a_report_filing, at_desk
from tests.build_publicity import signed_in
from tests.cities import job
from tests.journeys import places

pytestmark = pytest.mark.usefixtures("yunting")

TIANJIN = re.compile(r"天津|津|诚信经营|Tianjin|Honest Shop|(?<!\w)1201\d\d(?!\w)|(?<!\w)TJ-|(?<!\w)tj-|(?<!\d)022-?\d")
DATA = (
    "/register.csv",
    "/api/v1/disclosures",
    "/api/v1/transparency-log",
    "/api/v1/suggestions/shops?q=示例",
    "/api/v1/suggestions/register?q=空气",
    "/api/v1/schema",
    "/statistics/2026-11/data.json",
    "/statistics/2026-11/data.csv",
    "/fund/2026-12.csv",
    "/fund/2026-12.json",
    "/register/log/verify_log.py",
    "/health",
)


def of_tianjin(text: str) -> list[str]:
    """Every piece of *text* that belongs to Tianjin, with what stands around it."""
    return [text[max(0, found.start() - 40) : found.end() + 40] for found in TIANJIN.finditer(text)]


def test_the_words_that_are_looked_for_are_found_in_tianjin() -> None:
    told = "天津市 津市监 TJ-TS-20261124-000001 120104 022-00000000 tj-hub Tianjin 诚信经营承诺店"
    assert len(of_tianjin(told)) == 8
    assert of_tianjin("云汀市 990101 112010499 0600-00000000 YT-TS-20261124-000001") == []


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return str(content.decode())


def pages() -> Iterator[tuple[str, str]]:
    """Every page that the journeys know of, as its own reader sees it, and what programs are given."""
    for reader, name, path in places.places():
        yield f"{name} {path} {reader}", text_of(_reader(reader), path)
    for path in DATA:
        assert Client().get(path).status_code == 200, path
        yield path, text_of(Client(), path)
    for path in ("/", "/who/", "/shops/", "/register/", "/fund/", "/statistics/", "/privacy/", "/complain/", "/track/"):
        english = Client()
        english.cookies["language"] = "en"
        yield f"{path} in English", text_of(english, path)


def _reader(public_id: str) -> Client:
    if not public_id:
        return Client()
    who = User.objects.get(public_id=public_id)
    return at_desk(who) if who.is_staff else signed_in(who)


def letters() -> Iterator[tuple[str, str]]:
    """Every paper, message and notice that anybody got."""
    for paper in Document.objects.select_related("unit"):
        assert paper.unit is not None
        house = [paper.unit.name, paper.unit.address, paper.unit.phone, documents.title_of(paper), paper.number or ""]
        yield f"paper {paper.kind}", json.dumps([crypto.unseal(paper, "data_sealed"), *house], ensure_ascii=False)
    for message in OutgoingMessage.objects.all():
        yield (
            f"message {message.name}",
            crypto.unseal(message, "title") if False else crypto.unseal(message, "text_sealed"),
        )
    for notice in Notice.objects.all():
        shown = notices.read(notice)
        yield f"notice {notice.name}", f"{shown.title} {shown.body}"


def test_from_filing_to_recourse_everything_is_of_this_city() -> None:
    town = job.Town()
    pledge = job.a_plate(town)
    assert (pledge.serial, pledge.valid_until) == ("MM-2026-00001", date(2028, 11, 23))

    case = job.filed(town)
    assert case.number == "YT-TS-20261124-000001"
    assert (case.hub.name, case.district) == ("云汀市消费投诉受理中心", "990101")
    case = job.accepted(town, case)
    assert case.unit is not None
    assert case.unit.name == "云汀市汀洲区市场监督管理局"
    assert_lantern_day_moved_the_decision(case)

    agreement = job.settled(town, case)
    record = job.disclosed(town)
    register = text_of(Client(), f"/register/{record.public_id}/")
    assert "云汀市汀洲区市场监督管理局" in register
    answer = Client().get("/api/v1/disclosures").json()
    assert [(row["district"], row["unit_name"]) for row in answer["results"]] == [
        ("990101", "云汀市汀洲区市场监督管理局")
    ]

    desk = job.a_fund_desk()
    assert performance.last_day(agreement) == date(2026, 12, 3)
    with clock.standing_at(job.the_morning_after(agreement)):
        performance.check(agreement_id=agreement.pk)
        claim = job.paid(town, agreement, desk)
        assert (claim.number, claim.state) == ("YT-PF-2026-00001", Claim.State.RECOURSE)
        assert (desk.balances()["CASH"], desk.balances()["RECOURSE_RECEIVABLE"]) == (299_600_00, job.FEN)
        assert_pages_are_of_this_city(town, case, pledge.serial)


def assert_lantern_day_moved_the_decision(case: Case) -> None:
    """Seven working days from Tuesday 24 November end on Friday 4 December: the 27th is off in this city alone."""
    decided = calendars.clocks_of(case).get(code="D01")
    assert decided.due_on == date(2026, 12, 4)
    assert calendars.packaged().add_working_days(date(2026, 11, 24), 7) == date(2026, 12, 3)


def assert_pages_are_of_this_city(town: job.Town, case: Case, serial: str) -> None:
    reports.receive_report(filing=a_report_filing(), who=build.a_citizen(), key="report-in-yunting")
    releases_of_november(town)
    jobs.drain()
    found = dict(pages())
    assert len(found) > 100
    assert [(name, words) for name, text in found.items() if (words := of_tianjin(text))] == []
    assert [(name, words) for name, text in letters() if (words := of_tianjin(text))] == []
    home, who = text_of(Client(), "/"), text_of(Client(), "/who/")
    assert "云汀消费维权" in home
    assert [row.name for row in regions.city().districts if row.name not in home] == []
    assert "云汀市商贸和会展局" in who
    assert "汀洲区" in text_of(Client(), "/register/")
    assert "例如 YT-TS-20261204-000001" in text_of(Client(), "/track/")
    assert 'class="tiles" viewBox="0 0 504 216"' in text_of(Client(), "/statistics/2026-11/")
    badge = text_of(Client(), reverse("publicity:badge", args=[serial]))
    assert "云汀市明码守信承诺店名录" in badge
    numbers = set(Document.objects.exclude(number=None).values_list("number", flat=True))
    assert {str(number).split("〔")[0] for number in numbers} == {"汀市监受理", "汀洲市监", "汀赔"}
    assert {paper.state for paper in Document.objects.all()} == {Document.State.MADE}


def releases_of_november(town: job.Town) -> None:
    """November's figures, signed."""
    made = releases.compute(month=date(2026, 11, 1), who=town.analyst)
    releases.sign(release_id=made.pk, who=town.signer)


def test_the_fund_keeps_to_its_own_caps() -> None:
    desk = job.a_fund_desk()
    matter = build_money.a_breached_agreement(desk, fen=7_000_00)
    refused = build_money.refusal_of(claims.apply, **asking(matter, 7_000_00))
    assert (refused.code, str(refused.sentence)) == ("above_cap", "超过每笔上限 6,000.00 元，本基金不能受理。")
    assert Claim.objects.count() == 0
    claim = build_money.apply(matter, amount_fen=6_000_00)
    assert claim.number == "YT-PF-2026-00001"
    assert (desk.fund.code, desk.fund.floor_fen) == ("yt-public", 50_000_00)


def asking(matter: build_money.Matter, fen: int) -> dict[str, object]:
    return {
        "agreement_id": matter.agreement.pk,
        "fund_id": matter.desk.fund.pk,
        "amount_fen": fen,
        "payee_name": "林示例",
        "payee_account": build_money.GOOD_ACCOUNT,
        "has_no_other_compensation": True,
        "assigns_the_claim": True,
        "who": matter.consumer,
    }


def test_only_the_citys_own_scheme_can_be_applied_for() -> None:
    town = job.Town()
    with pytest.raises(Refused) as refusal:
        pledges.apply(shop_id=town.shop.pk, scheme="honest", commitments="七日内不满意可以退。", who=town.merchant)
    assert str(refusal.value.sentence) == "现在只能申请明码守信承诺店。"


def test_local_numbers_names_and_examples_are_the_citys() -> None:
    assert phones.normalize("2345 6789") == "060023456789"
    assert core_of("云汀市放灯示例餐饮有限公司") == "放灯示例餐饮"
    assert core_of("天津放灯示例餐饮有限公司") == "天津放灯示例餐饮"
    with pytest.raises(Refused) as refusal:
        phones.any_number("12")
    assert str(refusal.value.sentence) == "这不像电话号码。请填手机号，或带区号的座机号，例如 0600-00000000。"
