import { expect, test, vi } from "vitest";
import { PrintButton } from "./print-button";
import { one, show } from "./testing";

customElements.define("print-button", PrintButton);

test("the button appears where script can print, and prints", () => {
  const print = vi.fn();
  vi.stubGlobal("print", print);
  window.print = print;
  show("<print-button><button type='button' hidden>打印回执</button></print-button>");
  const button = one<HTMLButtonElement>("button");
  expect(button.hidden).toBe(false);
  button.click();
  expect(print).toHaveBeenCalledOnce();
});
