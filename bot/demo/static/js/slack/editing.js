/** Changing an own message in its place. */
import { html, useLayoutEffect, useRef, useState } from "../html.js";
import { t } from "../words.js";
import { deed } from "./deeds.js";
import { unescaped } from "./mrkdwn.js";
import { nameOf } from "./seen.js";

/** What somebody typed to make this text: mentions by name, links bare. */
const typedFrom = (text) =>
  unescaped(text.replace(/<@(\w+)(\|[^>]*)?>/g, (_, id) => `@${nameOf(id)}`).replace(/<(?:mailto:)?([^>|]+)(\|[^>]*)?>/g, "$1"));

/** Which message of a place is being edited: {ts, begin}; begin with null ends it. */
export function useEdits() {
  const [ts, begin] = useState(null);
  return { ts, begin };
}

/** A field with the text; Enter saves, Escape leaves it as it was. */
export function EditForm({ message, onDone }) {
  const field = useRef(null);
  useLayoutEffect(() => {
    field.current.focus();
    field.current.setSelectionRange(-1, -1);
  }, []);
  const save = async (event) => {
    event.preventDefault();
    const text = field.current.value.trim();
    if (!text || (await deed("slack.edit", { channel: message.channel, ts: message.ts, text }))) onDone();
  };
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onDone();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save(event);
  };
  return html`<form class="sl-edit" onSubmit=${save}>
    <textarea
      ref=${field} class="sl-field" rows="2" defaultValue=${typedFrom(message.text)}
      aria-label=${t("Nachricht bearbeiten", "Edit message")} onKeyDown=${onKeyDown}
    ></textarea>
    <div class="sl-edit-foot">
      <button type="button" class="sl-button" onClick=${onDone}>${t("Abbrechen", "Cancel")}</button>
      <button type="submit" class="sl-button sl-primary">${t("Speichern", "Save")}</button>
    </div>
  </form>`;
}
