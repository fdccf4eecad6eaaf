import { beforeAll, expect, test } from "vitest";
import { daxie, fenOf, MoneyWords } from "./money-words";
import { one, show } from "./testing";

beforeAll(() => customElements.define("money-words", MoneyWords));

test.each([
  [0, "零元整"],
  [129_900, "壹仟贰佰玖拾玖元整"],
  [1_000, "壹拾元整"],
  [10_100, "壹佰零壹元整"],
  [101_000, "壹仟零壹拾元整"],
  [1_000_000, "壹万元整"],
  [1_050_000, "壹万零伍佰元整"],
  [1_000_500, "壹万零伍元整"],
  [10_700_053, "壹拾万柒仟元零伍角叁分"],
  [100_050_000, "壹佰万零伍佰元整"],
  [10_000_000_000, "壹亿元整"],
  [5, "伍分"],
  [50, "伍角"],
  [105, "壹元零伍分"],
  [150, "壹元伍角"],
])("%i fen are read as the papers write them", (fen, words) => {
  expect(daxie(fen)).toBe(words);
});

test.each([
  ["1299", 129_900],
  ["1,299.5", 129_950],
  [" ¥1299元 ", 129_900],
  ["￥１２９９．０５", 129_905],
  [".5", 50],
  ["5.", 500],
  ["0.10000", 10],
  ["", null],
  ["-5", null],
  ["一百", null],
  ["12,99", null],
  ["1.005", null],
  ["1000000000000", null],
])("%j is read as the server reads it", (typed, fen) => {
  expect(fenOf(typed)).toBe(fen);
});

test("the words follow what is typed and vanish while it is no amount", () => {
  show("<money-words><input value='1299.00'><output></output></money-words>");
  const input = one<HTMLInputElement>("input");
  const output = one<HTMLOutputElement>("output");
  expect(output.textContent).toBe("壹仟贰佰玖拾玖元整");

  input.value = "12x";
  input.dispatchEvent(new Event("input"));
  expect(output.textContent).toBe("");

  input.value = "60";
  input.dispatchEvent(new Event("input"));
  expect(output.textContent).toBe("陆拾元整");
});
