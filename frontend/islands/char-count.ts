/** Says how many characters its text area holds; without script the limit in the hint stands. */
export class CharCount extends HTMLElement {
  connectedCallback(): void {
    const area = this.querySelector("textarea");
    const output = this.querySelector("[data-count]");
    const pattern = this.dataset.text ?? "{n} / {max}";
    if (!area || !output) return;
    const tell = () => {
      const shown = (n: number) => n.toLocaleString("en-US");
      output.textContent = pattern
        .replace("{n}", shown([...area.value].length))
        .replace("{max}", shown(area.maxLength));
    };
    area.addEventListener("input", tell);
    tell();
  }
}
