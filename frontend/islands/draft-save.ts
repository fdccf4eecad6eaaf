const PAUSE = 1500;
const LONGEST_PAUSE = 60_000;

/**
 * Saves the form inside it a moment after the last change and says so in `[data-saved]`; what could not be saved is said
 * too (`data-failed`) and tried again, later each time. Leaving the page saves at once. Files are left to the form.
 */
export class DraftSave extends HTMLElement {
  #timer: number | undefined;
  #pause = PAUSE;
  #isUnsaved = false;

  connectedCallback(): void {
    const form = this.querySelector("form");
    const url = this.dataset.url;
    if (!form || !url) return;
    form.addEventListener("input", () => {
      this.#isUnsaved = true;
      this.#later(form, url, PAUSE);
    });
    form.addEventListener("submit", () => {
      this.#isUnsaved = false;
      window.clearTimeout(this.#timer);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.#isUnsaved && this.isConnected) void this.#save(form, url);
    });
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
  }

  #later(form: HTMLFormElement, url: string, wait: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#save(form, url), wait);
  }

  async #save(form: HTMLFormElement, url: string): Promise<void> {
    window.clearTimeout(this.#timer);
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    this.#isUnsaved = false;
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#pause = PAUSE;
      this.#say((await answer.text()).trim());
    } catch {
      this.#isUnsaved = true;
      this.#say(this.dataset.failed ?? "");
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
      this.#later(form, url, this.#pause);
    }
  }

  #say(words: string): void {
    const status = document.querySelector("[data-saved]");
    if (status && words) status.textContent = words;
  }
}
