"""The same house without a script, and by keyboard alone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator

from tests.journeys.conftest import DESK, PHONE, Person
from tests.journeys.faces import Faces, bought
from tests.services.portal import Portal

WITHOUT_SCRIPT = "13800006666"
BY_KEYBOARD = "13800005555"
MERCHANT = "13900000003"
STORY = "办了一张美容卡，去了两次就约不上了，店里说人手不够，不退余额也不补时间。"
MOST_STOPS = 60

ASK_FOCUS = """() => {
  const there = document.activeElement;
  if (there === document.body) return [];
  const style = getComputedStyle(there), box = there.getBoundingClientRect();
  const what = `<${there.localName} name="${there.name ?? ""}"> ${there.textContent.trim().slice(0, 20)}`;
  const found = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) found.push(`no ring around ${what}`);
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
    found.push(`out of sight: ${what}`);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
  if (top && top !== there && !there.contains(top) && !top.contains(there)) found.push(`covered: ${what}`);
  return found;
}"""
IS_FOCUSED = "each => each === document.activeElement"

Came = Callable[..., Person]


@pytest.fixture
def come(house: Portal, browser: Browser) -> Iterator[Came]:
    """Brings people in; what their browsers complained about fails the test at its end."""
    people: list[Person] = []

    def come(size: dict[str, int], *, script: bool = True) -> Person:
        people.append(Person(house, browser, size=size, script=script))
        return people[-1]

    yield come
    for person in people:
        person.context.close()
    assert [error for person in people for error in person.errors if "422" not in error] == []


def _file_without_script(consumer: Person) -> str:
    consumer.go("/")
    consumer.follow("我要投诉")
    consumer.press("知道了，开始写")
    consumer.fill(q="花堤示例")
    consumer.press("查商家")
    consumer.press("就是这家", exact=False)
    consumer.fill(**bought(19), facts=STORY, paid_fen="199")
    consumer.press("保存并继续")
    consumer.press("保存并继续")
    assert consumer.page.locator(".errors").is_visible()
    consumer.page.get_by_label("退货", exact=True).check()
    consumer.press("保存并继续")
    consumer.page.locator("[name=upload_ids]").set_input_files(
        {"name": "小票.png", "mimeType": "image/png", "buffer": consumer.page.screenshot()}
    )
    consumer.press("上传选好的")
    assert "小票.png" in consumer.text
    consumer.press("保存并继续")
    consumer.fill(name="林示例", phone=WITHOUT_SCRIPT, address="天津市河西区示例里 1 号")
    consumer.press("保存并继续")
    consumer.page.locator("[name=is_true]").check()
    consumer.fill(code=consumer.latest_code(WITHOUT_SCRIPT))
    consumer.press("提交投诉")
    assert re.search(r"TJ-TS-\d{8}-\d{6}", consumer.text)
    return consumer.page.url.split("/case/")[1].split("/")[0]


def test_without_a_script(come: Came) -> None:
    consumer, merchant, desk = come(PHONE, script=False), come(PHONE, script=False), come(DESK, script=False)
    case = _file_without_script(consumer)

    desk.enter_as("hub")
    desk.go(f"/desk/cases/{case}/")
    desk.press("分送")
    desk.enter_as("officer")
    desk.go(f"/desk/cases/{case}/")
    desk.page.locator("[name=decide-decision][value=accept]").check()
    desk.press("提交决定")
    assert "已受理" in desk.text

    consumer.go(f"/case/{case}/")
    consumer.page.get_by_role("link", name=re.compile("调解")).first.click()
    consumer.press("同意调解")
    room = f"/room/{consumer.page.url.rstrip('/').rsplit('/', 1)[1]}/"
    merchant.sign_in_by_phone(MERCHANT)
    merchant.go(room.replace("/room/", "/mediation/"))
    merchant.press("同意调解")

    consumer.go(room)
    merchant.go(room)
    consumer.fill(text="约不上，我要求退余额。")
    consumer.press("发给三方")
    merchant.press("看有没有新的话")
    assert "约不上，我要求退余额。" in merchant.text
    merchant.fill(text="请带到店里来，我们看一看。")
    merchant.press("发给三方")
    consumer.press("看有没有新的话")
    assert "请带到店里来，我们看一看。" in consumer.text

    _agree_without_script(consumer, merchant, desk, room)
    sides = Faces(consumer), Faces(merchant)
    for faces, phone in zip(sides, (WITHOUT_SCRIPT, MERCHANT), strict=True):
        _sign_without_script(faces, room, phone)
    assert [finding for faces in sides for finding in faces.findings] == []


def _agree_without_script(consumer: Person, merchant: Person, desk: Person, room: str) -> None:
    consumer.page.get_by_role("link", name="提出新方案").click()
    consumer.fill(amount="199", terms="美容卡作废。")
    consumer.press("发给商家")
    merchant.go(room)
    merchant.follow("答复这个方案")
    merchant.press("接受这个方案")
    desk.go(room.replace("/room/", "/desk/mediations/"))
    desk.press("生成协议")


def _sign_without_script(faces: Faces, room: str, phone: str) -> None:
    person = faces.person
    person.go(room)
    person.follow("看协议并签名")
    person.press("看清楚了，发验证码")
    person.fill(code="000000")
    person.press("签名")
    assert person.page.locator(".errors").is_visible()
    faces.measure("the agreement with a wrong code")
    person.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    person.fill(code=person.latest_code(phone))
    person.press("签名")
    person.page.locator("#sign").wait_for(state="detached")


class Keys:
    """A person who has only a keyboard. Every stop on the way must be seen."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.findings: list[str] = []

    def tab_to(self, target: Locator) -> None:
        """Press Tab until *target* has the focus."""
        stops = 0
        while not target.evaluate(IS_FOCUSED):
            stops += 1
            assert stops < MOST_STOPS, f"{target} is not reached on {self.person.page.url}"
            self.press("Tab")

    def press(self, key: str) -> None:
        page = self.person.page
        page.keyboard.press(key)
        self.findings += [f"{page.url.removeprefix(self.person.house.address)}: {f}" for f in page.evaluate(ASK_FOCUS)]

    def go_on(self, target: Locator, key: str = "Enter") -> None:
        """Press a button or follow a link, and wait for the page behind it."""
        self.tab_to(target)
        with self.person.page.expect_navigation():
            self.person.page.keyboard.press(key)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        return self.person.page.get_by_role("button", name=name, exact=exact).first

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            self.tab_to(self.person.page.locator(f"main [name={name}]"))
            self.person.page.keyboard.press("Control+A")
            self.person.page.keyboard.type(text)


