import { expect, test, vi } from "vitest";
import { CopyCode } from "./copy-code";
import { one, show } from "./testing";

customElements.define("copy-code", CopyCode);

test("the code is copied and the button says so", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  show(
    "<copy-code data-done='已复制'><p data-code> K7F2-9QMT\n</p><button type='button' hidden>复制</button></copy-code>",
  );
  const button = one<HTMLButtonElement>("button");
  expect(button.hidden).toBe(false);

  button.click();
  await Promise.resolve();
  expect(writeText).toHaveBeenCalledWith("K7F2-9QMT");
  expect(button.textContent).toBe("已复制");
});

test("without a clipboard there is no button", () => {
  vi.stubGlobal("navigator", {});
  show("<copy-code><p data-code>K7F2</p><button type='button' hidden>复制</button></copy-code>");
  expect(one<HTMLButtonElement>("button").hidden).toBe(true);
});
