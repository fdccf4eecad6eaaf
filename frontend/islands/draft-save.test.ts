import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DraftSave } from "./draft-save";
import { one, show } from "./testing";

customElements.define("draft-save", DraftSave);

const server = vi.fn<typeof fetch>();
const sentBody = () => server.mock.calls[0]?.[1]?.body as FormData;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", server);
  server.mockReset();
  show(
    "<p data-saved></p><draft-save data-url='/save/' data-failed='没有存上，马上再试'><form><textarea name='facts'></textarea><input type='file' name='f'></form></draft-save>",
  );
});

afterEach(() => {
  show("");
  vi.useRealTimers();
});

function type(text: string): void {
  const area = one<HTMLTextAreaElement>("textarea");
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const said = () => document.querySelector("[data-saved]")?.textContent;

test("one save follows a burst of typing, without files, and the answer is shown", async () => {
  server.mockResolvedValue(new Response("已自动保存，14:32\n"));
  type("噪");
  type("噪声");
  await vi.advanceTimersByTimeAsync(2000);

  expect(server).toHaveBeenCalledTimes(1);
  const body = sentBody();
  expect([...body.keys()]).toEqual(["facts"]);
  expect(body.get("facts")).toBe("噪声");
  expect(said()).toBe("已自动保存，14:32");
});

test("a failed save is said and tried again", async () => {
  server.mockRejectedValueOnce(new TypeError("offline")).mockResolvedValue(new Response("已自动保存，14:33"));
  type("噪声");
  await vi.advanceTimersByTimeAsync(1600);
  expect(said()).toBe("没有存上，马上再试");

  await vi.advanceTimersByTimeAsync(3100);
  expect(server).toHaveBeenCalledTimes(2);
  expect(said()).toBe("已自动保存，14:33");
});

test("sending the form cancels the save that was due", async () => {
  type("噪声");
  document.querySelector("form")?.dispatchEvent(new Event("submit"));
  await vi.advanceTimersByTimeAsync(5000);
  expect(server).not.toHaveBeenCalled();
});
