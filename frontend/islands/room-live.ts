const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/**
 * Keeps the log of one lane fresh: the socket says only how far the lane has come, the missing lines are fetched as HTML.
 * Without a socket it asks every half minute; without script the page has its refresh link.
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
    this.#poll = window.setInterval(() => this.#catchUp(), LONGEST_WAIT);
    this.#toBottom();
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#poll);
    this.#socket?.close();
  }

  #connect(): void {
    const path = this.dataset.socket;
    if (!path || !("WebSocket" in window)) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${path}`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#wait = FIRST_WAIT;
      void this.#catchUp();
    });
    socket.addEventListener("message", (event) => {
      const seq = Number((JSON.parse(String(event.data)) as { seq?: number }).seq ?? 0);
      if (seq > this.#seq) {
        this.#known = seq;
        void this.#catchUp();
      }
    });
    socket.addEventListener("close", (event) => {
      if (event.code >= 4400 || !this.isConnected) return;
      window.setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    });
  }

  async #catchUp(): Promise<void> {
    const base = this.dataset.after;
    const log = this.querySelector("[data-log]");
    if (!base || !log || this.#isFetching) return;
    this.#isFetching = true;
    try {
      const answer = await fetch(`${base}${this.#seq}/`, { credentials: "same-origin" });
      if (!answer.ok) return;
      const html = (await answer.text()).trim();
      const last = Number(answer.headers.get("X-Last-Seq") ?? this.#seq);
      if (html && last > this.#seq) {
        const isAtBottom = this.#isAtBottom();
        log.insertAdjacentHTML("beforeend", html);
        if (isAtBottom) this.#toBottom();
      }
      this.#seq = Math.max(this.#seq, last);
      if (answer.headers.get("X-Offers-Changed") === "1")
        this.dispatchEvent(new CustomEvent("offers", { bubbles: true }));
    } catch {
      return;
    } finally {
      this.#isFetching = false;
    }
    if (this.#known > this.#seq) void this.#catchUp();
  }

  #isAtBottom(): boolean {
    return window.innerHeight + window.scrollY >= document.body.scrollHeight - 120;
  }

  #toBottom(): void {
    window.scrollTo({ top: document.body.scrollHeight });
  }
}
