import { expect, test } from "vitest";
import { CharCount } from "./char-count";
import { one, show } from "./testing";

customElements.define("char-count", CharCount);

test("characters are counted as people count them", () => {
  show(
    "<char-count data-text='已写 {n} 字，最多 {max} 字'><textarea maxlength='1000'>退款𠮷</textarea><p data-count></p></char-count>",
  );
  const area = one<HTMLTextAreaElement>("textarea");
  const count = one<HTMLElement>("[data-count]");
  expect(count.textContent).toBe("已写 3 字，最多 1,000 字");

  area.value = "";
  area.dispatchEvent(new Event("input"));
  expect(count.textContent).toBe("已写 0 字，最多 1,000 字");
});
