/** Asking once more before something is done: Block Kit's confirm object. */
import { html } from "../html.js";
import { t } from "../words.js";
import { Dialog } from "./dialog.js";
import { plainOf, Text } from "./rich.js";

let asked = null;
let redraw = () => {};

/** Ask; whether the person said yes. `confirm` is Slack's object. */
export function confirmed(confirm) {
  asked?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes) => {
      asked = null;
      redraw();
      resolve(yes);
    };
    asked = { confirm, answer };
    redraw();
  });
}

/** Whether a question stands open. */
export const isAsking = () => asked !== null;

/** Redraw the pane when a question is asked or answered. */
export const onAsking = (listener) => {
  redraw = listener;
};

/** The open question. */
export function Question() {
  if (!asked) return null;
  const { confirm, answer } = asked;
  const yes = confirm.style === "danger" ? "sl-button sl-danger-full" : "sl-button sl-primary";
  return html`<${Dialog} label=${plainOf(confirm.title)} role="alertdialog" className="sl-question" onEscape=${() => answer(false)}>
    <div class="sl-dialog-body">
      <h3 class="sl-question-title">${plainOf(confirm.title)}</h3>
      <${Text} of=${confirm.text} />
    </div>
    <footer class="sl-dialog-foot">
      <button type="button" class="sl-button" onClick=${() => answer(false)}>${plainOf(confirm.deny) || t("Abbrechen", "Cancel")}</button>
      <button type="button" class=${yes} onClick=${() => answer(true)}>${plainOf(confirm.confirm) || t("Ja", "Yes")}</button>
    </footer>
  <//>`;
}

/** Ask with words of the page itself. */
export const sure = (title, text, yes) =>
  confirmed({
    title: { text: title, emoji: false },
    text: { type: "plain_text", text, emoji: false },
    confirm: { text: yes, emoji: false },
    deny: { text: t("Abbrechen", "Cancel"), emoji: false },
    style: "danger",
  });
