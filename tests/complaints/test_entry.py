"""Complaints that staff write down, and orders that lack something."""

import io
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from complaints.models import Case, FilingKey, Supplement
from complaints.services import entry, materials
from portal.kernel import clock, crypto, files
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Event, Job, Notice
from publicity.models import CaseFact
from tests.build import a_dispatched_case, a_filing, a_hub, a_phone, a_unit, staff
from tests.build_desk import a_completion, an_incomplete_order, clocks_of, consumer_of, names_of, snapshot

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


@time_machine.travel(MONDAY, tick=False)
def test_a_complaint_told_by_telephone_is_received_like_any_other() -> None:
    clerk = staff(Role.INTAKE, a_hub())
    phone = a_phone()
    case = entry.enter(
        filing=a_filing(phone=phone), channel="T12315", was_read_back=True, who=clerk, key="0123456789abcdef"
    )
    assert (case.state, case.channel, case.number) == ("hub_received", "T12315", "TJ-TS-20261123-000001")
    assert crypto.unseal(case.consumer, "phone") == phone
    assert consumer_of(case) is not None
    assert consumer_of(case).kind == "citizen"
    assert Event.objects.get(name="case.filed").actor == clerk
    assert Notice.objects.get(name="case.filed").user == consumer_of(case)


def test_a_double_click_of_the_clerk_is_one_case() -> None:
    clerk = staff(Role.INTAKE, a_hub())
    told: dict[str, Any] = {
        "filing": a_filing(),
        "channel": "WINDOW",
        "was_read_back": True,
        "who": clerk,
        "key": uuid4().hex,
    }
    first, second = entry.enter(**told), entry.enter(**told)
    assert (first.pk, Case.objects.count(), FilingKey.objects.count()) == (second.pk, 1, 1)
    with pytest.raises(Refused) as refusal:
        entry.enter(**told | {"filing": a_filing()})
    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"channel": "PORTAL"}, "unknown_channel", "channel"),
        ({"channel": "FAX"}, "unknown_channel", "channel"),
        ({"was_read_back": False}, "not_read_back", "was_read_back"),
    ],
)
def test_entry_refuses_a_wrong_channel_and_what_was_not_read_back(
    change: dict[str, Any], code: str, field: str
) -> None:
    clerk = staff(Role.INTAKE, a_hub())
    told: dict[str, Any] = {
        "filing": a_filing(),
        "channel": "T12315",
        "was_read_back": True,
        "who": clerk,
        "key": uuid4().hex,
    }
    before = Job.objects.count()
    with pytest.raises(Refused) as refusal:
        entry.enter(**told | change)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert (Case.objects.count(), Job.objects.count()) == (0, before)


def test_only_the_hubs_people_enter_complaints() -> None:
    a_hub()
    for who in (staff(Role.OFFICER), staff(Role.INTAKE, a_unit())):
        with pytest.raises(Refused) as refusal:
            entry.enter(filing=a_filing(), channel="T12315", was_read_back=True, who=who, key=uuid4().hex)
        assert refusal.value.status == 403
    assert Case.objects.count() == 0


@time_machine.travel(MONDAY, tick=False)
def test_an_incomplete_order_has_only_the_hubs_own_three_days() -> None:
    case = an_incomplete_order()
    assert (case.state, case.number, case.fact, case.shop) == ("incomplete", None, None, None)
    assert clocks_of(case) == {"FILL": "open"}
    assert names_of(case) == ["case.registered"]


@time_machine.travel(MONDAY, tick=False)
def test_completing_an_order_makes_it_a_complaint_and_keeps_what_came() -> None:
    case = an_incomplete_order("原文" * 3000, source_system="HOTLINE-12345", source_no="A1")
    clerk = staff(Role.INTAKE, case.hub)

    case = entry.complete_incomplete(
        case_id=case.pk, filing=a_completion(), was_read_back=True, who=clerk, version=case.version
    )

    assert (case.state, case.number) == ("hub_received", "TJ-TS-20261123-000001")
    assert (case.source_system, case.source_no) == ("HOTLINE-12345", "A1")
    assert clocks_of(case) == {"FILL": "met", "HUB": "open"}
    assert crypto.unseal(Supplement.objects.get(), "text") == "原文" * 3000
    assert crypto.unseal(case, "facts_sealed") == "在示例商场买的鞋三天开胶，商场不给退，要求退货退款。"
    fact = CaseFact.objects.get()
    assert (fact.pk, fact.received_on, fact.channel) == (case.fact_id, date(2026, 11, 23), "T12345")


