/** A button that opens a panel under it: any controls in it; Escape, a click elsewhere or leaving it closes it. */
import { html, useEffect, useRef, useState } from "../html.js";
import { Down } from "../icons.js";

/**
 * @param label What the button says to screen readers before `face`, what it shows.
 * @param side "left" or "right": the edge of the button that the panel keeps to.
 * @param children A function of `close`, returning the panel's content.
 */
export function Menu({ label, face, side = "left", name = "", arrow = true, children }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const button = useRef(null);
  const close = () => {
    if (root.current?.contains(document.activeElement)) button.current?.focus();
    setOpen(false);
  };
  useEffect(() => {
    if (!open) return undefined;
    const elsewhere = ({ target }) => root.current?.contains(target) || setOpen(false);
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    close();
  };
  const onFocusOut = ({ relatedTarget }) => relatedTarget && !root.current.contains(relatedTarget) && setOpen(false);
  return html`<div class=${`sh-menu sh-menu-${name}`} ref=${root} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <button type="button" class="sh-button" ref=${button} aria-expanded=${open} title=${label}
      onClick=${() => (open ? close() : setOpen(true))}>
      <span class="hidden">${label}${" "}</span>${face}${arrow && html`<${Down} size=${14} />`}
    </button>
    ${open && html`<div class=${`sh-panel sh-panel-${side}`} role="group" aria-label=${label}>${children(close)}</div>`}
  </div>`;
}
