"""The wizard: one thing per page, saved as typed, taken up elsewhere, filed once."""

import io
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from PIL import Image

from complaints.models import Case, Draft, Evidence
from complaints.selectors.drafts import answers_of, resume_code_of
from complaints.services import drafts
from portal.kernel import clock, codes, crypto, jobs
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import OutgoingMessage, Upload, User
from publicity.services import pledges
from tests import build
from tests.complaints.person import Person

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=clock.SHANGHAI)
STORY = "在店里买了一台空气净化器，店员说三十天内不满意可以退，五天后去退被拒绝。"


def the_code(purpose: str = "file") -> str:
    """The six digits that were last sent out."""
    sent = OutgoingMessage.objects.filter(name=f"code.{purpose}").latest("created_at")
    found = re.search(r"\d{6}", crypto.unseal(sent, "text_sealed"))
    assert found
    return found[0]


def a_picture() -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "JPEG")
    picture.seek(0)
    picture.name = "小票.jpg"
    return picture


def up_to_the_check(person: Person, phone: str, *, shop: str = "") -> Person:
    """A simple complaint, as a person writes it, up to the last page."""
    shop = shop or build.a_shop(name="海河示例数码店").name
    jobs.drain()
    person.open("/complain/", tap=True).at("").press()
    person.taps += 1
    person.answers += 1
    person.open(f"{person.path}?q={shop}", tap=True).at("").press("shop", _first_hit(person))
    person.at("facts").write("purchased_on", "2026", "11", "2").write("facts", STORY).write("paid_fen", "1299")
    person.choose("problem", "P02").press()
    person.at("claims").tick("claims", "return").press()
    person.at("").press()
    person.at("name").write("name", "林示例").write("phone", phone).write("address", "天津市河西区示例道 1 号")
    return person.press()


def _first_hit(person: Person) -> str:
    found = re.search(r'name="shop" value="(\w+)"', person.page.content.decode())
    assert found
    return found[1]


@time_machine.travel(TUESDAY, tick=False)
def test_the_look_up_says_how_many_shops_there_are_and_where_each_is() -> None:
    for number in range(10):
        build.a_shop(name=f"海河示例百货第{number}店", address="" if number else "示例路 1 号")
    jobs.drain()
    person = Person().open("/complain/").press()
    text = person.open(f"{person.path}?q=百货").text
    assert "找到 10 家" in text
    assert "另有 2 家没有列出。把名称写全一些，或者加上区名、路名再查。" in text
    assert "南开区" in text


@time_machine.travel(TUESDAY, tick=False)
def test_a_simple_complaint_takes_at_most_14_answers_and_25_taps() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")

    person.at("is_true").tick("is_true").write("code", the_code()).press()

    case = Case.objects.get()
    assert person.path == f"/case/{case.public_id}/receipt/"
    assert person.page.status_code == 200
    assert "投诉收到了，您现在不用做什么。" in person.text
    assert "TJ-TS-20261124-000001" in person.text
    assert (case.claims, case.claimed_fen, case.paid_fen, case.problem) == (["return"], 129_900, 129_900, "P02")
    assert (case.agrees_to_disclosure, case.agrees_to_delegation) == (False, False)
    assert (person.answers, person.taps) == (11, 23)
    assert person.answers <= 14
    assert person.taps <= 25


def test_the_privacy_notice_comes_before_anything_is_collected() -> None:
    build.a_hub()
    person = Person().open("/complain/")

    assert "您的个人信息怎么用" in person.text
    assert Draft.objects.count() == 0

    person.at("").press()

    assert Draft.objects.count() == 1


def test_pressing_twice_going_back_and_replaying_give_one_case_and_the_same_receipt() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    draft = Draft.objects.get()
    check = f"/complain/{draft.public_id}/check/"
    stranger = Client()
    stranger.cookies.update(person.client.cookies)
    person.at("is_true").tick("is_true").write("code", the_code())
    form = dict(person.form.values)

    person.press()
    second = stranger.post(check, form)
    again = person.client.post(check, form)
    back = person.client.get(check)

    receipt = f"/case/{Case.objects.get().public_id}/receipt/"
    assert person.path == receipt
    assert [answer["Location"] for answer in (second, again, back)] == [receipt] * 3
    assert stranger.get(receipt).status_code == 200
    assert (Case.objects.count(), User.objects.filter(kind="citizen").count()) == (1, 1)


