"""What a consumer, a shop, a reporter and a stranger find on the pages of the room."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints.models import Report, Reporter
from complaints.services import supplements
from portal.kernel import crypto, files, jobs
from portal.kernel.models import AccessRecord, OutgoingMessage, Upload, User
from tests import build
from tests.complaints.person import Person
from tests.complaints.test_drafts import the_code

pytestmark = pytest.mark.django_db
STORY = "这家店把过期的牛奶换了标签卖，我亲眼看到店员在撕标签。"


def signed_in(who: User | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def test_the_receipt_is_shown_again_with_number_qr_and_what_comes_next() -> None:
    case = build.a_filed_case()
    client = signed_in(case.consumer.user)
    jobs.drain()

    page = client.get(f"/case/{case.public_id}/receipt/").content.decode()

    assert f'<p class="h3 strong">{case.number}</p>' in page
    assert '<svg role="img" aria-label="扫码核对这件投诉"' in page
    assert "验真码" in page
    assert "打印回执" in page
    assert [word for word in ("等受理中心分送", "区局决定是否受理", "办结") if word not in page] == []


@pytest.mark.parametrize("page", ["", "receipt/", "supplement/", "consents/", "withdraw/"])
def test_nobody_else_finds_a_case(page: str) -> None:
    shop = build.a_shop()
    case = build.a_filed_case(shop=shop)
    path = f"/case/{case.public_id}/{page}"

    answers = {
        name: signed_in(who).get(path).status_code
        for name, who in {
            "nobody": None,
            "another citizen": build.a_citizen(),
            "the shop before acceptance": build.a_merchant(shop),
        }.items()
    }

    assert answers == {"nobody": 302, "another citizen": 404, "the shop before acceptance": 404}


def test_a_case_is_found_by_number_and_phone() -> None:
    case = build.a_filed_case(phone="13900001111")
    person = Person().open(f"/track/?number={case.number}").at("number")

    person.write("phone", "139 0000 1111").press()
    person.at("phone_code").write("phone_code", the_code("login")).press()

    assert person.path == f"/case/{case.public_id}/"
    assert "您现在不用做什么。" in person.text


@pytest.mark.parametrize(("number", "phone"), [("TJ-TS-20260101-000001", "13900001111"), ("", "13900002222")])
def test_neither_number_nor_phone_can_be_tried_out(number: str, phone: str) -> None:
    case = build.a_filed_case(phone="13900001111")
    person = Person().open("/track/").at("number")

    person.write("number", number or str(case.number)).write("phone", phone).press()

    assert person.path == "/track/code/"
    assert OutgoingMessage.objects.filter(name="code.login").count() == 0
    assert AccessRecord.objects.filter(kind="case.track", was_refused=True).count() == 1


def test_my_complaints_are_listed_and_strangers_are_told_how_to_look() -> None:
    case = build.a_filed_case()

    assert str(case.number) in signed_in(case.consumer.user).get("/mine/").content.decode()
    assert "您还没有投诉" in signed_in(build.a_citizen()).get("/mine/").content.decode()
    assert "用手机号登录" in Client().get("/mine/").content.decode()


def test_a_shop_reads_the_matter_and_never_who_the_consumer_is() -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    case = build.an_accepted_case(
        shop=shop, name="林示例", phone="13900001111", facts="店长不肯退，让我打 13900001111 再联系，我叫林示例。"
    )
    jobs.drain()

    home = signed_in(merchant).get("/merchant/").content.decode()
    page = signed_in(merchant).get(f"/merchant/cases/{case.public_id}/").content.decode()

    assert case.title in home
    assert "店长不肯退" in page
    assert [secret for secret in ("13900001111", "河西区示例道") if secret in home + page] == []


def test_each_side_reads_back_what_it_handed_in_and_not_what_the_other_did() -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    case = build.an_accepted_case(shop=shop)
    consumer = case.consumer.user
    assert consumer is not None
    supplements.add_supplement(case_id=case.pk, who=consumer, text="我找到了发票。")
    supplements.add_supplement(case_id=case.pk, who=merchant, text="货已经寄回厂家。")

    own = signed_in(consumer).get(f"/case/{case.public_id}/").content.decode()
    shops = signed_in(merchant).get(f"/merchant/cases/{case.public_id}/").content.decode()

    assert ("我找到了发票。" in own, "货已经寄回厂家。" in own, build.STORY in own) == (True, False, True)
    assert ("我找到了发票。" in shops, "货已经寄回厂家。" in shops) == (False, True)


def test_another_shop_finds_neither_the_case_nor_a_task() -> None:
    case = build.an_accepted_case()
    other = build.a_merchant(build.a_shop())

    assert signed_in(other).get(f"/merchant/cases/{case.public_id}/").status_code == 404
    assert "现在没有要您办的事" in signed_in(other).get("/merchant/").content.decode()


def test_a_merchant_who_complains_as_a_consumer_keeps_both_apart() -> None:
    shop = build.a_shop()
    merchant = build.a_merchant(shop)
    case = build.a_filed_case(who=merchant)

    assert signed_in(merchant).get(f"/case/{case.public_id}/").status_code == 200
    assert signed_in(merchant).get(f"/merchant/cases/{case.public_id}/").status_code == 404
    supplements.add_supplement(case_id=case.pk, who=merchant, text="补一句")


def a_report(person: Person) -> Person:
    person.at("target_name").write("target_name", "示例超市").choose("district", build.NANKAI)
    return person.write("target_address", "南开区示例路 1 号").write("facts", STORY)


def test_a_report_is_anonymous_and_its_code_is_shown_once() -> None:
    build.a_hub()
    build.a_unit()
    person = Person()
    person.client.force_login(build.a_citizen())
    person.open("/report/")

    a_report(person).press()

    report = Report.objects.get()
    code = re.search(r'class="number code">(\w+)<', person.page.content.decode())
    assert code
    assert report.receipt_index == crypto.blind_index("report.receipt", code[1])
    assert report.number in person.text
    assert Reporter.objects.count() == 0
    assert code[1] not in person.open("/report/").page.content.decode()
    assert "no-store" in person.page["Cache-Control"]


def test_the_same_report_sent_twice_is_one_and_shows_the_same_number() -> None:
    build.a_hub()
    build.a_unit()
    person = Person().open("/report/")
    a_report(person)
    form = dict(person.form.values)

    first, second = person.client.post("/report/", form), person.client.post("/report/", form)

    assert Report.objects.count() == 1
    numbers = [re.findall(r'class="number[^"]*">([^<]+)<', answer.content.decode()) for answer in (first, second)]
    assert numbers[0] == numbers[1]
    assert numbers[0][0] == Report.objects.get().number


def test_a_report_that_lacks_something_keeps_what_was_typed_and_its_files() -> None:
    build.a_hub()
    build.a_unit()
    picture = io.BytesIO()
    Image.new("RGB", (10, 10)).save(picture, "PNG")
    person = Person().open("/report/").at("target_name").write("target_name", "示例超市").write("facts", "太短")

    person.press(upload_ids=SimpleUploadedFile("标签.png", picture.getvalue()))

    assert person.page.status_code == 422
    assert "请写它在哪里" in person.text
    assert "标签.png" in person.text
    assert Report.objects.count() == 0
    assert person.at("target_name").form.values["target_name"] == ["示例超市"]

    person.choose("district", build.NANKAI).write("target_address", "南开区示例路 1 号").write("facts", STORY).press()

    report = Report.objects.get()
    upload = Upload.objects.get()
    assert [row.upload for row in report.evidence.all()] == [upload]
    assert upload.uploaded_by is None
    assert files.name_of(upload) == "标签.png"


def test_the_pages_speak_english_to_those_who_want_it() -> None:
    client = Client(headers={"accept-language": "en"})

    assert '<html lang="en"' in client.get("/complain/").content.decode()