def _into_the_main_part(keys: Keys) -> None:
    page = keys.person.page
    keys.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate(IS_FOCUSED)
    assert skip.evaluate("each => each.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    keys.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def _mend_a_mistake(keys: Keys) -> None:
    page = keys.person.page
    keys.go_on(keys.button("保存并继续"))
    summary = page.locator(".errors")
    assert summary.evaluate(IS_FOCUSED)
    keys.press("Tab")
    link = summary.locator("a").first
    assert link.evaluate(IS_FOCUSED)
    keys.press("Enter")
    assert page.evaluate("() => document.activeElement.closest('.field.wrong') !== null")


def _file_by_keyboard(keys: Keys) -> str:
    page = keys.person.page
    keys.person.go("/")
    _into_the_main_part(keys)
    keys.go_on(page.get_by_role("link", name="我要投诉"))
    keys.go_on(keys.button("知道了，开始写"))
    keys.type(q="花堤示例")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keys.go_on(keys.button("就是这家", exact=False))
    _mend_a_mistake(keys)
    keys.type(**bought(19), facts=STORY, paid_fen="199")
    keys.go_on(keys.button("保存并继续"))
    keys.tab_to(page.get_by_label("退货", exact=True))
    keys.press("Space")
    keys.go_on(keys.button("保存并继续"))
    keys.go_on(keys.button("继续"))
    keys.type(name="林示例", phone=BY_KEYBOARD, address="天津市河西区示例里 1 号")
    keys.go_on(keys.button("保存并继续"))
    code = keys.person.latest_code(BY_KEYBOARD)
    page.bring_to_front()
    keys.tab_to(page.locator("[name=is_true]"))
    keys.press("Space")
    keys.type(code=code)
    keys.go_on(keys.button("提交投诉"))
    assert "/case/" in page.url, keys.person.text
    return page.url.split("/case/")[1].split("/")[0]


def _dispatch_by_keyboard(keys: Keys, case: str) -> None:
    page = keys.person.page
    rows = page.locator(".queue .job .what a")
    keys.press("j")
    assert rows.nth(0).evaluate(IS_FOCUSED)
    keys.press("j")
    assert rows.nth(1).evaluate(IS_FOCUSED)
    keys.press("k")
    assert rows.nth(0).evaluate(IS_FOCUSED)
    keys.press("/")
    assert page.locator(".topbar input[type=search]").evaluate(IS_FOCUSED)
    keys.press("Shift+Tab")
    for _ in range(MOST_STOPS):
        if page.locator(f".queue a[href*='{case}']").evaluate(IS_FOCUSED):
            break
        keys.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keys.press("d")
    assert page.evaluate("() => document.activeElement.closest('.decide') !== null")
    keys.go_on(keys.button("分送"))
    assert "待受理决定" in keys.person.text


def test_by_keyboard_alone(come: Came) -> None:
    consumer, desk = Keys(come(PHONE)), Keys(come(DESK))
    case = _file_by_keyboard(consumer)
    desk.person.enter_as("hub")
    desk.person.page.wait_for_url("**/desk/")
    _dispatch_by_keyboard(desk, case)
    assert consumer.findings + desk.findings == []