def test_long_after_filing_the_draft_no_longer_signs_anybody_in() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    person.at("is_true").tick("is_true").write("code", the_code())
    other = Client()
    other.cookies.update(person.client.cookies)
    form = dict(person.form.values)
    person.press()
    later = clock.now() + timedelta(minutes=11)

    with time_machine.travel(later, tick=False):
        other.post(f"/complain/{Draft.objects.get().public_id}/check/", form)
        answer = other.get(f"/case/{Case.objects.get().public_id}/receipt/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize(
    ("step", "wrong", "sentences"),
    [
        ("shop", {"shop_name": "", "shop_address": "南开"}, ["请写商家的名称", "请选商家在哪个区", "请写商家的地址"]),
        (
            "what",
            {
                "purchased_on_y": "2026",
                "purchased_on_m": "13",
                "purchased_on_d": "2",
                "facts": "坏",
                "paid_fen": "很多",
            },
            ["这个日子写得不对", "请写清发生了什么，至少 10 个字", "请用数字填写金额"],
        ),
        ("want", {"claims": ["refund"], "claimed_fen": "0"}, ["请填要求商家退还或者赔偿多少钱"]),
        ("want", {"claimed_fen": "-3"}, ["请至少选一项", "金额不能小于零"]),
        (
            "you",
            {"name": "林", "phone": "022-23456789", "address": "河西", "id_type": "resident_id", "id_number": "12"},
            ["姓名写得不对", "请填手机号码", "请填能收到信的通讯地址", "身份证号码应是 18 位"],
        ),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(
    step: str, wrong: dict[str, str | list[str]], sentences: list[str]
) -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()
    draft = Draft.objects.get()
    path = f"/complain/{draft.public_id}/{step}/"

    answer = person.client.post(path, wrong)

    assert answer.status_code == 422
    person._arrive(answer, path)
    assert [sentence for sentence in sentences if sentence not in person.text] == []
    assert f"有 {len(sentences)} 处要改" in person.text
    for shown in (person.at(next(iter(wrong))), person.open(path).at(next(iter(wrong)))):
        held = {name: value for name, value in shown.form.values.items() if name in wrong}
        assert held == {name: value if isinstance(value, list) else [value] for name, value in wrong.items()}


def test_a_date_that_has_not_come_is_named() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()
    with time_machine.travel(TUESDAY, tick=False):
        answer = person.client.post(
            f"/complain/{Draft.objects.get().public_id}/what/",
            {"purchased_on_y": "2026", "purchased_on_m": "12", "purchased_on_d": "2", "facts": STORY, "paid_fen": "0"},
        )

    assert "2026 年 12 月 2 日还没有到。请写今天或者更早的日子。" in answer.content.decode()


def test_a_draft_is_sealed() -> None:
    build.a_hub()
    up_to_the_check(Person(), "13900001111")

    draft = Draft.objects.get()

    assert answers_of(draft)["you"]["name"] == "林示例"
    stored = Draft.objects.values_list("answers", "resume_code").get()
    assert [word for word in ("林示例", STORY, "13900001111") if word.encode() in bytes(stored[0])] == []
    assert resume_code_of(draft).replace("-", "").encode() not in bytes(stored[1])


def test_files_are_kept_although_another_one_cannot_be_taken() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()
    path = f"/complain/{Draft.objects.get().public_id}/evidence/"
    bad = io.BytesIO(b"MZ not a picture")
    bad.name = "工具.exe"

    answer = person.client.post(path, {"upload_ids": [a_picture(), bad]})

    assert answer.status_code == 422
    assert "工具.exe" in answer.content.decode()
    page = person.client.get(path).content.decode()
    assert "小票.jpg" in page
    assert Upload.objects.filter(removed_at=None).count() == 1


def test_a_file_goes_from_the_draft_to_the_case_and_can_be_taken_away_before() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()
    draft = Draft.objects.get()
    path = f"/complain/{draft.public_id}/evidence/"
    person.client.post(path, {"upload_ids": [a_picture()], "more": "1"})
    person.client.post(path, {"upload_ids": [a_picture()], "more": "1"})
    first, second = Upload.objects.order_by("received_at")
    person.client.post(path, {"remove": first.public_id})

    up_to_the_check_in(person, draft, "13900001111")
    person.at("is_true").tick("is_true").write("code", the_code()).press()

    case = Case.objects.get()
    assert [row.upload for row in Evidence.objects.filter(case=case)] == [second]
    second.refresh_from_db()
    assert (second.owner_label, second.owner_pk) == ("complaints.case", str(case.pk))
    assert second.uploaded_by == case.consumer.user


def up_to_the_check_in(person: Person, draft: Draft, phone: str) -> None:
    base = f"/complain/{draft.public_id}"
    told = {
        "shop": {"shop": build.a_shop().public_id},
        "what": {
            "purchased_on_y": "2026",
            "purchased_on_m": "11",
            "purchased_on_d": "2",
            "facts": STORY,
            "paid_fen": "1299",
        },
        "want": {"claims": ["return"], "claimed_fen": "1299"},
        "you": {"name": "林示例", "phone": phone, "address": "天津市河西区示例道 1 号"},
    }
    for step, typed in told.items():
        assert person.client.post(f"{base}/{step}/", typed).status_code == 302
    person.open(f"{base}/check/")


def test_another_device_does_not_hold_the_draft() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()

    assert Client().get(person.path).status_code == 404


def test_a_draft_is_taken_up_on_another_device_by_code_and_phone() -> None:
    build.a_hub()
    up_to_the_check(Person(), "13900001111")
    draft = Draft.objects.get()
    other = Person().open("/complain/resume/").at("code")

    other.write("code", resume_code_of(draft).lower()).write("phone", "139 0000 1111").press()
    other.at("phone_code").write("phone_code", the_code("resume")).press()

    assert other.path == f"/complain/{draft.public_id}/check/"
    assert other.page.status_code == 200
    assert "林**" in other.text


@pytest.mark.parametrize(("wrong", "phone"), [("AAAA-2222", "13900001111"), ("", "13900002222")])
def test_neither_code_nor_phone_can_be_tried_out(wrong: str, phone: str) -> None:
    build.a_hub()
    up_to_the_check(Person(), "13900001111")
    draft = Draft.objects.get()
    sent = OutgoingMessage.objects.count()
    other = Person().open("/complain/resume/").at("code")

    other.write("code", wrong or resume_code_of(draft)).write("phone", phone).press()

    assert other.path == "/complain/resume/code/"
    assert OutgoingMessage.objects.count() == sent
    other.at("phone_code").write("phone_code", "123456").press()
    assert other.page.status_code == 400
    assert Client().get(f"/complain/{draft.public_id}/check/").status_code == 404


def test_a_draft_without_a_phone_yet_takes_the_first_phone_that_proves_itself() -> None:
    build.a_hub()
    Person().open("/complain/").at("").press()
    draft = Draft.objects.get()
    other = Person().open("/complain/resume/").at("code")

    other.write("code", resume_code_of(draft)).write("phone", "13900003333").press()
    other.at("phone_code").write("phone_code", the_code("resume")).press()

    assert other.path == f"/complain/{draft.public_id}/shop/"


def test_a_wrong_phone_code_files_nothing_and_the_right_one_still_does() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    right = the_code()
    wrong = "000000" if right != "000000" else "111111"

    person.at("is_true").tick("is_true").write("code", wrong).press()

    assert person.page.status_code == 422
    assert "验证码不对" in person.text
    assert Case.objects.count() == 0

    person.at("is_true").write("code", right).press()

    assert Case.objects.count() == 1


def test_without_the_declaration_nothing_is_filed_and_the_code_is_not_used_up() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")

    person.at("is_true").write("code", the_code()).press()

    assert "请确认以上内容真实" in person.text
    assert Case.objects.count() == 0
    assert person.at("is_true").tick("is_true").press().page.status_code == 200
    assert Case.objects.count() == 1


def test_somebody_signed_in_with_that_phone_needs_no_code() -> None:
    build.a_hub()
    citizen = build.a_citizen("13900001111")
    person = Person()
    person.client.force_login(citizen)
    up_to_the_check(person, "13900001111")

    assert "短信里的 6 位数字" not in person.text
    person.at("is_true").tick("is_true").press()

    assert Case.objects.get().consumer.user == citizen
    assert OutgoingMessage.objects.filter(name="code.file").count() == 0


def test_consents_are_kept_and_default_to_none() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")

    person.at("is_true").tick("agrees_to_disclosure").tick("is_true").write("code", the_code()).press()

    case = Case.objects.get()
    assert (case.agrees_to_disclosure, case.agrees_to_delegation) == (True, False)
    assert case.fact is not None
    assert case.fact.agrees_to_disclosure is True


def test_an_unknown_shop_is_written_down() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()
    person.open(f"{person.path}?q=没有这家店")
    assert "名录里没有" in person.text

    person.at("shop_name").write("shop_name", "老王水果店").choose("district", "120101")
    person.write("shop_address", "和平区示例路 7 号").press()

    assert person.path.endswith("/what/")
    assert answers_of(Draft.objects.get())["shop"]["shop_name"] == "老王水果店"


def test_a_shop_without_an_address_asks_for_it() -> None:
    build.a_hub()
    shop = build.a_shop(address="")
    person = Person().open("/complain/").at("").press()

    person.at("shop_name").press("shop", shop.public_id)

    assert person.page.status_code == 422
    assert "我们没有这家商家的地址，请补上" in person.text
    assert "商家是这一家" in person.text

    person.at("shop_address").write("shop_address", "南开区示例路 9 号").press()

    assert person.path.endswith("/what/")
    assert answers_of(Draft.objects.get())["shop"] == {"shop": shop.public_id, "shop_address": "南开区示例路 9 号"}


def test_a_chosen_shop_can_be_changed_for_another_one() -> None:
    build.a_hub()
    shop = build.a_shop()
    person = Person().open("/complain/").at("").press()
    path = person.path
    person.at("shop_name").press("shop", shop.public_id)

    person.open(path).at("shop").press("shop", "none")

    assert "商家是谁？" in person.text
    assert answers_of(Draft.objects.get())["shop"] == {}


def test_a_shop_that_is_not_in_the_register_is_asked_for_again() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()

    person.at("shop_name").press("shop", "nothing")

    assert person.page.status_code == 422
    assert "刚才选的商家已经不在名录里" in person.text


def test_only_what_can_be_gone_on_with_is_offered() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    assert "接着写这台设备上的草稿" in person.open("/complain/").text

    person.open(f"/complain/{Draft.objects.get().public_id}/check/")
    person.at("is_true").tick("is_true").write("code", the_code()).press()

    assert "接着写这台设备上的草稿" not in person.open("/complain/").text


def test_the_look_up_shows_the_live_badge() -> None:
    build.a_hub()
    shop = build.a_shop(name="海河示例数码店", trade="catering")
    merchant = build.a_merchant(shop)
    pledge = pledges.apply(shop_id=shop.pk, scheme="honest", commitments="七日内不满意可以退。", who=merchant)
    pledge = pledges.check(pledge_id=pledge.pk, who=build.staff(Role.SCHEME_OFFICER), version=pledge.version)
    pledges.approve(pledge_id=pledge.pk, who=build.staff(Role.SCHEME_APPROVER), version=pledge.version)
    jobs.drain()
    person = Person().open("/complain/").at("").press()

    person.open(f"{person.path}?q=海河示例")

    assert shop.name in person.text
    assert "承诺店，牌子有效" in person.text


def test_a_form_that_nobody_sees_stops_machines() -> None:
    build.a_hub()

    answer = Client().post("/complain/", {"website": "http://example.com"})

    assert answer.status_code == 400
    assert Draft.objects.count() == 0


def test_starting_again_and_again_is_slowed_down() -> None:
    build.a_hub()
    client = Client()

    answers = [client.post("/complain/").status_code for _ in range(31)]

    assert answers == [302] * 30 + [429]
    assert Draft.objects.count() == 30


def test_staff_are_sent_to_their_own_page() -> None:
    client = Client()
    client.force_login(build.staff(Role.OFFICER))

    assert client.post("/complain/").status_code == 403
    assert Draft.objects.count() == 0


@time_machine.travel(TUESDAY, tick=False)
def test_what_is_saved_while_writing_is_there_on_the_next_visit() -> None:
    build.a_hub()
    person = Person().open("/complain/").at("").press()
    path = f"/complain/{Draft.objects.get().public_id}/what/"

    answer = person.client.post(f"{path}save/", {"facts": "才写了一半"})

    assert answer.content.decode().strip() == "已自动保存，10:30"
    assert person.open(path).at("facts").form.values["facts"] == ["才写了一半"]


def test_a_draft_is_deleted_with_its_files_when_its_thirty_days_are_over() -> None:
    build.a_hub()
    with time_machine.travel(TUESDAY, tick=False):
        person = Person().open("/complain/").at("").press()
        draft = Draft.objects.get()
    with time_machine.travel(TUESDAY + timedelta(days=10), tick=False):
        person.client.post(f"/complain/{draft.public_id}/evidence/", {"upload_ids": [a_picture()], "more": "1"})
    with time_machine.travel(TUESDAY + timedelta(days=31), tick=False):
        jobs.drain()
        assert Draft.objects.get().expires_on == (TUESDAY + timedelta(days=40)).date()
    with time_machine.travel(TUESDAY + timedelta(days=41), tick=False):
        assert person.client.get(person.path).status_code == 404
        jobs.drain()

    assert Draft.objects.count() == 0
    assert Upload.objects.filter(removed_at=None).count() == 0


def test_a_filed_draft_is_not_deleted() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    person.at("is_true").tick("is_true").write("code", the_code()).press()

    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        jobs.drain()

    assert Draft.objects.count() == 1


def test_a_filed_draft_keeps_nothing_of_what_was_typed() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    person.at("is_true").tick("is_true").write("code", the_code()).press()

    draft = Draft.objects.get()
    assert answers_of(draft) == {}
    with pytest.raises(Refused) as refusal:
        drafts.save(draft_id=draft.pk, step="what", typed={"facts": "改"}, who=draft.case.consumer.user)  # type: ignore[union-attr, arg-type]
    assert refusal.value.code == "already_filed"


def test_the_receipt_paper_is_owed_and_the_message_goes_out() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    person.at("is_true").tick("is_true").write("code", the_code()).press()

    jobs.drain()

    case = Case.objects.get()
    sent = [crypto.unseal(row, "text_sealed") for row in OutgoingMessage.objects.filter(name="case.filed")]
    assert len(sent) == 1
    assert str(case.number) in sent[0]
    assert codes.index_of("13900001111") == case.consumer.phone_index


def test_whoever_comes_from_a_shops_page_finds_that_shop_chosen() -> None:
    build.a_hub()
    shop = build.a_shop(name="海河示例数码店")
    person = Person().open(f"/complain/?shop={shop.public_id}")
    assert "您要投诉的商家：海河示例数码店" in person.text

    person.at("website").press()

    assert person.path.endswith("/shop/")
    assert "海河示例数码店" in person.text
    assert answers_of(Draft.objects.get()) == {"shop": {"shop": shop.public_id}}


@pytest.mark.parametrize("shop", ["nobody", "%00", "x" * 300])
def test_a_link_that_names_no_shop_begins_an_empty_draft(shop: str) -> None:
    build.a_hub()
    person = Person().open(f"/complain/?shop={shop}")
    assert "您要投诉的商家" not in person.text

    person.at("website").press()

    assert answers_of(Draft.objects.get()) == {}


def test_numbers_that_nobody_needs_are_named_before_they_are_sent() -> None:
    build.a_hub()
    person = up_to_the_check(Person(), "13900001111")
    assert "经过里好像写了" not in person.text

    person.open(person.path.replace("/check/", "/what/")).at("facts")
    person.write("facts", "退货时店员要我写身份证号 11010519491231002X 和银行卡 6222 0212 3456 7890 128。").press()
    person.open(re.sub("/(want|what)/$", "/check/", person.path))

    assert "经过里好像写了：身份证号码、银行卡号。这里用不着，建议改掉；需要的，会另外问您。" in person.text
    assert person.page.status_code == 200
