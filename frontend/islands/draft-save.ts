const PAUSE = 1500;

/** Saves the form inside it a moment after the last change, and says so; a failed save is said too and tried again. */
export class DraftSave extends HTMLElement {
  #timer: number | undefined;

  connectedCallback(): void {
    const form = this.querySelector("form");
    const url = this.dataset.url;
    if (!form || !url) return;
    form.addEventListener("input", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#save(form, url), PAUSE);
    });
    form.addEventListener("submit", () => window.clearTimeout(this.#timer));
  }

  async #save(form: HTMLFormElement, url: string): Promise<void> {
    const status = document.querySelector("[data-saved]");
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const saved = (await answer.text()).trim();
      if (status) status.textContent = saved;
    } catch {
      if (status) status.textContent = this.dataset.failed ?? "";
      this.#timer = window.setTimeout(() => this.#save(form, url), PAUSE * 4);
    }
  }
}
