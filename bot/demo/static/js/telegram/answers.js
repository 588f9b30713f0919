/** What the bot answers to a press: a toast over the chat, an alert, a link to open. */
import { html, useEffect, useState } from "../html.js";
import { t } from "../words.js";
import { Dialog } from "./dialog.js";

const TOAST_MS = 5000;

/** Shows `answer`, a press's {toast, alert, url}; `onGone` is called once it need not be shown any more. */
export function Answer({ answer, onGone }) {
  const [toast, setToast] = useState("");
  useEffect(() => {
    if (!answer?.toast) return undefined;
    setToast(answer.toast);
    const timer = setTimeout(() => setToast(""), TOAST_MS);
    return () => clearTimeout(timer);
  }, [answer]);
  return html`
    <div class="tg-toasts" role="status">${toast && html`<p class="tg-toast">${toast}</p>`}</div>
    ${answer?.alert &&
    html`<${Dialog} label=${t("Kumpel sagt", "Kumpel says")} kind="alert" onClose=${onGone}>
      <p>${answer.alert}</p>
      <button type="button" class="tg-button" onClick=${onGone}>OK</button>
    <//>`}
    ${answer?.link &&
    html`<${Dialog} label=${t("Link öffnen", "Open link")} kind="alert" onClose=${onGone}>
      <p>${t("Diesen Link öffnen?", "Open this link?")}</p>
      <a class="tg-button" href=${answer.link} target="_blank" rel="noopener noreferrer" onClick=${onGone}>${answer.link}</a>
      <button type="button" class="tg-quiet" onClick=${onGone}>${t("Abbrechen", "Cancel")}</button>
    <//>`}
  `;
}
