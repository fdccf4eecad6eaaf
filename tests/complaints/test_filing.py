"""One way in: a complaint gets its number, its seals, its fact, its timer and its receipt, or nothing at all."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import translation

from complaints.models import Case, Evidence, FilingKey, Party, Respondent
from complaints.services import intake
from portal.kernel import calendars, clock, crypto, events
from portal.kernel.access import Role, Who
from portal.kernel.errors import Refused
from portal.kernel.models import Counter, Event, Job, Notice, User
from publicity.models import CaseFact, Shop
from tests import build

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=clock.SHANGHAI)


@time_machine.travel(TUESDAY, tick=False)
def test_a_filed_case_is_at_the_hub_with_number_fact_timer_event_and_receipt() -> None:
    hub, citizen, shop = build.a_hub(), build.a_citizen(), build.a_shop(name="海河示例数码店")

    case = intake.file(filing=build.a_filing(shop), channel="PORTAL", who=citizen, key="k-1")

    case.refresh_from_db()
    assert case.number == "TJ-TS-20261124-000001"
    assert (case.state, case.hub, case.unit, case.shop) == ("hub_received", hub, None, shop)
    assert case.hub_received_at == TUESDAY
    assert case.regime == "ORDER121"
    assert (case.district, case.claims, case.claimed_fen, case.paid_fen) == (
        "120104",
        ["return", "refund"],
        129_900,
        129_900,
    )
    assert case.title == "售后服务，要求退货、退还货款和服务费用"
    assert case.consent_text_version == "2026-11"
    fact = case.fact
    assert fact is not None
    assert (fact.kind, fact.received_on, fact.channel, fact.problem, fact.agrees_to_disclosure) == (
        "complaint",
        date(2026, 11, 24),
        "PORTAL",
        "P02",
        False,
    )
    assert [(row.code, row.due_on, row.unit) for row in calendars.open_clocks(case)] == [
        ("HUB", date(2026, 11, 25), hub)
    ]
    assert [event.name for event in events.of(case)] == ["case.filed"]
    assert [(row.user, row.name, row.params) for row in Notice.objects.all()] == [
        (citizen, "case.filed", {"number": "TJ-TS-20261124-000001"})
    ]


def test_the_record_is_in_chinese_whatever_language_the_reader_chose() -> None:
    with translation.override("en"):
        case = build.a_filed_case(object_class="G01")

    assert case.title == "家用电子电器类，售后服务，要求退货、退还货款和服务费用"


def test_what_identifies_the_consumer_is_never_in_clear_in_the_database() -> None:
    build.a_hub()
    told: dict[str, Any] = {
        "name": "林示例",
        "phone": "13900001234",
        "address": "天津市河西区示例道 1 号 2 门 301",
        "id_number": "11010519491231002X",
        "facts": build.STORY,
    }
    citizen = build.a_citizen("13900001234")

    case = intake.file(filing=build.a_filing(**told), channel="PORTAL", who=citizen, key="k-1")

    party = Party.objects.get(case=case)
    assert crypto.unseal(party, "name") == "林示例"
    assert crypto.unseal(party, "id_number") == "11010519491231002X"
    assert party.id_type == "resident_id"
    assert party.phone_index == citizen.phone_index
    assert party.verification == "unverified"
    assert crypto.unseal(case, "facts_sealed") == build.STORY
    assert [value for value in told.values() if value.encode() in _everything()] == []


def _everything() -> bytes:
    found = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                found += b"".join(
                    bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
                )
    return found


def test_an_event_holds_codes_and_no_text() -> None:
    case = build.a_filed_case()

    payload = Event.objects.get(name="case.filed").payload

    assert sorted(payload) == ["body", "channel", "evidence", "number", "shop"]
    assert (payload["number"], payload["channel"], payload["evidence"]) == (case.number, "PORTAL", 0)
    assert len(payload["body"]) == 64


def test_the_same_key_gives_the_same_case_and_nothing_happens_twice() -> None:
    build.a_hub()
    citizen, filing = build.a_citizen(), build.a_filing()

    first = intake.file(filing=filing, channel="PORTAL", who=citizen, key="k-1")
    again = intake.file(filing=filing, channel="PORTAL", who=citizen, key="k-1")

    assert again == first
    assert (Case.objects.count(), CaseFact.objects.count(), Notice.objects.count()) == (1, 1, 1)
    assert Counter.objects.get(series__startswith="case.").last == 1


def test_one_key_for_another_filing_is_refused_and_changes_nothing() -> None:
    build.a_hub()
    citizen, filing = build.a_citizen(), build.a_filing()
    intake.file(filing=filing, channel="PORTAL", who=citizen, key="k-1")

    with pytest.raises(Refused) as refusal:
        intake.file(
            filing=build.a_filing(facts="另外一件事，与前一件没有关系。"), channel="PORTAL", who=citizen, key="k-1"
        )

    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)
    assert Case.objects.count() == 1


def test_two_callers_may_use_the_same_key() -> None:
    build.a_hub()
    filing = build.a_filing()

    one = intake.file(filing=filing, channel="API", who=build.a_client(), key="k-1")
    other = intake.file(filing=filing, channel="API", who=build.a_client(), key="k-1")

    assert one != other


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("shop_name", {"shop_name": " "}),
        ("shop_address", {"shop_name": "无名小店", "district": "120104"}),
        ("district", {"shop_name": "无名小店", "shop_address": "南开区示例路 1 号"}),
        ("district", {"shop_name": "无名小店", "shop_address": "南开区示例路 1 号", "district": "110101"}),
        ("purchased_on", {"purchased_on": None}),
        ("purchased_on", {"purchased_on": date(2099, 1, 1)}),
        ("purchased_on", {"purchased_on": date(1980, 1, 1)}),
        ("facts", {"facts": "坏了"}),
        ("facts", {"facts": "长" * 2001}),
        ("paid_fen", {"paid_fen": None}),
        ("paid_fen", {"paid_fen": -1}),
        ("paid_fen", {"paid_fen": 10**18}),
        ("problem", {"problem": "P98"}),
        ("object_class", {"object_class": "X"}),
        ("sale_mode", {"sale_mode": "barter"}),
        ("topic", {"topic": "weather"}),
        ("title", {"title": "长" * 61}),
        ("claims", {"claims": ()}),
        ("claims", {"claims": ("triple",)}),
        ("claimed_fen", {"claims": ("refund",), "claimed_fen": 0}),
        ("claimed_fen", {"claimed_fen": -5}),
        ("name", {"name": ""}),
        ("name", {"name": "林"}),
        ("name", {"name": "13800138000"}),
        ("phone", {"phone": ""}),
        ("phone", {"phone": "12315"}),
        ("phone", {"phone": "1380013800"}),
        ("address", {"address": "河西"}),
        ("id_number", {"id_number": "120101189901010014"}),
        ("id_number", {"id_number": "120116188801010032"}),
        ("id_type", {"id_type": "library_card", "id_number": "AB12345"}),
        ("id_number", {"id_type": "passport", "id_number": "!!"}),
        ("upload_ids", {"upload_ids": ("nothing",)}),
        ("upload_ids", {"upload_ids": tuple(str(number) for number in range(11))}),
    ],
)
def test_a_filing_that_lacks_something_names_it_and_leaves_nothing(field: str, changes: dict[str, Any]) -> None:
    build.a_hub()
    citizen = build.a_citizen()
    shop = build.a_shop()
    filing = build.a_filing(None if "shop_name" in changes else shop, **changes)
    before = _counts()

    with pytest.raises(Refused) as refusal:
        intake.file(filing=filing, channel="PORTAL", who=citizen, key="k-1")

    assert (refusal.value.field, refusal.value.status) == (field, 422)
    assert str(refusal.value.sentence).endswith("。")
    assert _counts() == before


def _counts() -> dict[str, int]:
    models = (Case, Party, Respondent, Evidence, CaseFact, FilingKey, Event, Job, Notice, Counter, Shop, User)
    return {model.__name__: model.objects.count() for model in models}


def test_an_unknown_shop_becomes_a_provisional_one_and_is_kept_as_written() -> None:
    build.a_hub()
    told: dict[str, Any] = {
        "shop_name": "  老王 水果店 ",
        "shop_address": "和平区示例路 7 号",
        "district": "120101",
        "shop_phone": "",
    }

    case = intake.file(filing=build.a_filing(**told), channel="PORTAL", who=build.a_citizen(), key="k-1")

    assert case.shop is not None
    assert (case.shop.state, case.shop.name, case.district) == ("provisional", "老王 水果店", "120101")
    assert (case.respondent.name, case.respondent.address) == ("老王 水果店", "和平区示例路 7 号")


def test_staff_who_write_down_a_call_file_for_the_owner_of_the_phone() -> None:
    build.a_hub()
    clerk = build.staff(Role.INTAKE, build.a_hub())

    case = intake.file(filing=build.a_filing(phone="138 0000 5678"), channel="T12315", who=clerk, key="k-1")

    assert case.consumer.user == build.a_citizen("13800005678")
    assert Event.objects.get(name="case.filed").actor == clerk
    assert FilingKey.objects.get().caller == clerk


def test_a_landline_has_no_inbox_but_is_received_all_the_same() -> None:
    build.a_hub()
    clerk = build.staff(Role.INTAKE, build.a_hub())

    case = intake.file(filing=build.a_filing(phone="(022) 2345 6789"), channel="WINDOW", who=clerk, key="k-1")

    assert crypto.unseal(case.consumer, "phone") == "02223456789"
    assert case.consumer.user is None
    assert Notice.objects.count() == 0


def test_an_order_of_another_register_comes_in_once() -> None:
    build.a_hub()
    clerk = build.staff(Role.INTAKE, build.a_hub())
    told: dict[str, Any] = {
        "source_system": "HOTLINE-12345",
        "source_no": "A1",
        "source_received_on": date(2026, 11, 1),
    }
    intake.file(filing=build.a_filing(**told), channel="T12345", who=clerk, key="k-1")

    with pytest.raises(Refused) as refusal:
        intake.file(filing=build.a_filing(**told), channel="T12345", who=clerk, key="k-2")

    assert refusal.value.code == "already_received"
    assert Case.objects.count() == 1


@time_machine.travel(datetime(2026, 11, 24, 23, 59, 59, tzinfo=clock.SHANGHAI), tick=False)
def test_numbers_start_again_every_day() -> None:
    first = build.a_filed_case()
    with time_machine.travel(datetime(2026, 11, 25, 0, 0, 1, tzinfo=clock.SHANGHAI), tick=False):
        second, third = build.a_filed_case(), build.a_filed_case()

    assert [case.number for case in (first, second, third)] == [
        "TJ-TS-20261124-000001",
        "TJ-TS-20261125-000001",
        "TJ-TS-20261125-000002",
    ]


def test_nobody_files_without_a_key_or_without_being_somebody() -> None:
    build.a_hub()
    attempts: tuple[tuple[Who, str, str], ...] = (
        (build.a_citizen(), "", "idempotency_key"),
        (AnonymousUser(), "k", "not_found"),
    )
    for who, key, code in attempts:
        with pytest.raises(Refused) as refusal:
            intake.file(filing=build.a_filing(), channel="PORTAL", who=who, key=key)
        assert refusal.value.code == code
    assert Case.objects.count() == 0


def test_equal_filings_have_equal_fingerprints_and_others_do_not() -> None:
    shop = build.a_shop()
    filing = build.a_filing(shop, phone="13800005678")

    assert filing.fingerprint() == build.a_filing(shop, phone="13800005678").fingerprint()
    assert filing.fingerprint() != build.a_filing(shop, phone="13800005679").fingerprint()
    assert len(filing.fingerprint()) == 64


def test_a_merged_shop_passes_the_complaint_on() -> None:
    build.a_hub()
    old, new = build.a_shop(), build.a_shop()
    Shop.objects.filter(pk=old.pk).update(state="merged", merged_into=new, merged_on=date(2026, 11, 1))

    assert build.a_filed_case(shop=old).shop == new
