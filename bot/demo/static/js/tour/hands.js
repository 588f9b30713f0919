/** What "do it for me" does: it types and presses on the page, as the reader would. */
const A_LETTER_MS = 22;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Type into a field, letter by letter, in place of what stands there. */
export async function type(field, text) {
  field.focus({ preventScroll: true });
  for (let end = calm.matches ? text.length : 1; end <= text.length; end++) {
    put(field, text.slice(0, end));
    await pause(A_LETTER_MS);
  }
}

/** Type a message and send it. */
export async function say(field, text) {
  await type(field, text);
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
}

/** Set a field as typing would: the page hears of it. */
export function put(field, value) {
  const kind = { TEXTAREA: HTMLTextAreaElement, SELECT: HTMLSelectElement }[field.tagName] ?? HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
