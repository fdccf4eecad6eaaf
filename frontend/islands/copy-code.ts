/** Shows its button where script can write to the clipboard; says `data-done` after the code inside was copied. */
export class CopyCode extends HTMLElement {
  connectedCallback(): void {
    const code = this.querySelector("[data-code]");
    const button = this.querySelector("button");
    if (!code || !button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText((code.textContent ?? "").trim());
      if (this.dataset.done) button.textContent = this.dataset.done;
    });
  }
}
