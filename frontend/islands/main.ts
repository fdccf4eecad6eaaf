import "../styles/index.css";
import { CharCount } from "./char-count";
import { CopyCode } from "./copy-code";
import { deskKeys } from "./desk-keys";
import { DraftSave } from "./draft-save";
import { MoneyWords } from "./money-words";
import { PrintButton } from "./print-button";
import { RoomLive } from "./room-live";
import { SuggestNames } from "./suggest-names";
import { UploadList } from "./upload-list";

customElements.define("char-count", CharCount);
customElements.define("copy-code", CopyCode);
customElements.define("draft-save", DraftSave);
customElements.define("money-words", MoneyWords);
customElements.define("print-button", PrintButton);
customElements.define("room-live", RoomLive);
customElements.define("suggest-names", SuggestNames);
customElements.define("upload-list", UploadList);

document.querySelector<HTMLElement>(".errors")?.focus();
if (document.querySelector(".topbar")) document.addEventListener("keydown", deskKeys);
if (document.querySelector("[hx-get], [hx-post]")) void import("htmx.org");
