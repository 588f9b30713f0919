/** A dialog over the pane: the focus stays in it and returns to where it came from. */
import { html, useLayoutEffect, useRef } from "../html.js";

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex='0']";

/** What can have the focus in an element, and is shown. */
const focusable = (element) => [...element.querySelectorAll(FOCUSABLE)].filter((each) => each.tabIndex >= 0 && each.checkVisibility());

/** `first`: a selector for what gets the focus; otherwise the first field, or the first button. */
export function Dialog({ label, role = "dialog", className = "", first, onEscape, children }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const entry = box.current.querySelector(first ?? ".sl-dialog-body .sl-field, .sl-dialog-body input, .sl-dialog-foot button");
    (entry ?? focusable(box.current)[0] ?? box.current).focus();
    return () => setTimeout(() => giveBack(before));
  }, []);
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onEscape();
    }
    if (event.key !== "Tab") return;
    const stops = focusable(box.current);
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement !== edge && box.current.contains(document.activeElement)) return;
    event.preventDefault();
    other?.focus();
  };
  return html`<div class="sl-cover">
    <div ref=${box} class=${`sl-dialog ${className}`} role=${role} aria-modal="true" aria-label=${label} tabindex="-1" onKeyDown=${onKeyDown}>
      ${children}
    </div>
  </div>`;
}

function giveBack(before) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const target = before?.isConnected && before !== document.body ? before : document.querySelector(".sl-main .sl-composer-text");
  target?.focus();
}
