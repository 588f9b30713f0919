/** Days and times: the browser's own fields, so that they can be picked and typed. */
import { html, useRef, useState } from "../html.js";
import { t } from "../words.js";
import { plainOf } from "./rich.js";
import { useControl } from "./surface.js";
import { localOf, secondsOf } from "./times.js";

const COMPLETE = /^(?:[1-9]\d{3}-\d\d-\d\d(?:T\d\d:\d\d)?|\d\d:\d\d)$/;

/**
 * A native field. While somebody types, its value changes with every digit ("2" is the year 2); so what was typed
 * counts with Enter or on leaving, what was picked counts at once.
 */
function NativeField({ type, value, label, field, dispatches, busy, send }) {
  const [typed, setTyped] = useState(null);
  const typing = useRef(false);
  const settle = () => {
    if (typed === null) return;
    if (typed === "" || COMPLETE.test(typed)) send(typed || null);
    setTyped(null);
    typing.current = false;
  };
  const onInput = ({ target }) => {
    if (dispatches && typing.current) setTyped(target.value);
    else if (target.value === "" || COMPLETE.test(target.value)) send(target.value || null);
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && typed !== null) {
      event.preventDefault();
      settle();
    } else if (event.key !== "Tab") typing.current = true;
  };
  const input = html`<input
    type=${type} class="sl-field sl-native" value=${typed ?? value ?? ""} aria-busy=${busy || undefined} ...${field}
    max=${type === "date" ? "9999-12-31" : undefined} onInput=${onInput} onKeyDown=${onKeyDown} onBlur=${settle}
    onPointerDown=${() => (typing.current = false)}
  />`;
  return field ? input : html`<label class="sl-labelled"><span>${label}</span>${input}</label>`;
}

/** datepicker */
export function DateField({ block, element, field }) {
  const control = useControl(block, element);
  const label = plainOf(element.placeholder) || t("Tag", "Day");
  return html`<${NativeField} type="date" label=${label} field=${field} ...${control} />`;
}

/** timepicker */
export function TimeField({ block, element, field }) {
  const control = useControl(block, element);
  const label = plainOf(element.placeholder) || t("Uhrzeit", "Time");
  return html`<${NativeField} type="time" label=${label} field=${field} ...${control} />`;
}

/** datetimepicker */
export function DateTimeField({ block, element, field }) {
  const { value, send, ...control } = useControl(block, element);
  const told = (local) => send(local && String(secondsOf(local)));
  const local = value === null ? null : localOf(Number(value));
  return html`<${NativeField} type="datetime-local" label=${t("Tag und Uhrzeit", "Day and time")} field=${field} ...${control} value=${local} send=${told} />`;
}
