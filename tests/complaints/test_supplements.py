"""Until a case is closed its parties add to it; its consumer withdraws it or changes a consent; nobody else does."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.models import Case, Supplement
from complaints.services import supplements
from portal.kernel import calendars, crypto, events, files
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Event, Notice, Upload, User
from publicity.models import CaseFact
from tests import build

pytestmark = pytest.mark.django_db


def a_waiting_file(who: User) -> Upload:
    picture = io.BytesIO()
    Image.new("RGB", (10, 10)).save(picture, "PNG")
    return files.accept(SimpleUploadedFile("照片.png", picture.getvalue()), owner=None, who=who)


def consumer_of(case: Case) -> User:
    assert case.consumer.user is not None
    return case.consumer.user


def names(case: Case) -> list[str]:
    return [event.name for event in events.of(case)]


def snapshot(case: Case) -> tuple[Any, ...]:
    row = Case.objects.get(pk=case.pk)
    return (
        row.state,
        row.version,
        names(row),
        Supplement.objects.count(),
        row.evidence.count(),
        Notice.objects.count(),
    )


def test_the_consumer_adds_words_and_files_and_the_handler_is_told() -> None:
    case = build.an_accepted_case()
    who = consumer_of(case)
    upload = a_waiting_file(who)

    supplements.add_supplement(case_id=case.pk, who=who, text=" 我找到了发票。 ", upload_ids=(upload.public_id,))

    added = Supplement.objects.get()
    assert crypto.unseal(added, "text") == "我找到了发票。"
    assert "发票".encode() not in bytes(Supplement.objects.values_list("text", flat=True).get())
    assert [row.upload for row in case.evidence.all()] == [upload]
    assert Event.objects.get(name="case.supplemented").payload == {"side": "consumer", "files": 1, "has_words": True}
    assert [row.user for row in Notice.objects.filter(name="case.supplemented")] == [case.handler]


def test_the_shop_adds_from_acceptance_on() -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    case = build.an_accepted_case(shop=shop)

    supplements.add_supplement(case_id=case.pk, who=merchant, text="我们已经联系厂家。")

    assert Event.objects.get(name="case.supplemented").payload["side"] == "shop"


def test_nothing_strangers_or_ends_are_refused_and_nothing_is_kept() -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    case = build.a_filed_case(shop=shop)
    who = consumer_of(case)
    stolen = a_waiting_file(build.a_citizen())
    attempts: list[tuple[User, str, tuple[str, ...], str]] = [
        (who, " ", (), "missing"),
        (who, "长" * 2001, (), "too_long"),
        (who, "看", (stolen.public_id,), "unknown"),
        (who, "看", tuple(str(number) for number in range(11)), "too_many"),
        (build.a_citizen(), "看", (), "not_found"),
        (merchant, "看", (), "not_found"),
        (build.staff(Role.DISPATCHER, case.hub), "看", (), "not_found"),
    ]
    before = snapshot(case)

    for person, text, uploads, code in attempts:
        with pytest.raises(Refused) as refusal:
            supplements.add_supplement(case_id=case.pk, who=person, text=text, upload_ids=uploads)
        assert refusal.value.code == code
    assert snapshot(case) == before

    case.refresh_from_db()
    supplements.withdraw(case_id=case.pk, who=who, version=case.version)
    with pytest.raises(Refused) as refusal:
        supplements.add_supplement(case_id=case.pk, who=who, text="还有")
    assert refusal.value.code == "case_moved_on"


@pytest.mark.parametrize("builder", [build.a_filed_case, build.a_dispatched_case])
def test_before_acceptance_withdrawing_ends_everything(builder: Any) -> None:
    case = builder()

    supplements.withdraw(case_id=case.pk, who=consumer_of(case), version=case.version)

    case.refresh_from_db()
    assert (case.state, case.outcome) == ("withdrawn", "withdrawn")
    assert list(calendars.open_clocks(case)) == []
    assert case.fact is not None
    fact = CaseFact.objects.get(pk=case.fact.pk)
    assert (fact.outcome, fact.closed_on is not None) == ("withdrawn", True)
    assert names(case)[-1] == "case.withdrawn"
    assert Notice.objects.filter(name="case.withdrawn", user=consumer_of(case)).count() == 1


def test_after_acceptance_the_wish_goes_to_the_handler_once() -> None:
    case = build.an_accepted_case()
    who = consumer_of(case)

    supplements.withdraw(case_id=case.pk, who=who, version=case.version)

    case.refresh_from_db()
    assert case.state == "accepted"
    assert [clock.code for clock in calendars.open_clocks(case)] == ["D02"]
    assert names(case)[-1] == "case.withdrawal_asked"
    assert Notice.objects.get(name="case.withdrawal_asked").user == case.handler
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        supplements.withdraw(case_id=case.pk, who=who, version=case.version)
    assert refusal.value.code == "withdrawal_asked"
    assert snapshot(case) == before


def test_an_old_page_and_other_people_cannot_withdraw() -> None:
    shop = build.a_shop()
    case = build.an_accepted_case(shop=shop)
    before = snapshot(case)

    for who, version, code in (
        (consumer_of(case), case.version - 1, "stale"),
        (build.a_citizen(), case.version, "not_found"),
        (build.a_merchant(shop), case.version, "not_found"),
    ):
        with pytest.raises(Refused) as refusal:
            supplements.withdraw(case_id=case.pk, who=who, version=version)
        assert refusal.value.code == code
    assert snapshot(case) == before


def test_a_consent_is_given_and_taken_back_and_the_fact_follows() -> None:
    case = build.a_filed_case()
    who = consumer_of(case)

    case = supplements.set_consents(case_id=case.pk, who=who, disclosure=True, delegation=False, version=case.version)
    assert case.fact is not None
    assert CaseFact.objects.get(pk=case.fact.pk).agrees_to_disclosure is True
    case = supplements.set_consents(case_id=case.pk, who=who, disclosure=True, delegation=False, version=case.version)
    case = supplements.set_consents(case_id=case.pk, who=who, disclosure=False, delegation=True, version=case.version)

    assert case.fact is not None
    assert CaseFact.objects.get(pk=case.fact.pk).agrees_to_disclosure is False
    assert [event.payload for event in events.of(case).filter(name="case.consents_changed")] == [
        {"disclosure": True, "delegation": False},
        {"disclosure": False, "delegation": True},
    ]


def test_the_pages_do_what_they_say() -> None:
    case = build.a_filed_case()
    client = Client()
    client.force_login(consumer_of(case))
    base = f"/case/{case.public_id}"

    supplemented = client.post(f"{base}/supplement/", {"text": "补一句"})
    empty = client.post(f"{base}/supplement/", {"text": ""})
    case.refresh_from_db()
    consented = client.post(f"{base}/consents/", {"disclosure": "on", "version": case.version})
    stale = client.post(f"{base}/withdraw/", {"version": case.version})
    case.refresh_from_db()
    withdrawn = client.post(f"{base}/withdraw/", {"version": case.version})

    assert [answer.status_code for answer in (supplemented, empty, consented, stale, withdrawn)] == [
        302,
        422,
        302,
        409,
        302,
    ]
    page = client.get(f"{base}/").content.decode()
    assert "您已经撤回这件投诉。" in page
    assert "您补充了材料" in page
    assert client.get(f"{base}/receipt/").status_code == 200


def test_a_file_waits_until_it_is_sent_and_can_be_taken_away() -> None:
    case = build.a_filed_case()
    who = consumer_of(case)
    client = Client()
    client.force_login(who)
    path = f"/case/{case.public_id}/supplement/"
    picture = io.BytesIO()
    Image.new("RGB", (10, 10)).save(picture, "PNG")

    client.post(path, {"upload_ids": SimpleUploadedFile("一.png", picture.getvalue()), "more": "1"})
    client.post(path, {"upload_ids": SimpleUploadedFile("二.png", picture.getvalue()), "more": "1"})
    first, second = Upload.objects.filter(uploaded_by=who).order_by("received_at")
    client.post(path, {"remove": first.public_id})
    assert case.evidence.count() == 0
    client.post(path, {"text": ""})

    assert [row.upload for row in case.evidence.all()] == [second]
