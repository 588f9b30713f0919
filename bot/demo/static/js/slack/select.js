/** A pick list: a combobox without a text field, for one choice or several. */
import { html, useId, useLayoutEffect, useRef, useState } from "../html.js";
import { Check, Down } from "../icons.js";
import { t } from "../words.js";
import { usePopup } from "./popup.js";

const TYPING_MS = 700;

/**
 * `options`: [{value, label, description?, group?}]; `chosen`: values. `onChange` gets the values: at once for one
 * choice, when the list closes for several. `field` carries id, aria-label(ledby) and the like.
 */
export function Select({ options, chosen, several = false, most = Infinity, placeholder, field = {}, busy, onChange }) {
  const id = useId();
  const { open, setOpen, anchor, popup } = usePopup();
  const [at, setAt] = useState(0);
  const [marked, setMarked] = useState(chosen);
  const typed = useRef({ text: "", when: 0 });
  const values = several && open ? marked : chosen;

  useLayoutEffect(() => {
    if (open) popup.current.querySelector(`[id="${id}-${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [open, at]);

  const show = () => {
    if (busy) return;
    setMarked(chosen);
    setAt(Math.max(0, options.findIndex((option) => option.value === chosen[0])));
    setOpen(true);
  };
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    if (wasOpen.current && !open && several && String(marked) !== String(chosen)) onChange(marked);
    wasOpen.current = open;
  }, [open]);
  const pick = (option) => {
    if (!option) return;
    if (!several) {
      setOpen(false);
      onChange(option.value === null ? [] : [option.value]);
    } else if (marked.includes(option.value)) setMarked(marked.filter((value) => value !== option.value));
    else if (marked.length < most) setMarked([...marked, option.value]);
  };
  const seek = (key) => {
    const now = Date.now();
    const text = (now - typed.current.when < TYPING_MS ? typed.current.text : "") + key.toLowerCase();
    typed.current = { text, when: now };
    const found = options.findIndex((option) => option.label.toLowerCase().startsWith(text));
    if (found >= 0) setAt(found);
  };
  const onKeyDown = (event) => {
    const last = options.length - 1;
    const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
    const typing = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Tab") return setOpen(false);
    if (!open && (event.key === "Enter" || event.key === " " || to !== undefined)) show();
    else if (!open && typing) {
      show();
      seek(event.key);
    } else if (!open) return undefined;
    else if (to !== undefined) setAt(to);
    else if (event.key === "Enter" || event.key === " ") pick(options[at]);
    else if (event.key === "Escape") setOpen(false);
    else if (typing) seek(event.key);
    else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  };
  const shown = options.filter((option) => values.includes(option.value)).map((option) => option.label);
  return html`<span class="sl-select">
    <button
      type="button" role="combobox" ref=${anchor} class="sl-field sl-select-button" ...${field}
      aria-haspopup="listbox" aria-expanded=${open} aria-controls=${open ? `${id}-list` : undefined}
      aria-activedescendant=${open ? `${id}-${at}` : undefined} aria-busy=${busy || undefined}
      onClick=${() => (open ? setOpen(false) : show())} onKeyDown=${onKeyDown}
    >
      <span class=${shown.length ? "sl-chosen" : "sl-placeholder"}>${shown.join(", ") || placeholder}</span>
      <${Down} size=${14} />
    </button>
    ${open &&
    html`<div ref=${popup} popover="manual" class="sl-popup">
      <div role="listbox" id=${`${id}-list`} aria-label=${field["aria-label"] ?? placeholder} aria-multiselectable=${several || undefined}>
        ${options.map(
          (option, index) => html`${option.group && option.group !== options[index - 1]?.group
              ? html`<div class="sl-option-group" role="presentation">${option.group}</div>`
              : null}
            <div
              role="option" id=${`${id}-${index}`} key=${option.value} aria-selected=${values.includes(option.value)}
              class=${index === at ? "sl-option sl-option-at" : "sl-option"}
              onPointerDown=${(event) => event.preventDefault()} onPointerMove=${() => at !== index && setAt(index)}
              onClick=${() => pick(option)}
            >
              <span>${option.label}</span>
              ${values.includes(option.value) && html`<${Check} size=${16} />`}
              ${option.description && html`<small>${option.description}</small>`}
            </div>`,
        )}
        ${!options.length && html`<div class="sl-popup-note">${t("Hier gibt es nichts zu wählen.", "There is nothing to choose here.")}</div>`}
      </div>
    </div>`}
  </span>`;
}
