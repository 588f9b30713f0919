/** Short sentences about what just happened, read out politely and gone after a while. */
import { html, useEffect, useState } from "../html.js";

const STAYS_MS = 6000;

let shown = [];
let number = 0;
let redraw = () => {};

/** Say something to the reader: `text` is in their language already. */
export function notice(text) {
  const id = ++number;
  shown = [...shown.filter((each) => each.text !== text), { id, text }].slice(-3);
  redraw(id);
  setTimeout(() => {
    shown = shown.filter((each) => each.id !== id);
    redraw(-id);
  }, STAYS_MS);
}

/** Where notices appear. */
export function Notices() {
  const [, set] = useState(0);
  useEffect(() => {
    redraw = set;
  }, []);
  return html`<div class="sh-notices" role="status" aria-live="polite">
    ${shown.map(({ id, text }) => html`<p class="sh-notice" key=${id}>${text}</p>`)}
  </div>`;
}
