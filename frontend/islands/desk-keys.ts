/** What a key on the desk does: the element that it presses, or the one that it puts the focus on. */
const PRESSES: Readonly<Record<string, string>> = {
  "[": "[data-key=previous]",
  "]": "[data-key=next]",
};
const JUMPS: Readonly<Record<string, string>> = {
  "/": ".topbar input[type=search]",
  d: "#decide, .decide",
};

const CONTROLS = "input:not([type=hidden]), select, textarea, button, summary, a[href]";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function walk(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(".queue .job")];
  const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (!next) return;
  for (const row of rows) row.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.querySelector<HTMLElement>(".what a")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function jump(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) return false;
  const control = found.matches("input, a, button") ? found : found.querySelector<HTMLElement>(CONTROLS);
  (control ?? found).focus();
  found.scrollIntoView({ block: "nearest" });
  return true;
}

function press(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.click();
  return found !== null;
}

/** J and K walk the queue, C claims, [ and ] go to the neighbors, D to the decision, / to the search. Enter is the link's own. */
export function deskKeys(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const selector = JUMPS[key] ?? PRESSES[key];
  let isDone = false;
  if (key === "j" || key === "k") {
    walk(key === "j" ? 1 : -1);
    isDone = true;
  } else if (key === "c") {
    isDone = press(".queue .job[aria-current=true] form .button");
  } else if (selector) {
    isDone = key in JUMPS ? jump(selector) : press(selector);
  }
  if (isDone) event.preventDefault();
}
