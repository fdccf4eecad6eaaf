import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SuggestNames } from "./suggest-names";
import { one, show } from "./testing";

customElements.define("suggest-names", SuggestNames);

const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function answering(answers: Record<string, Response | Error>): void {
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    const found = answers[address];
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
  });
}

async function type(words: string): Promise<void> {
  const input = one<HTMLInputElement>("input");
  input.value = words;
  input.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(250);
}

const offered = () => [...document.querySelectorAll("datalist option")].map((row) => row.getAttribute("value"));

test("names are offered once the typing rests, and none for nothing", async () => {
  answering({ "/names?q=%E6%B5%B7%E6%B2%B3": Response.json({ results: ["海河示例家电"] }) });
  show("<suggest-names data-from='/names'><input></suggest-names>");

  await type("海河");
  expect(offered()).toEqual(["海河示例家电"]);
  expect(one<HTMLInputElement>("input").getAttribute("list")).toBe(one("datalist").id);

  await type("  ");
  expect(offered()).toEqual([]);
  expect(asked).toEqual(["/names?q=%E6%B5%B7%E6%B2%B3"]);
});

test("a refusal and a lost connection offer nothing and break nothing", async () => {
  answering({ "/names?q=a": new Response("", { status: 429 }), "/names?q=b": new TypeError("offline") });
  show("<suggest-names data-from='/names'><input></suggest-names>");

  await type("a");
  expect(offered()).toEqual([]);
  await type("b");
  expect(offered()).toEqual([]);
  expect(asked).toEqual(["/names?q=a", "/names?q=b"]);
});
