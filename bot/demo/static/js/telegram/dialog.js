/** A window over the page, closed by Esc or a press beside it. */
import { html, useLayoutEffect, useRef } from "../html.js";

/** `label` names it for screen readers; focus goes back to where it was. */
export function Dialog({ label, kind, onClose, children }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const onClick = (event) => event.target === box.current && onClose();
  return html`<dialog ref=${box} class="tg-dialog tg-dialog-${kind}" aria-label=${label} onClose=${onClose} onClick=${onClick}>
    ${children}
  </dialog>`;
}
