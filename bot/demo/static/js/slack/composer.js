/** Where one writes: Enter sends, Shift+Enter begins a line, @ and / offer hints, what was begun is kept. */
import { html, useId, useLayoutEffect, useRef, useState } from "../html.js";
import { Plus, Send } from "../icons.js";
import { known, ui } from "../store.js";
import { t } from "../words.js";
import { Avatar } from "./avatar.js";
import { deed } from "./deeds.js";
import { draftOf, keepDraft } from "./drafts.js";
import { hintsFor } from "./hints.js";
import { Menu } from "./menu.js";
import { DIRECT } from "./seen.js";

const TALLEST_PX = 180;

/** `channel`: an id, or null for the direct message with the app; `thread`: ts or null; `label` says whereto. */
export function Composer({ channel, thread = null, label, onEditLast }) {
  const key = `${ui().me}:${channel ?? DIRECT}:${thread ?? ""}`;
  const [text, setText] = useState(draftOf(key));
  const [hints, setHints] = useState(null);
  const [at, setAt] = useState(0);
  const field = useRef(null);
  const id = useId();

  useLayoutEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, TALLEST_PX)}px`;
  }, [text]);

  const write = (value, cursor = value.length) => {
    setText(value);
    keepDraft(key, value);
    const found = hintsFor(value, cursor);
    setHints(found);
    setAt(found?.isMeant ? 0 : -1);
  };
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    write("");
    if (await deed("slack.say", { channel, text: said, thread })) return;
    if (!draftOf(key)) {
      keepDraft(key, text);
      setText(text);
    }
  };
  const take = ({ insert }) => {
    const cursor = field.current.selectionStart;
    const value = text.slice(0, hints.from) + insert + text.slice(cursor);
    write(value, hints.from + insert.length);
    if (insert.endsWith(" ") && insert.startsWith("@")) setHints(null);
    field.current.focus();
    queueMicrotask(() => field.current.setSelectionRange(hints.from + insert.length, hints.from + insert.length));
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (hints && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const count = hints.items.length;
      setAt(event.key === "ArrowDown" ? (at + 1) % count : (at > 0 ? at : count) - 1);
    } else if (hints && event.key === "Tab" && !event.shiftKey) take(hints.items[Math.max(at, 0)]);
    else if (hints && event.key === "Enter" && !event.shiftKey && at >= 0) take(hints.items[at]);
    else if (hints && event.key === "Escape") setHints(null);
    else if (event.key === "Enter" && !event.shiftKey) send();
    else if (event.key === "ArrowUp" && !text && onEditLast) onEditLast();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shortcuts = known().slack.shortcuts.filter((each) => (each.type ?? "global") === "global");
  const items = shortcuts.map((each) => ({ label: each.name, onChoose: () => deed("slack.shortcut", { callback_id: each.callback_id }) }));
  return html`<form
    class="sl-composer"
    onSubmit=${(event) => {
      event.preventDefault();
      send();
    }}
  >
    ${hints &&
    html`<div class="sl-hints" role="listbox" id=${`${id}-hints`} aria-label=${t("Vorschläge", "Suggestions")}>
      ${hints.items.map(
        (item, index) => html`<div
          role="option" key=${item.key} id=${`${id}-${index}`} aria-selected=${index === at}
          class=${index === at ? "sl-option sl-option-at" : "sl-option"}
          onPointerDown=${(event) => event.preventDefault()} onClick=${() => take(item)}
        >
          ${item.user && html`<${Avatar} user=${item.user} size="sl-avatar-small" />`}<span>${item.label}</span><small>${item.description}</small>
        </div>`,
      )}
    </div>`}
    <div class="sl-composer-box">
      ${!thread && html`<${Menu} label=${t("Kurzbefehle", "Shortcuts")} icon=${Plus} items=${items} note=${t("Kurzbefehle", "Shortcuts")} />`}
      <textarea
        ref=${field} class="sl-composer-text" rows="1" value=${text} placeholder=${label} aria-label=${label}
        aria-autocomplete="list" aria-controls=${hints ? `${id}-hints` : undefined}
        aria-activedescendant=${hints && at >= 0 ? `${id}-${at}` : undefined}
        onInput=${({ target }) => write(target.value, target.selectionStart)} onKeyDown=${onKeyDown} onBlur=${() => setHints(null)}
      ></textarea>
      <button type="submit" class="sl-send" aria-label=${t("Senden", "Send")} title=${t("Senden (Enter)", "Send (Enter)")} aria-disabled=${!text.trim() || undefined}>
        <${Send} />
      </button>
    </div>
  </form>`;
}
