/** Fields for texts, numbers and addresses. */
import { html } from "../html.js";
import { t } from "../words.js";
import { plainOf } from "./rich.js";
import { useControl } from "./surface.js";

const TYPES = {
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
  number_input: { type: "text", inputmode: "decimal" },
};
const NEAR_THE_END = 0.8;

/** plain_text_input, email_text_input, url_text_input, number_input. */
export function TextField({ block, element, field }) {
  const { value, dispatches, put, send } = useControl(block, element);
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const told = (moment) => dispatches && when.includes(moment);
  const onInput = ({ target }) => (told("on_character_entered") ? send(target.value) : put(target.value));
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.isComposing || (element.multiline && event.shiftKey)) return;
    if (!told("on_enter_pressed")) return;
    event.preventDefault();
    send(event.target.value);
  };
  const placeholder = plainOf(element.placeholder) || undefined;
  const shared = {
    class: "sl-field",
    value: value ?? "",
    placeholder,
    maxlength: element.max_length,
    "aria-label": placeholder,
    ...field,
    onInput,
    onKeyDown,
  };
  const left = (element.max_length ?? Infinity) - (value?.length ?? 0);
  const isLong = left < element.max_length * (1 - NEAR_THE_END);
  return html`<span class="sl-typed">
    ${element.multiline ? html`<textarea rows="4" ...${shared}></textarea>` : html`<input type="text" ...${TYPES[element.type]} ...${shared} />`}
    ${isLong && html`<small class="sl-left">${t(`Noch ${left} Zeichen`, `${left} characters left`)}</small>`}
  </span>`;
}
