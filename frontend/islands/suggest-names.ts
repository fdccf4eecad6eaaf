const WAIT = 200;
let lists = 0;

/** Offers whole names while one types, in the browser's own list; without script the box is a plain box. */
export class SuggestNames extends HTMLElement {
  private waiting = 0;
  private asked = 0;

  connectedCallback(): void {
    const input = this.querySelector("input");
    const from = this.dataset.from;
    if (!input || !from) return;
    const list = document.createElement("datalist");
    list.id = `names-${++lists}`;
    this.append(list);
    input.setAttribute("list", list.id);
    input.addEventListener("input", () => {
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => void this.offer(from, input.value.trim(), list), WAIT);
    });
  }

  private async offer(from: string, typed: string, list: HTMLDataListElement): Promise<void> {
    const mine = ++this.asked;
    const names = typed ? await namesFrom(`${from}?q=${encodeURIComponent(typed)}`) : [];
    if (mine !== this.asked) return;
    list.replaceChildren(...names.map(optionOf));
  }
}

function optionOf(name: string): HTMLOptionElement {
  const option = document.createElement("option");
  option.value = name;
  return option;
}

async function namesFrom(address: string): Promise<string[]> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as { results: string[] }).results : [];
  } catch {
    return [];
  }
}
