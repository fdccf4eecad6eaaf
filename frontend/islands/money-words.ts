const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿"];
const DRESSING = /^(?:人民币|RMB|CNY)?¥?|元整?$/gi;
const PLAIN = /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?$|^\.\d+$/;
const MOST_FEN = 99_999_999_999_999;

function ofGroup(value: number): string {
  let words = "";
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit > 0) words += `${gap && words ? "零" : ""}${DIGITS[digit]}${PLACES[place]}`;
    gap = digit === 0;
  }
  return words;
}

function ofWhole(yuan: number): string {
  let words = "";
  let gap = false;
  for (let place = 2; place >= 0; place -= 1) {
    const value = Math.floor(yuan / 10_000 ** place) % 10_000;
    if (value === 0) {
      gap = words !== "";
      continue;
    }
    if (words && (gap || value < 1000)) words += "零";
    words += ofGroup(value) + GROUPS[place];
    gap = false;
  }
  return words;
}

/** Whole fen in capital characters, written as the papers write them. */
export function daxie(fen: number): string {
  const yuan = Math.floor(fen / 100);
  const jiao = Math.floor(fen / 10) % 10;
  const rest = fen % 10;
  if (jiao === 0 && rest === 0) return `${ofWhole(yuan) || "零"}元整`;
  const head = yuan > 0 ? `${ofWhole(yuan)}元` : "";
  const gap = yuan > 0 && (jiao === 0 || yuan % 10 === 0) ? "零" : "";
  return `${head}${gap}${jiao > 0 ? `${DIGITS[jiao]}角` : ""}${rest > 0 ? `${DIGITS[rest]}分` : ""}`;
}

/** The fen of what a person typed, read as the server reads it; null when it is not an amount (yet). */
export function fenOf(text: string): number | null {
  const clean = text.normalize("NFKC").replace(/\s+/g, "").replace(DRESSING, "");
  if (!PLAIN.test(clean)) return null;
  const [yuan = "", part = ""] = clean.replaceAll(",", "").split(".");
  if (part.replace(/0+$/, "").length > 2) return null;
  const fen = Number(yuan || "0") * 100 + Number(`${part}00`.slice(0, 2));
  return fen > MOST_FEN ? null : fen;
}

/** Reads an amount back in capital characters while it is typed. */
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
