import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { deskKeys } from "./desk-keys";
import { one, show } from "./testing";

beforeAll(() => document.addEventListener("keydown", deskKeys));
afterAll(() => document.removeEventListener("keydown", deskKeys));
beforeEach(() => {
  show(`<header class="topbar"><input type="search"></header>
    <div class="queue"><ul>
      <li class="job"><div class="what"><a href="#1">一</a></div></li>
      <li class="job"><div class="what"><a href="#2">二</a></div><form><button type="button" class="button">认领</button></form></li>
    </ul></div>
    <a data-key="decide" href="#decide">D</a>
    <form class="decide" id="decide"><input type="hidden" name="version"><input type="radio" name="d"></form>`);
});

function press(key: string, init: KeyboardEventInit = {}, on: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  on.dispatchEvent(event);
  return event;
}

const current = () => document.querySelector(".job[aria-current=true] a")?.textContent;

test("J and K walk the queue and stop at its ends", () => {
  press("j");
  expect(current()).toBe("一");
  expect(document.activeElement?.textContent).toBe("一");
  press("J");
  press("j");
  expect(current()).toBe("二");
  press("k");
  expect(current()).toBe("一");
});

test("C claims the current job and nothing else", () => {
  const claimed = vi.fn();
  document.querySelector(".job .button")?.addEventListener("click", claimed);
  press("j");
  press("c");
  expect(claimed).not.toHaveBeenCalled();
  press("j");
  press("c");
  expect(claimed).toHaveBeenCalledOnce();
});

test("slash goes to the search and D to the decision", () => {
  expect(press("/").defaultPrevented).toBe(true);
  expect(document.activeElement).toBe(document.querySelector("input[type=search]"));
  (document.activeElement as HTMLElement).blur();
  press("d");
  expect(document.activeElement).toBe(document.querySelector(".decide [name=d]"));
});

test("keys are letters while someone types, and the browser's with a modifier", () => {
  press("j", {}, one<Element>("input[type=search]"));
  press("j", { ctrlKey: true });
  expect(current()).toBeUndefined();
});
