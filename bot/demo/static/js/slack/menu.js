/** A button that opens a menu. */
import { html, useLayoutEffect } from "../html.js";
import { usePopup } from "./popup.js";

/** `items`: [{label, description?, onChoose}]; the label is what the button says to those who don't see its icon. */
export function Menu({ label, icon, items, className = "sl-icon-button", note, isStop = true }) {
  const { open, setOpen, anchor, popup } = usePopup();
  useLayoutEffect(() => {
    if (open) popup.current.querySelector("[role=menuitem]")?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  const choose = (item) => {
    close();
    item.onChoose();
  };
  const onKeyDown = (event) => {
    const entries = [...popup.current.querySelectorAll("[role=menuitem]")];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") setOpen(false);
    else if (event.key === "Escape") close();
    else if (to !== undefined) entries.at(to % entries.length)?.focus();
    else return;
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="sl-menu">
    <button
      type="button" ref=${anchor} class=${className} aria-haspopup="menu" aria-expanded=${open} tabindex=${isStop ? 0 : -1} aria-label=${label} title=${label}
      onClick=${() => setOpen(!open)}
    ><${icon} /></button>
    ${open &&
    html`<div ref=${popup} popover="manual" class="sl-popup" onKeyDown=${onKeyDown}>
      ${note && html`<p class="sl-popup-note">${note}</p>`}
      <div role="menu" aria-label=${label}>
        ${items.map(
          (item) => html`<button type="button" role="menuitem" class="sl-option" tabindex="-1" onClick=${() => choose(item)}>
            <span>${item.label}</span>
            ${item.description && html`<small>${item.description}</small>`}
          </button>`,
        )}
      </div>
    </div>`}
  </span>`;
}
