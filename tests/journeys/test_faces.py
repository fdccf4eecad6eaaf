"""Every page for every reader: axe finds nothing, nothing sticks out, and a mistake leads back to its field."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import PHONE, Person
from tests.journeys.faces import Faces, bought
from tests.services.portal import Portal
from tests.shell.commands import portal

FIND = "from tests.journeys import places; places.say()"

MISTAKES = {
    "kernel:login": "phone",
    "account_login": "login",
    "account_reauthenticate": "password",
    "account_change_password": "oldpassword",
    "complaints:resume": "code",
    "complaints:track": "number",
    "complaints:report": "target_name",
    "complaints:supplement": "text",
    "mediation:room": "text",
    "mediation:offer_make": "amount",
    "mediation:offer_counter": "amount",
    "publicity:merchant_pledge": "commitments",
    "complaints:desk_entry_form": "facts",
    "complaints:desk_complete": "phone",
    "complaints:desk_report_entry": "target_name",
    "complaints:desk_case": "reveal-purpose",
    "mediation:bench_appraisal": "body",
    "mediation:bench_terminate": "reason",
    "mediation:bench_report": "reference",
    "mediation:desk_endow": "receipt-amount",
    "publicity:desk_shop_new": "uscc",
    "publicity:desk_shop": "alias",
    "publicity:desk_disclosure": "remove-reason",
    "publicity:desk_pledge": "reason",
    "mediation:desk_claim": "reveal-purpose",
    "kernel:people": "username",
}
SEND_EMPTY = """form => {
  const typed = [...form.elements].filter(each => /^(text|tel|textarea|number)$/.test(each.type));
  for (const each of typed) each.value = "";
  HTMLFormElement.prototype.submit.call(form);
}"""
ASK_ERRORS = """() => {
  const box = document.querySelector(".errors");
  if (!box) return document.querySelector("[role=alert], .wrong-why") ? [] : ["says nothing about the mistake"];
  const found = document.activeElement === box ? [] : ["the error summary does not take the focus"];
  for (const link of box.querySelectorAll("a")) {
    link.click();
    const there = document.activeElement;
    if (!there.matches("input, select, textarea, [tabindex]") || there === box)
      found.push(`the error leads to no field: ${link.hash}`);
    else if (!there.closest(".field, fieldset, form")) found.push(`the error leads out of the form: ${link.hash}`);
  }
  return found;
}"""


class Spot(NamedTuple):
    """One page and its reader, as `places` found them."""

    reader: str
    name: str
    path: str


@pytest.fixture
def visitor(house: Portal, browser: Browser) -> Iterator[Person]:
    person = Person(house, browser, size=PHONE)
    yield person
    person.context.close()


@pytest.fixture
def faces(visitor: Person) -> Faces:
    return Faces(visitor)


@pytest.fixture(scope="session")
def spots(house: Portal) -> list[Spot]:
    found = portal("portal", "manage", "shell", "-v0", "-c", FIND, environment=house.environment)
    return [Spot(*row) for row in json.loads(found.stdout)]


def _visited(visitor: Person, spots: list[Spot], language: str = "zh-hans") -> Iterator[Spot]:
    """Each spot as it is open before its reader."""
    reader = None
    for spot in spots:
        if spot.reader != reader:
            _become(visitor, spot.reader, language)
            reader = spot.reader
        answer = visitor.page.goto(visitor.house.address + spot.path)
        assert answer is not None
        assert answer.status == 200 or not spot.reader, f"{spot.path}: {answer.status}"
        yield spot


def _become(visitor: Person, reader: str, language: str) -> None:
    visitor.page.goto("about:blank")
    visitor.context.clear_cookies()
    visitor.context.add_cookies([{"name": "language", "value": language, "url": visitor.house.address}])
    if reader:
        visitor.go("/demo/")
        token = visitor.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        door = f"{visitor.house.address}/demo/enter/{reader}/"
        assert visitor.page.request.post(door, form={"csrfmiddlewaretoken": token}, max_redirects=0).status == 302


def _go_on(visitor: Person, name: str, *, exact: bool = True) -> None:
    with visitor.page.expect_navigation():
        visitor.press(name, exact=exact)


def _err(faces: Faces, control: str) -> bool:
    """Send a form empty and look at what comes back; False where the page has no such form."""
    page = faces.person.page
    form = page.locator(f"form:has([name='{control}'])").first
    if not form.count():
        return False
    with page.expect_navigation():
        form.evaluate(SEND_EMPTY)
    page.wait_for_load_state()
    where = f"{page.url.removeprefix(faces.person.house.address)} without {control}"
    faces.note(where, page.evaluate(ASK_ERRORS))
    faces.look(where)
    return True


def test_every_page_for_every_reader(visitor: Person, faces: Faces, spots: list[Spot]) -> None:
    mistakes = dict(MISTAKES)
    for spot in _visited(visitor, spots):
        faces.look(spot.path)
        if spot.name in mistakes:
            visitor.go(spot.path)
            if _err(faces, mistakes[spot.name]):
                del mistakes[spot.name]
    faces.note("no form was found", mistakes)
    assert faces.findings == []


def test_english_fits(visitor: Person, faces: Faces, spots: list[Spot]) -> None:
    kinds = {spot.name: spot for spot in spots if not spot.path.startswith(("/desk/", "/demo/"))}
    for spot in _visited(visitor, sorted(kinds.values()), language="en"):
        faces.measure(f"{spot.path} in English")
    assert faces.findings == []


def test_every_step_of_a_complaint(visitor: Person, faces: Faces) -> None:
    visitor.go("/complain/")
    _go_on(visitor, "知道了，开始写")
    shop = visitor.page.url.removeprefix(visitor.house.address)
    faces.look("the shop")
    visitor.go(f"{shop}?q=查无此店查无此店")
    faces.look("no such shop")
    visitor.go(shop)
    _err(faces, "shop_name")
    visitor.go(f"{shop}?q=示例数码")
    faces.look("shops found")
    visitor.go(f"{shop}?q=示例数码")
    _go_on(visitor, "就是这家", exact=False)
    faces.look("what happened")
    visitor.go(shop)
    faces.look("the shop that was chosen")
    what = shop.replace("/shop/", "/what/")
    visitor.go(what)
    _err(faces, "facts")
    visitor.go(what)
    visitor.fill(**bought(20), facts="买的耳机用了三天就坏了，店里不退。", paid_fen="99")
    _go_on(visitor, "保存并继续")
    want = visitor.page.url.removeprefix(visitor.house.address)
    faces.look("what is asked for")
    visitor.go(want)
    _err(faces, "claimed_fen")
    visitor.go(want)
    visitor.page.locator("[name=claims]").first.check()
    visitor.fill(claimed_fen="99")
    _go_on(visitor, "保存并继续")
    evidence = visitor.page.url.removeprefix(visitor.house.address)
    picture = visitor.page.screenshot()
    visitor.page.locator("[name=upload_ids]").set_input_files(
        {"name": "一张名字很长很长的小票照片一张名字很长很长的小票照片.png", "mimeType": "image/png", "buffer": picture}
    )
    visitor.page.get_by_role("button", name="移除", exact=False).first.wait_for()
    faces.look("evidence")
    visitor.go(evidence)
    _go_on(visitor, "保存并继续")
    you = visitor.page.url.removeprefix(visitor.house.address)
    faces.look("about you")
    visitor.go(you)
    _err(faces, "name")
    visitor.go(you)
    visitor.fill(name="林示例", phone="13800008888", address="天津市河西区示例里 1 号")
    _go_on(visitor, "保存并继续")
    check = visitor.page.url.removeprefix(visitor.house.address)
    faces.look("check")
    visitor.go(check)
    _err(faces, "is_true")
    visitor.go(check.replace("/check/", "/later/"))
    faces.look("later")
    assert faces.findings == []


def test_what_lies_behind_a_press(visitor: Person, faces: Faces, spots: list[Spot]) -> None:
    visitor.go("/login/")
    visitor.fill(phone="13800001111")
    _go_on(visitor, "发送验证码")
    faces.look("the code for a phone")
    _err(faces, "code")
    visitor.go("/track/")
    visitor.fill(number="TJ-TS-20260101-000001", phone="13800001111")
    _go_on(visitor, "发验证码")
    faces.look("the code for a number")
    visitor.go("/complain/resume/")
    visitor.fill(code="AAAA-AAAA", phone="13800001111")
    _go_on(visitor, "发验证码")
    faces.look("the code for a draft")
    visitor.go("/desk/login/")
    visitor.fill(login="officer", password="demo-city-2026")
    _go_on(visitor, "下一步")
    faces.look("the second factor")
    _err(faces, "code")
    _look_behind(faces, spots, "complaints:desk_case", "显示", "[name=reveal-purpose]")
    _look_behind(faces, spots, "mediation:bench", "看全文")
    assert faces.findings == []


def test_a_new_colleague_comes_in(visitor: Person, faces: Faces) -> None:
    visitor.enter_as("admin")
    visitor.page.wait_for_url("**/desk/")
    visitor.go("/desk/people/")
    visitor.fill(display_name="新示例", username="newcomer")
    visitor.page.locator("[name=unit]").select_option(index=1)
    _go_on(visitor, "建立账号")
    faces.look("a new account")
    password = visitor.page.locator("[role=status] .whole").inner_text()
    _become(visitor, "", "zh-hans")
    visitor.go("/desk/login/")
    visitor.fill(login="newcomer", password=password)
    _go_on(visitor, "下一步")
    faces.look("first time in")
    visitor.go("/desk/2fa/totp/activate/")
    faces.look("binding a second factor")
    visitor.go("/desk/2fa/totp/activate/")
    _err(faces, "code")
    assert faces.findings == []


def _look_behind(faces: Faces, spots: list[Spot], name: str, button: str, choice: str = "") -> None:
    """Look at what a button shows on the first page of that name that has it."""
    visitor = faces.person
    for _ in _visited(visitor, [spot for spot in spots if spot.name == name]):
        found = visitor.page.get_by_role("button", name=button)
        if found.count():
            if choice:
                visitor.page.locator(choice).first.check()
            with visitor.page.expect_navigation():
                found.first.click()
            faces.look(f"{name} after {button}")
            return
    faces.note(name, [f"no page has the button {button}"])


def test_a_report_and_who_reads_it(visitor: Person, faces: Faces) -> None:
    visitor.go("/report/")
    visitor.page.locator("[name=district]").select_option("120104")
    visitor.page.get_by_text("留下姓名和电话").click()
    visitor.fill(target_name="示例食品店", target_address="天津市南开区示例路 8 号", name="林示例", phone="13800001111")
    visitor.fill(facts="店里把过期的食品换上新标签再卖，昨天下午看见的。")
    visitor.press("提交举报")
    visitor.page.get_by_role("heading", name="举报收到了").wait_for()
    found = re.search(r"TJ-JB-\d{8}-\d{6}", visitor.text)
    assert found is not None
    faces.look("a report that was received")
    visitor.enter_as("enforcer")
    visitor.page.wait_for_url("**/desk/")
    visitor.go("/desk/reports/")
    visitor.page.get_by_role("link", name=found.group()).click()
    visitor.page.wait_for_url("**/desk/reports/*/")
    report = visitor.page.url.removeprefix(visitor.house.address)
    _err(faces, "reveal-purpose")
    visitor.go(report)
    visitor.page.locator("[name=reveal-purpose]").first.check()
    _go_on(visitor, "显示", exact=False)
    faces.look("who reported")
    visitor.go(report)
    _go_on(visitor, "认领")
    faces.look("a report that is being verified")
    _err(faces, "decline-reason")
    assert faces.findings == []
