"""One small demo city for all journeys, a browser, and people who sit at it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services.chromium import FLAGS, binary
from tests.services.portal import Portal

PHONE = {"width": 375, "height": 760}
DESK = {"width": 1280, "height": 900}
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The embedded portal with a tenth of the demo city."""
    folder = tmp_path_factory.mktemp("journeys")
    (folder / "data").mkdir()
    made = Portal(folder, PORTAL_DEMO="1", PORTAL_DEMO_SCALE="0.1")
    made.start(patience=240)
    yield made
    made.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = binary()
    assert path is not None, "chromium is not installed"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


class Person:
    """Somebody at a phone or a desk; every error that the browser notes fails the journey at the end."""

    def __init__(self, house: Portal, browser: Browser, *, size: dict[str, int], script: bool = True) -> None:
        self.house = house
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN", java_script_enabled=script
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("console", self._noted)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _noted(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.errors.append(f"{self.page.url}: {getattr(message, 'text', '')}")

    def go(self, path: str) -> None:
        answer = self.page.goto(self.house.address + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"

    def press(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_timeout(150)
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}], .composer [name={name}]").first.fill(value)

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").first.inner_text().split())

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def latest_code(self, phone: str) -> str:
        """The newest six-digit code that the demo sent to *phone*, read on the demo page in another tab."""
        page = self.context.new_page()
        page.goto(self.house.address + "/demo/")
        sent = page.locator("li").filter(has_text=phone).filter(has_text="验证码")
        found = re.search(r"验证码 (\d{6})", sent.first.inner_text())
        page.close()
        assert found is not None
        return found.group(1)

    def sign_in_by_phone(self, phone: str) -> None:
        for _ in range(2):
            self.go("/login/")
            self.fill(phone=phone)
            self.page.locator("main form button").first.click()
            self.page.wait_for_timeout(1_500)
            if self.page.locator("main [name=code]").count():
                break
            self.errors.clear()
            self.page.wait_for_timeout(61_000)
        self.fill(code=self.latest_code(phone))
        self.page.locator("main form button").first.click()

    def enter_as(self, username: str) -> None:
        """Come in through the demo's door as a member of staff."""
        self.go("/demo/")
        self.page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true; })")
        row = self.page.locator("main li").filter(has_text=f"用户名 {username}，").last
        row.get_by_role("button").first.click()


def _person(house: Portal, browser: Browser, size: dict[str, int]) -> Iterator[Person]:
    person = Person(house, browser, size=size)
    yield person
    person.context.close()
    assert person.errors == []


@pytest.fixture
def consumer(house: Portal, browser: Browser) -> Iterator[Person]:
    yield from _person(house, browser, PHONE)


@pytest.fixture
def merchant(house: Portal, browser: Browser) -> Iterator[Person]:
    yield from _person(house, browser, PHONE)


@pytest.fixture
def desk(house: Portal, browser: Browser) -> Iterator[Person]:
    yield from _person(house, browser, DESK)


@pytest.fixture
def public(house: Portal, browser: Browser) -> Iterator[Person]:
    yield from _person(house, browser, PHONE)