def test_a_completed_order_keeps_the_matter_line_that_staff_leave_it_without_personal_data() -> None:
    clerk = staff(Role.INTAKE, a_hub())
    for left, becomes in (
        ("健身房关门不退卡，请打13900001234", "健身房关门不退卡，请打139****1234"),
        ("", "售后服务，要求退货、退还货款和服务费用"),
    ):
        case = an_incomplete_order()
        done = entry.complete_incomplete(
            case_id=case.pk, filing=a_completion(title=left), was_read_back=True, who=clerk, version=case.version
        )
        assert done.title.endswith(becomes)


@pytest.mark.parametrize("field", ["name", "phone", "address", "facts", "purchased_on", "claims"])
def test_an_order_stays_incomplete_while_an_item_of_the_law_is_missing(field: str) -> None:
    case = an_incomplete_order()
    empty: object = {"purchased_on": None, "claims": ()}.get(field, "")
    filing, clerk = a_completion(**{field: empty}), staff(Role.INTAKE, case.hub)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        entry.complete_incomplete(
            case_id=case.pk,
            filing=filing,
            was_read_back=True,
            who=clerk,
            version=case.version,
        )
    assert (refusal.value.field, refusal.value.status) == (field, 422)
    assert snapshot(case) == before
    assert (Supplement.objects.count(), CaseFact.objects.count()) == (0, 0)


def test_two_clerks_cannot_both_complete_an_order() -> None:
    case = an_incomplete_order()
    first, second = staff(Role.INTAKE, case.hub), staff(Role.INTAKE, case.hub)
    told: dict[str, Any] = {"case_id": case.pk, "was_read_back": True}
    done = entry.complete_incomplete(filing=a_completion(), who=first, version=1, **told)
    other = a_completion()
    before = snapshot(done)
    with pytest.raises(Refused) as stale:
        entry.complete_incomplete(filing=other, who=second, version=1, **told)
    with pytest.raises(Refused) as moved:
        entry.complete_incomplete(filing=other, who=second, version=done.version, **told)
    assert (stale.value.code, moved.value.code) == ("stale", "case_moved_on")
    assert snapshot(done) == before


def test_a_consumer_gives_an_order_up() -> None:
    case = an_incomplete_order()
    clerk = staff(Role.INTAKE, case.hub)
    with pytest.raises(Refused) as silent:
        entry.withdraw_incomplete(case_id=case.pk, reason=" ", who=clerk, version=1)
    assert silent.value.field == "reason"
    case = entry.withdraw_incomplete(case_id=case.pk, reason="电话里说已经自行解决。", who=clerk, version=1)
    assert (case.state, case.outcome, clocks_of(case)) == ("withdrawn", "withdrawn", {"FILL": "met"})
    assert crypto.unseal(Supplement.objects.get(), "text") == "电话里说已经自行解决。"
    with pytest.raises(Refused) as again:
        entry.withdraw_incomplete(case_id=case.pk, reason="再来一次", who=clerk, version=case.version)
    assert again.value.code == "case_moved_on"


def a_picture(name: str = "小票.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def test_staff_put_papers_and_calls_on_file() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    officer = staff(Role.OFFICER, unit)
    told: dict[str, Any] = {"case_id": case.pk, "who": officer}
    case = materials.add_material(text="消费者来电补充：小票已经找到。", upload=a_picture(), version=2, **told)
    assert (case.version, case.evidence.get().by, names_of(case)[-1]) == (3, officer, "case.material_added")
    assert files.name_of(case.evidence.get().upload) == "小票.png"
    assert crypto.unseal(Supplement.objects.get(), "text") == "消费者来电补充：小票已经找到。"

    before = snapshot(case)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"text": " ", "upload": None, "version": 3}, "nothing_added"),
        ({"text": "长" * 2001, "upload": None, "version": 3}, "too_long"),
        ({"text": "", "upload": SimpleUploadedFile("a.exe", b"MZ0000"), "version": 3}, "file_kind"),
        ({"text": "再补充", "upload": None, "version": 2}, "stale"),
    ]
    for change, code in wrong:
        with pytest.raises(Refused) as refusal:
            materials.add_material(**told | change)
        assert refusal.value.code == code
    for who, status in ((staff(Role.OFFICER, a_unit()), 404), (consumer_of(case), 403)):
        with pytest.raises(Refused) as refusal:
            materials.add_material(case_id=case.pk, who=who, text="补充", upload=None, version=3)
        assert refusal.value.status == status
    assert snapshot(case) == before
