"""What is asked of every page, and the list of everything that was found wanting."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from portal.bootstrap.environment import ROOT
from portal.kernel import clock
from tests.journeys.conftest import DESK, PHONE, Person

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
NARROW = (320, 256)
AS_EXPECTED = "Failed to load resource: the server responded with a status of 4"

OPEN_ALL = "() => { for (const each of document.querySelectorAll('details')) each.open = true; }"
ENLARGE = "() => { document.documentElement.dataset.text = 'large'; }"
DOUBLE = "() => { delete document.documentElement.dataset.text; document.documentElement.style.fontSize = '200%'; }"

ASK_AXE = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}`))"""

ASK_PAGE = """() => {
  const found = [];
  const heads = document.querySelectorAll("h1").length;
  if (heads !== 1) found.push(`${heads} h1`);
  if (!document.title.split("·")[0].trim()) found.push("no title");
  if (!document.documentElement.lang) found.push("no lang");
  for (const control of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = control.labels.length || control.ariaLabel || control.getAttribute("aria-labelledby");
    if (!named) found.push(`no label: ${control.outerHTML.slice(0, 90)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`id twice: ${id}`);
  for (const each of document.querySelectorAll("[aria-describedby], [aria-labelledby], label[for], a[href^='#']")) {
    const names = ["aria-describedby", "aria-labelledby", "for"].map(name => each.getAttribute(name) ?? "");
    for (const aim of [...names.join(" ").split(" "), each.hash?.slice(1)].filter(Boolean))
      if (!document.getElementById(aim)) found.push(`leads nowhere: #${aim}`);
  }
  return found;
}"""

ASK_WIDTH = """() => {
  const root = document.scrollingElement;
  const style = each => getComputedStyle(each);
  const scrolls = each => each && each !== root
    && (each !== document.body && style(each).overflowX !== "visible" || scrolls(each.parentElement));
  const sticksOut = each => {
    const box = each.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && (box.right > root.clientWidth + 1 || box.left < -1)
      && !each.matches(".skip") && !scrolls(each.parentElement);
  };
  const say = each => `<${each.localName} class="${each.getAttribute("class") ?? ""}"> ${each.textContent.trim()}`;
  const all = [...document.body.querySelectorAll("*")];
  const out = all.filter(sticksOut);
  const deepest = out.filter(each => !out.some(other => other !== each && each.contains(other)));
  const stuck = all.filter(each => /sticky|fixed/.test(style(each).position) && innerHeight < 300
    && each.offsetHeight > innerHeight / 2);
  return [
    ...(root.scrollWidth > root.clientWidth ? [`${root.scrollWidth - root.clientWidth} px too wide`] : []),
    ...deepest.slice(0, 3).map(each => `sticks out: ${say(each).slice(0, 80)}`),
    ...stuck.map(each => `covers the page: ${each.offsetHeight} px of ${say(each).slice(0, 60)}`),
  ];
}"""


def bought(days_ago: int) -> dict[str, str]:
    """The three pieces of the day of a purchase."""
    day = clock.today() - timedelta(days=days_ago)
    return {"purchased_on_y": str(day.year), "purchased_on_m": str(day.month), "purchased_on_d": str(day.day)}


@dataclass
class Faces:
    """Looks at the page that a person has open, and keeps what is wrong with it."""

    person: Person
    findings: list[str] = field(default_factory=list)

    def look(self, where: str) -> None:
        """Look at the open page on a screen of its kind, then measure it; *where* is what the findings call it."""
        page = self.person.page
        page.evaluate(OPEN_ALL)
        self._size(DESK if page.locator(".desk").count() else PHONE)
        self.note(where, page.evaluate(ASK_PAGE))
        page.evaluate(AXE.read_text())
        self.note(where, page.evaluate(ASK_AXE, list(RULES)))
        self.measure(where)
        self.note(where, (error for error in self.person.errors if AS_EXPECTED not in error))
        self.person.errors.clear()

    def measure(self, where: str) -> None:
        """Whether all of the open page stays within a narrow screen, and within a phone when its letters are large."""
        page = self.person.page
        page.evaluate(OPEN_ALL)
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        self.note(f"{where} at 400 %", page.evaluate(ASK_WIDTH))
        self._size(PHONE)
        page.evaluate(ENLARGE)
        self.note(f"{where} in 大字版", page.evaluate(ASK_WIDTH))
        page.evaluate(DOUBLE)
        self.note(f"{where} with letters twice as large", page.evaluate(ASK_WIDTH))

    def note(self, where: str, found: Iterable[str]) -> None:
        """Write down what is wrong."""
        self.findings += [f"{where}: {line}" for line in found]

    def _size(self, size: dict[str, int]) -> None:
        self.person.page.set_viewport_size({"width": size["width"], "height": size["height"]})
