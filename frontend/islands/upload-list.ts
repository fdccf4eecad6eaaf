/**
 * Sends files as soon as they are chosen or dropped, and puts the list that the server answers in its own place, so that
 * nothing else on the page moves. Without script the button beside the field does the same.
 *
 * Around it stands the form; inside it the list, a `[data-drop]` with the file field and the button `name="more"`, and a
 * `[data-sent]` to say in (`data-sending`, `data-failed`); a `[data-hint]` is shown only with script, and the label of the
 * field becomes the button to press. The answer is the whole page; the element with this one's id is taken.
 */
export class UploadList extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "file" && event.target.files?.length)
        void this.#send();
    });
    this.addEventListener("dragover", (event) => {
      if (!this.#drop) return;
      event.preventDefault();
      this.#drop.classList.add("over");
    });
    this.addEventListener("dragleave", () => this.#drop?.classList.remove("over"));
    this.addEventListener("drop", (event) => {
      const field = this.#field;
      if (!field || !event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.#drop?.classList.remove("over");
      field.files = event.dataTransfer.files;
      void this.#send();
    });
    this.#quiet();
  }

  get #drop(): HTMLElement | null {
    return this.querySelector("[data-drop]");
  }

  get #field(): HTMLInputElement | null {
    return this.querySelector("input[type=file]");
  }

  get #button(): HTMLButtonElement | null {
    return this.querySelector("button[name=more]");
  }

  #quiet(): void {
    if (this.#button) this.#button.hidden = true;
    const hint = this.querySelector<HTMLElement>("[data-hint]");
    if (hint) hint.hidden = false;
    const field = this.#field;
    const label = this.querySelector<HTMLLabelElement>(`label[for="${field?.id}"]`);
    if (!field || !label) return;
    label.className = "button quiet";
    field.className = "sr";
  }

  async #send(): Promise<void> {
    const form = this.closest("form");
    const button = this.#button;
    if (!form || !button) return;
    this.#say(this.dataset.sending ?? "");
    this.setAttribute("aria-busy", "true");
    const body = new FormData(form);
    body.set(button.name, button.value);
    try {
      const answer = await fetch(button.formAction || form.action, {
        method: "POST",
        body,
        credentials: "same-origin",
      });
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(this.id);
      if (!fresh) throw new Error("no list in the answer");
      this.replaceChildren(...fresh.childNodes);
      this.#quiet();
      this.#field?.focus({ preventScroll: true });
    } catch {
      this.#say(this.dataset.failed ?? "");
      button.hidden = false;
    } finally {
      this.removeAttribute("aria-busy");
    }
  }

  #say(words: string): void {
    const status = this.querySelector("[data-sent]");
    if (status) status.textContent = words;
  }
}
