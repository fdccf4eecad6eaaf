import "../styles/index.css";
import { CharCount } from "./char-count";
import { DraftSave } from "./draft-save";
import { MoneyWords } from "./money-words";
import { PrintButton } from "./print-button";
import { RoomLive } from "./room-live";

customElements.define("char-count", CharCount);
customElements.define("draft-save", DraftSave);
customElements.define("money-words", MoneyWords);
customElements.define("print-button", PrintButton);
customElements.define("room-live", RoomLive);

document.querySelector<HTMLElement>(".errors")?.focus();

document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.key === "/" && !target.closest("input, textarea, select")) {
    const search = document.querySelector<HTMLInputElement>(".topbar input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});
