const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const NOT_YOURS = 4400;

/**
 * Keeps the log of one lane fresh: the socket says only how far the lane has come, the missing lines are fetched as HTML.
 * Without a socket it asks every half minute; without script the page has its link to ask again.
 *
 * `data-seq` is the last line shown, `data-socket` and `data-after` the addresses, `data-failed` what to say when a line could not
 * be sent. What is written in the lane's composer is sent without leaving the page; a refusal comes back into the composer.
 */
export class RoomLive extends HTMLElement {
  #seq = 0;
  #known = 0;
  #wait = FIRST_WAIT;
  #isFetching = false;
  #socket: WebSocket | undefined;
  #poll: number | undefined;

  connectedCallback(): void {
    this.#seq = this.#known = Number(this.dataset.seq ?? 0);
    this.#connect();
    this.#poll = window.setInterval(() => void this.catchUp(), LONGEST_WAIT);
    const composer = this.#composer;
    composer?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(composer);
    });
    composer?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composer.requestSubmit();
    });
    this.#toBottom();
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#poll);
    this.#socket?.close();
  }

  get #composer(): HTMLFormElement | null {
    return (this.closest(".lane") ?? document).querySelector("form.composer");
  }

  get #log(): Element | null {
    return this.querySelector("[data-log]");
  }

  #connect(): void {
    const path = this.dataset.socket;
    if (!path || !("WebSocket" in window)) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${path}`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#wait = FIRST_WAIT;
      void this.catchUp();
    });
    socket.addEventListener("message", (event) => {
      const seq = Number((JSON.parse(String(event.data)) as { seq?: number }).seq ?? 0);
      if (seq > this.#seq) {
        this.#known = Math.max(this.#known, seq);
        void this.catchUp();
      }
    });
    socket.addEventListener("close", (event) => {
      if (event.code >= NOT_YOURS || !this.isConnected) return;
      window.setTimeout(() => this.isConnected && this.#connect(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    });
  }

  /** Fetch every line after the last one shown; once at a time, and once more when more were announced meanwhile. */
  async catchUp(): Promise<void> {
    const base = this.dataset.after;
    const log = this.#log;
    if (!base || !log || this.#isFetching) return;
    this.#isFetching = true;
    let hasMoved = false;
    try {
      const answer = await fetch(`${base}${this.#seq}/`, { credentials: "same-origin" });
      if (!answer.ok) return;
      const html = (await answer.text()).trim();
      const last = Number(answer.headers.get("X-Last-Seq") ?? this.#seq);
      hasMoved = last > this.#seq;
      if (html && hasMoved) {
        const wasAtBottom = this.#isAtBottom();
        log.insertAdjacentHTML("beforeend", html);
        if (wasAtBottom) this.#toBottom();
      }
      this.#seq = Math.max(this.#seq, last);
      if (hasMoved && answer.headers.get("X-Offers-Changed") === "1") await this.#refreshOffer();
    } catch {
      return;
    } finally {
      this.#isFetching = false;
    }
    if (hasMoved && this.#known > this.#seq) void this.catchUp();
  }

  async #refreshOffer(): Promise<void> {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = this.#parsed(await answer.text()).querySelector("[data-offer]");
    const shown = document.querySelector("[data-offer]");
    if (fresh && shown) shown.replaceWith(fresh);
    else if (fresh) this.prepend(fresh);
    else shown?.remove();
  }

  async #send(composer: HTMLFormElement): Promise<void> {
    const button = composer.querySelector("button");
    const area = composer.querySelector("textarea");
    if (!area?.value.trim() || button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(composer.action, {
        method: "POST",
        body: new FormData(composer),
        credentials: "same-origin",
      });
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      const fresh = this.#parsed(await answer.text()).querySelector("form.composer");
      if (answer.ok) this.#sent(composer, fresh, area);
      else if (fresh) composer.replaceChildren(...fresh.childNodes);
      await this.catchUp();
      this.#toBottom();
    } catch {
      this.#say(composer, this.dataset.failed ?? "");
    } finally {
      button?.removeAttribute("aria-busy");
    }
  }

  /** The next line needs its own key; focus and an open keyboard stay where they are. */
  #sent(composer: HTMLFormElement, fresh: Element | null, area: HTMLTextAreaElement): void {
    area.value = "";
    for (const error of composer.querySelectorAll(".wrong-why")) error.remove();
    for (const hidden of composer.querySelectorAll<HTMLInputElement>("input[type=hidden]")) {
      const next = fresh?.querySelector<HTMLInputElement>(`input[name="${hidden.name}"]`);
      if (next) hidden.value = next.value;
    }
  }

  #say(composer: HTMLFormElement, words: string): void {
    if (!words) return;
    const line = composer.querySelector("[data-unsent]") ?? document.createElement("p");
    line.className = "wrong-why";
    line.setAttribute("role", "alert");
    line.setAttribute("data-unsent", "");
    line.textContent = words;
    composer.querySelector(".line")?.before(line);
  }

  #parsed(html: string): Document {
    return new DOMParser().parseFromString(html, "text/html");
  }

  /** A lane on the bench scrolls by itself or not at all; only the room scrolls with the page. */
  get #scroller(): Element | null {
    const log = this.#log;
    if (log && getComputedStyle(log).overflowY !== "visible") return log;
    return this.closest(".talk") && document.documentElement;
  }

  #isAtBottom(): boolean {
    const scroller = this.#scroller;
    return scroller !== null && scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 120;
  }

  #toBottom(): void {
    this.#scroller?.scrollTo({ top: this.#scroller.scrollHeight });
  }
}
