const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const UNITS = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿"];

function group(value: number): string {
  let words = "";
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) {
      gap = words !== "";
    } else {
      words += `${gap ? "零" : ""}${DIGITS[digit]}${UNITS[place]}`;
      gap = false;
    }
  }
  return words;
}

/** Whole fen in Chinese capital numerals, as on a receipt. */
export function daxie(fen: number): string {
  const yuan = Math.floor(fen / 100);
  const jiao = Math.floor(fen / 10) % 10;
  const rest = fen % 10;
  let words = "";
  let gap = false;
  for (let place = 2; place >= 0; place -= 1) {
    const value = Math.floor(yuan / 10_000 ** place) % 10_000;
    if (value === 0) {
      gap = words !== "";
      continue;
    }
    words += `${words !== "" && (gap || value < 1000) ? "零" : ""}${group(value)}${GROUPS[place]}`;
    gap = false;
  }
  words = yuan > 0 ? `${words}元` : "";
  if (jiao === 0 && rest === 0) return `${words || "零元"}整`;
  if (jiao > 0) words += `${DIGITS[jiao]}角`;
  else if (yuan > 0) words += "零";
  return rest > 0 ? `${words}${DIGITS[rest]}分` : `${words}整`;
}

/** The whole fen of what a person typed, or null when it is not an amount yet. */
export function fenOf(text: string): number | null {
  const clean = text.replace(/[,，\s]/g, "");
  if (!/^\d{1,10}(\.\d{1,2})?$/.test(clean)) return null;
  const [yuan = "0", part = ""] = clean.split(".");
  return Number(yuan) * 100 + Number(part.padEnd(2, "0"));
}

/** Reads an amount back in capital numerals while it is typed. */
export class MoneyWords extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    const output = this.querySelector("output");
    if (!input || !output) return;
    const tell = () => {
      const fen = fenOf(input.value);
      output.textContent = fen === null ? "" : daxie(fen);
    };
    input.addEventListener("input", tell);
    tell();
  }
}
